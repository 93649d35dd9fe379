import type {
  ChatMessage,
  Params,
  PeerId,
  PeerInfo,
  ProducerId,
  RoomEvent,
  RoomSnapshot,
  TrackInfo,
  TrackSource,
} from '@parley/protocol';
import type { Notices } from './notices.ts';
import type { CallPeer, CallState, RemoteTrack } from './types.ts';

const KEEP_MESSAGES = 500;
/** Louder than this (dBov) counts as speaking. */
const SPEAKING_DBOV = -50;
/** A pause between two words is not the end of speaking. */
const SPEAKING_HOLD_MS = 700;

type RosterState = Pick<CallState, 'peers' | 'messages' | 'unread' | 'selfId' | 'activeSpeakerId'>;

/** Who is there and what was said: the snapshot, then every event in the order of its number. */
export class Roster {
  readonly #state: RosterState;
  readonly #notices: Notices;
  /** The reactive objects inside `state.peers`, so that a message about one peer costs nothing for the others. */
  readonly #byId = new Map<PeerId, CallPeer>();
  readonly #audible = new Set<PeerId>();
  readonly #spokeAt = new Map<PeerId, number>();
  #sweep: ReturnType<typeof setTimeout> | undefined;
  #seq = -1;
  #chatSeen = false;
  #lastChatId: string | null = null;
  #everJoined = false;

  constructor(state: RosterState, notices: Notices) {
    this.#state = state;
    this.#notices = notices;
  }

  get seq(): number {
    return this.#seq;
  }

  peer(id: PeerId): CallPeer | undefined {
    return this.#byId.get(id);
  }

  reset(): void {
    this.#byId.clear();
    this.#audible.clear();
    this.#spokeAt.clear();
    clearTimeout(this.#sweep);
    this.#seq = -1;
    this.#lastChatId = null;
    this.#everJoined = false;
    this.#state.peers = [];
    this.#state.messages = [];
    this.#state.unread = 0;
    this.#state.activeSpeakerId = null;
  }

  /** Takes the snapshot that came with `join`; people who were there before keep their place and their objects' levels. */
  load(snapshot: RoomSnapshot, self: PeerInfo): void {
    const old = new Map(this.#byId);
    this.#byId.clear();
    this.#spokeAt.clear();
    this.#seq = snapshot.seq;
    const known = snapshot.peers.find((peer) => peer.id === self.id) ?? self;
    const others = snapshot.peers.filter((peer) => peer.id !== self.id);
    const oldSelf = old.get(self.id);
    this.#state.peers = [
      // What is published of ourselves is known here first: the publisher says so through `setSelfTrack`.
      {
        ...fresh(known, true),
        microphone: null,
        camera: oldSelf?.camera ?? null,
        screen: oldSelf?.screen ?? null,
      },
      ...others.map((peer) => ({ ...fresh(peer, false), quality: old.get(peer.id)?.quality ?? 'good' })),
    ];
    for (const peer of this.#state.peers) this.#byId.set(peer.id, peer);
    this.#loadChat(snapshot.chat);
    this.#everJoined = true;
  }

  /**
   * Applies a batch of events. Returns false when one is missing: the present state can then not be trusted and a new
   * snapshot is needed.
   */
  apply({ seq, events }: Params<'roomEvents'>): boolean {
    const first = seq - events.length + 1;
    if (first > this.#seq + 1) return false;
    // Already part of the snapshot or of an earlier batch.
    const fresh = events.slice(this.#seq + 1 - first);
    for (const event of fresh) this.#applyOne(event);
    this.#seq = Math.max(this.#seq, seq);
    return true;
  }

  setSelfTrack(source: TrackSource, track: Omit<RemoteTrack, 'source'> | null): void {
    const self = this.#state.selfId && this.#byId.get(this.#state.selfId);
    if (!self || source === 'screenAudio') return;
    const known = self[source];
    if (known?.producerId === track?.producerId && known?.paused === track?.paused) return;
    self[source] = track ? { source, ...track } : null;
  }

  setLevels({ levels }: Params<'audioLevels'>): void {
    const now = Date.now();
    const heard = new Set<PeerId>();
    for (const { peerId, volume } of levels) {
      const peer = this.#byId.get(peerId);
      if (!peer) continue;
      heard.add(peerId);
      if (volume > SPEAKING_DBOV) this.#spokeAt.set(peerId, now);
      if (!peer.self) peer.level = levelOf(volume);
      this.#audible.add(peerId);
    }
    for (const peerId of this.#audible) {
      if (heard.has(peerId)) continue;
      this.#audible.delete(peerId);
      const peer = this.#byId.get(peerId);
      if (peer && !peer.self) peer.level = 0;
    }
    this.#markSpeaking();
  }

  setSelfLevel(level: number): void {
    const self = this.#state.selfId && this.#byId.get(this.#state.selfId);
    if (self && self.level !== level) self.level = level;
  }

  setQualities({ qualities }: Params<'peerQualities'>): void {
    for (const { peerId, quality } of qualities) {
      const peer = this.#byId.get(peerId);
      if (peer) peer.quality = quality;
    }
  }

  setActiveSpeaker({ peerId }: Params<'activeSpeaker'>): void {
    this.#state.activeSpeakerId = peerId;
  }

  setChatSeen(seen: boolean): void {
    this.#chatSeen = seen;
    if (seen) this.#state.unread = 0;
  }

  /** Sets the marks of the few who spoke lately, and comes back by itself when the last of them falls silent. */
  #markSpeaking(): void {
    const now = Date.now();
    for (const [peerId, at] of this.#spokeAt) {
      const peer = this.#byId.get(peerId);
      const speaking = peer !== undefined && now - at < SPEAKING_HOLD_MS;
      if (peer) peer.speaking = speaking;
      if (!speaking) this.#spokeAt.delete(peerId);
    }
    clearTimeout(this.#sweep);
    if (this.#spokeAt.size > 0) this.#sweep = setTimeout(() => this.#markSpeaking(), SPEAKING_HOLD_MS);
  }

  #applyOne(event: RoomEvent): void {
    switch (event.type) {
      case 'peerJoined': {
        const known = this.#byId.get(event.peer.id);
        if (known?.self) {
          known.name = event.peer.name;
          return;
        }
        if (known) {
          Object.assign(known, fresh(event.peer, false));
          return;
        }
        this.#state.peers.push(fresh(event.peer, false));
        // Read back: what the array gives is the reactive object, what was pushed is not.
        this.#byId.set(event.peer.id, this.#state.peers[this.#state.peers.length - 1]!);
        this.#notices.add({ kind: 'joined', name: event.peer.name });
        return;
      }
      case 'peerLeft':
        return this.#left(event.peerId);
      case 'peerRenamed': {
        const peer = this.#byId.get(event.peerId);
        if (peer) peer.name = event.name;
        return;
      }
      case 'trackAdded':
        return this.#trackAdded(event.peerId, event.track);
      case 'trackPaused':
        return this.#trackPaused(event.peerId, event.producerId, true);
      case 'trackResumed':
        return this.#trackPaused(event.peerId, event.producerId, false);
      case 'trackRemoved':
        return this.#trackRemoved(event.peerId, event.producerId);
      case 'chatAdded':
        return this.#chatAdded(event.message);
    }
  }

  #left(peerId: PeerId): void {
    const peer = this.#byId.get(peerId);
    if (!peer || peer.self) return;
    this.#byId.delete(peerId);
    this.#audible.delete(peerId);
    this.#spokeAt.delete(peerId);
    const index = this.#state.peers.findIndex(({ id }) => id === peerId);
    if (index >= 0) this.#state.peers.splice(index, 1);
    if (this.#state.activeSpeakerId === peerId) this.#state.activeSpeakerId = null;
    this.#notices.add({ kind: 'left', name: peer.name });
  }

  #trackAdded(peerId: PeerId, track: TrackInfo): void {
    const peer = this.#byId.get(peerId);
    if (!peer || peer.self || track.source === 'screenAudio') return;
    if (track.source === 'screen' && !peer.screen) this.#notices.add({ kind: 'sharing', name: peer.name });
    peer[track.source] = remote(track);
  }

  #trackPaused(peerId: PeerId, producerId: ProducerId, paused: boolean): void {
    const peer = this.#byId.get(peerId);
    if (!peer || peer.self) return;
    for (const track of [peer.microphone, peer.camera, peer.screen]) {
      if (track?.producerId === producerId) track.paused = paused;
    }
  }

  #trackRemoved(peerId: PeerId, producerId: ProducerId): void {
    const peer = this.#byId.get(peerId);
    if (!peer || peer.self) return;
    for (const source of ['microphone', 'camera', 'screen'] as const) {
      if (peer[source]?.producerId !== producerId) continue;
      peer[source] = null;
      if (source === 'screen') this.#notices.add({ kind: 'sharingEnded', name: peer.name });
    }
  }

  #loadChat(chat: ChatMessage[]): void {
    const seenUpTo = chat.findIndex(({ id }) => id === this.#lastChatId);
    const news = this.#everJoined ? chat.slice(seenUpTo + 1) : [];
    this.#state.messages = chat.map((message) => ({
      ...message,
      self: message.peerId === this.#state.selfId,
    }));
    this.#lastChatId = chat.at(-1)?.id ?? null;
    if (!this.#chatSeen)
      this.#state.unread += news.filter(({ peerId }) => peerId !== this.#state.selfId).length;
  }

  #chatAdded(message: ChatMessage): void {
    const self = message.peerId === this.#state.selfId;
    this.#state.messages.push({ ...message, self });
    if (this.#state.messages.length > KEEP_MESSAGES) this.#state.messages.shift();
    this.#lastChatId = message.id;
    if (!self && !this.#chatSeen) this.#state.unread += 1;
  }
}

function fresh(info: PeerInfo, self: boolean): CallPeer {
  const track = (source: TrackSource): RemoteTrack | null => {
    const found = self ? undefined : info.tracks.find((candidate) => candidate.source === source);
    return found ? remote(found) : null;
  };
  return {
    id: info.id,
    name: info.name,
    role: info.role,
    device: info.device,
    joinedAt: info.joinedAt,
    self,
    microphone: track('microphone'),
    camera: track('camera'),
    screen: track('screen'),
    level: 0,
    speaking: false,
    quality: 'good',
  };
}

function remote({ source, producerId, paused }: TrackInfo): RemoteTrack {
  return { source, producerId, paused };
}

/** -70 dBov and less is silence, -10 dBov is loud; two decimals, so that tiny changes change nothing on the screen. */
function levelOf(volume: number): number {
  return Math.round(Math.min(1, Math.max(0, (volume + 70) / 60)) * 100) / 100;
}
