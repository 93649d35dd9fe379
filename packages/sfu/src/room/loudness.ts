import type { PeerId, ProducerId } from '@parley/protocol';
import { broadcastOf } from './broadcast.ts';
import type { Peer } from './peer.ts';
import type { Broadcast, RoomMedia } from './ports.ts';

/** Who speaks and how loud, from the observers of the router to everybody. O(people) sends of one text a tick. */
export class Loudness {
  readonly #room: { peers(): Iterable<Peer> };
  readonly #owners = new Map<ProducerId, Peer>();
  #media: RoomMedia | null = null;
  #speaker: PeerId | null = null;
  #silent = true;

  constructor(room: { peers(): Iterable<Peer> }) {
    this.#room = room;
  }

  listen(media: RoomMedia): void {
    this.#media = media;
    media.onActiveSpeaker = (producerId) => {
      const peer = producerId === null ? null : this.#owners.get(producerId);
      if (peer !== undefined) this.#announce(peer?.id ?? null);
    };
    media.onAudioLevels = (levels) => {
      const heard = levels.flatMap(({ producerId, volume }) => {
        const peer = this.#owners.get(producerId);
        return peer ? [{ peerId: peer.id, volume }] : [];
      });
      if (heard.length === 0 && this.#silent) return;
      this.#silent = heard.length === 0;
      this.#tell(broadcastOf('audioLevels', { levels: heard }));
    };
  }

  own(producerId: ProducerId, peer: Peer): void {
    this.#owners.set(producerId, peer);
  }

  disown(producerId: ProducerId): void {
    const owner = this.#owners.get(producerId);
    this.#owners.delete(producerId);
    if (owner && owner.id === this.#speaker) this.#announce(null);
  }

  forget(peer: Peer): void {
    for (const [producerId, owner] of this.#owners) {
      if (owner === peer) this.disown(producerId);
    }
  }

  /** For somebody who has just come in. */
  get speaker(): PeerId | null {
    return this.#speaker;
  }

  stop(): void {
    if (this.#media) {
      this.#media.onActiveSpeaker = null;
      this.#media.onAudioLevels = null;
    }
    this.#owners.clear();
  }

  #announce(peerId: PeerId | null): void {
    if (peerId === this.#speaker) return;
    this.#speaker = peerId;
    this.#tell(broadcastOf('activeSpeaker', { peerId }));
  }

  #tell(message: Broadcast): void {
    for (const peer of this.#room.peers()) peer.link.broadcast(message);
  }
}
