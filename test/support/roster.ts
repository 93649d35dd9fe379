import type { ChatMessage, Params, PeerId, PeerInfo, RoomSnapshot } from '@parley/protocol';

/** The state of a meeting as a client rebuilds it from snapshot and events; notes each gap and each repetition. */
export class Roster {
  readonly problems: string[] = [];
  readonly peers = new Map<PeerId, PeerInfo>();
  readonly chat: ChatMessage[] = [];
  #seq: number | null = null;

  get seq(): number | null {
    return this.#seq;
  }

  start(snapshot: RoomSnapshot): void {
    if (this.#seq !== null) this.problems.push('a second snapshot');
    this.#seq = snapshot.seq;
    for (const peer of snapshot.peers) this.peers.set(peer.id, structuredClone(peer));
    this.chat.push(...snapshot.chat);
  }

  apply({ seq, events }: Params<'roomEvents'>): void {
    if (this.#seq === null) {
      this.problems.push(`events up to ${seq} before the snapshot`);
      return;
    }
    const first = seq - events.length + 1;
    if (first !== this.#seq + 1) this.problems.push(`${first} follows ${this.#seq}`);
    this.#seq = seq;
    for (const event of events) this.#apply(event);
  }

  names(): string[] {
    return [...this.peers.values()].map(({ name }) => name).sort();
  }

  /** Plain form for comparing two of them. */
  state(): unknown {
    return { seq: this.#seq, peers: [...this.peers.values()], chat: this.chat };
  }

  #apply(event: Params<'roomEvents'>['events'][number]): void {
    if (event.type === 'chatAdded') {
      this.chat.push(event.message);
      return;
    }
    if (event.type === 'peerJoined') {
      if (this.peers.has(event.peer.id)) this.problems.push(`${event.peer.id} joined twice`);
      this.peers.set(event.peer.id, structuredClone(event.peer));
      return;
    }
    const peer = this.peers.get(event.peerId);
    if (!peer) {
      this.problems.push(`${event.type} of ${event.peerId}, who is not there`);
      return;
    }
    if (event.type === 'peerLeft') {
      this.peers.delete(event.peerId);
    } else if (event.type === 'peerRenamed') {
      peer.name = event.name;
    } else if (event.type === 'trackAdded') {
      peer.tracks.push({ ...event.track });
    } else {
      const track = peer.tracks.find(({ producerId }) => producerId === event.producerId);
      if (!track) this.problems.push(`${event.type} of an unknown track`);
      else if (event.type === 'trackRemoved') peer.tracks = peer.tracks.filter((other) => other !== track);
      else track.paused = event.type === 'trackPaused';
    }
  }
}
