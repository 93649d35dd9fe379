import type {
  ChatId,
  DeviceKind,
  LeaveReason,
  MediaOffer,
  PeerId,
  Params,
  Role,
  RoomSlug,
  RoomSnapshot,
  RtpCapabilities,
} from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock, Logger } from '../runtime.ts';
import { Chat } from './chat.ts';
import { Journal } from './journal.ts';
import { Peer } from './peer.ts';
import type { PeerMedia } from './peer.ts';
import type { MediaHost, MediaTransport, PeerLink, RoomMedia } from './ports.ts';
import { Loudness } from './loudness.ts';
import { Subscriptions } from './subscriptions.ts';
import type { RoomView } from './subscriptions.ts';

export interface RoomDeps {
  readonly host: MediaHost;
  readonly logger: Logger;
  readonly now: Clock;
  readonly newId: () => string;
  readonly maxPeers: number;
  /** How long somebody whose socket was lost keeps the tile and the media, in milliseconds. */
  readonly patienceMs: number;
}

export interface JoinOptions {
  readonly id: PeerId;
  readonly role: Role;
  readonly name: string;
  readonly device: DeviceKind;
  readonly rtpCapabilities: RtpCapabilities;
  readonly view: Params<'join'>['view'];
  readonly link: PeerLink;
}

export interface Joined {
  readonly peer: Peer;
  readonly snapshot: RoomSnapshot;
  readonly media: MediaOffer;
}

/**
 * A meeting. Owns all its state; every change of it is synchronous and ends in the journal, effects follow. Tracks are
 * the business of `tracks.ts`, who receives what of `subscriptions.ts`.
 */
export class Room implements RoomView {
  readonly slug: RoomSlug;
  readonly logger: Logger;
  readonly journal: Journal;
  readonly deps: RoomDeps;
  readonly #chat: Chat;
  readonly #peers = new Map<PeerId, Peer>();
  readonly #patience = new Map<PeerId, NodeJS.Timeout>();
  readonly loudness: Loudness;
  #media: RoomMedia | null = null;
  #opening: Promise<RoomMedia> | null = null;
  #epoch = 0;
  #closed = false;
  /** Told once, when the last person has gone or the server closes it. */
  onEmpty: (() => void) | null = null;

  constructor(slug: RoomSlug, deps: RoomDeps) {
    this.slug = slug;
    this.deps = deps;
    this.logger = deps.logger.child({ slug });
    this.#chat = new Chat(deps.now, deps.newId);
    this.journal = new Journal(() => this.#peers.values());
    this.loudness = new Loudness(this);
  }

  get epoch(): number {
    return this.#epoch;
  }

  get size(): number {
    return this.#peers.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get full(): boolean {
    return this.#peers.size >= this.deps.maxPeers;
  }

  peers(): Iterable<Peer> {
    return this.#peers.values();
  }

  peer(id: PeerId): Peer | undefined {
    return this.#peers.get(id);
  }

  /** The router, made on first use; everybody who asks meanwhile waits for the same one. @throws MEDIA_UNAVAILABLE */
  media(): Promise<RoomMedia> {
    if (this.#closed) return Promise.reject(new ParleyError('MEETING_ENDED'));
    if (this.#media && !this.#media.closed) return Promise.resolve(this.#media);
    this.#opening ??= this.deps.host
      .openRoom(this.slug)
      .then((media) => {
        if (this.#closed) {
          media.close();
          throw new ParleyError('MEETING_ENDED');
        }
        this.#media = media;
        media.onDied = () => void this.#rebuildMedia();
        this.loudness.listen(media);
        return media;
      })
      .finally(() => {
        this.#opening = null;
      });
    return this.#opening;
  }

  /**
   * Adds a peer. Transports are made first; then, in one step without `await`, the peer is added, the snapshot taken and
   * the flow of events begun. A peer that is in already is replaced and keeps its place in the order.
   * @throws ParleyError MEETING_FULL, MEETING_ENDED, MEDIA_UNAVAILABLE
   */
  async join(options: JoinOptions): Promise<Joined> {
    const { epoch, media, transports } = await this.#makeTransports();
    const discard = () => {
      transports.send.close();
      transports.recv.close();
    };
    if (this.#closed) {
      discard();
      throw new ParleyError('MEETING_ENDED');
    }
    if (epoch !== this.#epoch || media.closed) {
      discard();
      return this.join(options);
    }
    const earlier = this.#peers.get(options.id);
    if (!earlier && this.full) {
      discard();
      throw new ParleyError('MEETING_FULL');
    }

    const peer = new Peer({ ...options, joinedAt: earlier?.joinedAt ?? this.deps.now() });
    peer.subscriptions = new Subscriptions(peer, this);
    if (options.view) peer.subscriptions.expect(options.view.tiles, options.view);
    if (earlier) this.#replace(earlier, peer);
    else this.journal.add({ type: 'peerJoined', peer: peer.info() });
    this.journal.flush();
    this.#peers.set(peer.id, peer);
    this.#adopt(peer, transports);
    const snapshot: RoomSnapshot = {
      seq: this.journal.seq,
      peers: [...this.#peers.values()].map((other) => other.info()),
      chat: this.#chat.history(),
    };
    this.logger.info({ peerId: peer.id, people: this.#peers.size, again: Boolean(earlier) }, 'peer joined');
    // Not in this turn: the reply to `join` must be on the wire before the first `newConsumer`.
    setImmediate(() => peer.subscriptions.poke());
    return { peer, snapshot, media: this.#offer(transports) };
  }

  /** Takes a peer out. Idempotent; a peer that was replaced in between is left alone. */
  leave(peer: Peer, reason: LeaveReason): void {
    if (peer.closed || this.#peers.get(peer.id) !== peer) return;
    this.#forgetPatience(peer.id);
    this.#peers.delete(peer.id);
    this.#shut(peer);
    this.journal.add({ type: 'peerLeft', peerId: peer.id, reason });
    this.logger.info({ peerId: peer.id, people: this.#peers.size, reason }, 'peer left');
    if (this.#peers.size === 0) this.onEmpty?.();
  }

  /** The socket is gone without a word: tile and media stay for a while, so that a short loss is not a leave. */
  lose(peer: Peer): void {
    if (peer.closed || !peer.connected || this.#peers.get(peer.id) !== peer) return;
    peer.connected = false;
    const timer = setTimeout(() => this.leave(peer, 'connectionLost'), this.deps.patienceMs);
    timer.unref();
    this.#patience.set(peer.id, timer);
  }

  rename(peer: Peer, name: string): void {
    if (peer.name === name) return;
    peer.name = name;
    this.journal.add({ type: 'peerRenamed', peerId: peer.id, name });
  }

  say(peer: Peer, text: string): ChatId {
    const message = this.#chat.add(peer, text);
    this.journal.add({ type: 'chatAdded', message });
    return message.id;
  }

  /** Tracks have changed: everybody else looks again at what it should receive. O(people). */
  tracksChanged(owner: Peer): void {
    for (const peer of this.#peers.values()) {
      if (peer !== owner) peer.subscriptions.poke();
    }
  }

  /** Makes a new transport in place of the one of this direction; what was on that one ends with it. */
  async addTransport(peer: Peer, direction: 'send' | 'recv'): Promise<MediaTransport> {
    const media = await this.media();
    const transport = await media.createTransport(direction);
    if (peer.closed || media.closed || !peer.media) {
      transport.close();
      throw new ParleyError(peer.closed ? 'CLOSED' : 'STALE_EPOCH');
    }
    const old = peer.media[direction];
    peer.transports.delete(old.id);
    peer.transports.set(transport.id, { direction, transport });
    peer.media = { ...peer.media, [direction]: transport };
    if (direction === 'recv') {
      peer.subscriptions.reset();
      setImmediate(() => peer.subscriptions.poke());
    } else {
      this.#dropTracks(peer);
      this.tracksChanged(peer);
    }
    old.close();
    return transport;
  }

  /** Ends the meeting for everybody. */
  close(error: ParleyError, retryAfterMs: number | null): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const peer of [...this.#peers.values()]) {
      this.#forgetPatience(peer.id);
      this.#shut(peer);
      peer.link.close(error, retryAfterMs);
    }
    this.#peers.clear();
    this.loudness.stop();
    this.#media?.close();
    this.#media = null;
  }

  async #makeTransports(): Promise<{ epoch: number; media: RoomMedia; transports: PeerMedia }> {
    const media = await this.media();
    const epoch = this.#epoch;
    const [send, recv] = await Promise.all([media.createTransport('send'), media.createTransport('recv')]);
    return { epoch, media, transports: { send, recv } };
  }

  #adopt(peer: Peer, transports: PeerMedia): void {
    peer.media = transports;
    peer.transports.set(transports.send.id, { direction: 'send', transport: transports.send });
    peer.transports.set(transports.recv.id, { direction: 'recv', transport: transports.recv });
  }

  #offer({ send, recv }: PeerMedia): MediaOffer {
    return { epoch: this.#epoch, sendTransport: send.options, recvTransport: recv.options };
  }

  #replace(earlier: Peer, peer: Peer): void {
    this.#forgetPatience(earlier.id);
    this.#dropTracks(earlier);
    this.#shut(earlier);
    if (earlier.connected) earlier.link.close(new ParleyError('REPLACED'), null);
    if (earlier.name !== peer.name)
      this.journal.add({ type: 'peerRenamed', peerId: peer.id, name: peer.name });
  }

  /** The tracks of a peer have lost their media: everybody is told, the objects are closed by who closes the transport. */
  #dropTracks(peer: Peer): void {
    for (const producerId of peer.tracks.keys()) {
      this.journal.add({ type: 'trackRemoved', peerId: peer.id, producerId });
    }
    peer.tracks.clear();
    this.loudness.forget(peer);
  }

  #shut(peer: Peer): void {
    peer.closed = true;
    peer.subscriptions.stop();
    peer.closeMedia();
    this.loudness.forget(peer);
  }

  #forgetPatience(id: PeerId): void {
    clearTimeout(this.#patience.get(id));
    this.#patience.delete(id);
  }

  /** The worker died: same seats, same roster, same chat; new router, new transports, next epoch. */
  async #rebuildMedia(): Promise<void> {
    this.#media = null;
    this.#epoch += 1;
    const epoch = this.#epoch;
    this.logger.warn({ epoch, people: this.#peers.size }, 'media lost, rebuilding');
    for (const peer of this.#peers.values()) {
      this.#dropTracks(peer);
      peer.closeMedia();
    }
    for (let attempt = 0; !this.#closed && epoch === this.#epoch; attempt += 1) {
      try {
        await this.media();
        await Promise.all([...this.#peers.values()].map((peer) => this.#resetPeer(peer, epoch)));
        return;
      } catch (error) {
        this.logger.error({ err: error, attempt }, 'media cannot be rebuilt yet');
        await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 250, 5000)).unref());
      }
    }
  }

  async #resetPeer(peer: Peer, epoch: number): Promise<void> {
    if (peer.media) return;
    const { transports, media } = await this.#makeTransports();
    if (peer.closed || epoch !== this.#epoch || media.closed || peer.media) {
      transports.send.close();
      transports.recv.close();
      return;
    }
    this.#adopt(peer, transports);
    peer.link.notify('mediaReset', this.#offer(transports));
    setImmediate(() => peer.subscriptions.poke());
  }
}
