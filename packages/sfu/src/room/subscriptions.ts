import type { ConsumerId, PeerId, ProducerId, TileView, VideoSource } from '@parley/protocol';
import { Reconciler } from '../lib/reconciler.ts';
import type { Logger } from '../runtime.ts';
import type { Peer, Track } from './peer.ts';
import { layersFor, priorityFor } from './layers.ts';
import type { TileSize } from './layers.ts';
import type { MediaConsumer } from './ports.ts';

/** Consumers that are kept paused for tiles that may be shown again soon (a hidden page, a turned page). */
const MAX_PARKED = 24;

/** What the subscriptions of a peer need to know about the meeting around it. */
export interface RoomView {
  readonly epoch: number;
  readonly logger: Logger;
  peers(): Iterable<Peer>;
  peer(id: PeerId): Peer | undefined;
}

interface Wanted {
  readonly owner: Peer;
  readonly track: Track;
  readonly tile: TileSize | null;
}

interface Held {
  readonly consumer: MediaConsumer;
  /** The client has its receiver and DTLS is up: layers and resume have an effect from here on. */
  ready: boolean;
  /** Not shown at the moment: paused, costs no bandwidth, and is back with one key frame. */
  parked: boolean;
  appliedLayers: string;
  appliedPriority: number;
}

/**
 * Who receives what: the sound of everybody, and the pictures of the tiles that the client says it shows. Desired state
 * and reconcile. One pass costs O(tiles + people with a microphone); a change of somebody's track pokes each peer once.
 */
export class Subscriptions {
  readonly #self: Peer;
  readonly #room: RoomView;
  readonly #held = new Map<ProducerId, Held>();
  readonly #byId = new Map<ConsumerId, Held>();
  /** Producers that this client cannot decode: not tried again while they are wanted. */
  readonly #undecodable = new Set<ProducerId>();
  readonly #reconciler: Reconciler;
  #tiles = new Map<string, TileSize>();
  /** Cameras that are shown before the client has reported its first view. */
  #initial: { tiles: number; size: TileSize } | null = null;

  constructor(self: Peer, room: RoomView) {
    this.#self = self;
    this.#room = room;
    this.#reconciler = new Reconciler(
      () => this.#pass(),
      (error) => room.logger.warn({ err: error, peerId: self.id }, 'subscription pass failed'),
    );
  }

  get size(): number {
    return this.#held.size;
  }

  consumer(id: ConsumerId): MediaConsumer | null {
    return this.#byId.get(id)?.consumer ?? null;
  }

  expect(tiles: number, size: TileSize): void {
    this.#initial = { tiles, size };
  }

  show(tiles: readonly TileView[]): void {
    this.#initial = null;
    this.#tiles = new Map(tiles.map((tile) => [keyOf(tile.peerId, tile.source), tile]));
    this.poke();
  }

  poke(): void {
    this.#reconciler.poke();
  }

  /** Forgets all consumers (their transport is closed by the caller); the view stays wanted. */
  reset(): void {
    for (const { consumer } of this.#held.values()) consumer.close();
    this.#held.clear();
    this.#byId.clear();
    this.#undecodable.clear();
  }

  stop(): void {
    this.#reconciler.stop();
    this.reset();
  }

  #wanted(): Map<ProducerId, Wanted> {
    const wanted = new Map<ProducerId, Wanted>();
    let initial = this.#initial?.tiles ?? 0;
    for (const owner of this.#room.peers()) {
      if (owner === this.#self) continue;
      for (const track of owner.tracks.values()) {
        if (track.producer.kind === 'audio') {
          wanted.set(track.producer.id, { owner, track, tile: null });
          continue;
        }
        let tile = this.#tiles.get(keyOf(owner.id, track.source as VideoSource)) ?? null;
        if (!tile && this.#initial && initial > 0) {
          initial -= 1;
          tile = this.#initial.size;
        }
        if (tile) wanted.set(track.producer.id, { owner, track, tile });
      }
    }
    return wanted;
  }

  async #pass(): Promise<void> {
    const media = this.#self.media;
    if (!media || this.#self.closed || !this.#self.connected) return;
    const wanted = this.#wanted();
    for (const id of this.#undecodable) if (!wanted.has(id)) this.#undecodable.delete(id);
    this.#retire(wanted);
    // Started together: the order of the answers does not matter, and one slow consumer must not hold up the others.
    await Promise.all(
      [...wanted].map(async ([producerId, entry]) => {
        const held = this.#held.get(producerId);
        if (held) {
          await this.#keep(held, entry);
        } else if (!this.#undecodable.has(producerId)) {
          await this.#add(producerId, entry);
        }
      }),
    );
  }

  /** What is not shown any more is parked; of the parked ones, the longest parked are closed above a bound. */
  #retire(wanted: ReadonlyMap<ProducerId, Wanted>): void {
    for (const [producerId, held] of [...this.#held]) {
      if (held.consumer.closed) {
        this.#drop(producerId, held, false);
      } else if (!wanted.has(producerId) && !held.parked) {
        held.parked = true;
        // To the end, so that the parked ones stand in the order in which they were parked.
        this.#held.delete(producerId);
        this.#held.set(producerId, held);
        void held.consumer.pause().catch(() => undefined);
      }
    }
    const parked = [...this.#held].filter(([producerId, held]) => held.parked && !wanted.has(producerId));
    for (const [producerId, held] of parked.slice(0, -MAX_PARKED)) this.#drop(producerId, held, true);
  }

  async #keep(held: Held, entry: Wanted): Promise<void> {
    if (!held.ready) {
      held.parked = false;
      return;
    }
    await this.#tune(held, entry);
    if (!held.parked || held.consumer.closed) return;
    held.parked = false;
    await held.consumer.resume();
  }

  #drop(producerId: ProducerId, held: Held, tell: boolean): void {
    this.#held.delete(producerId);
    this.#byId.delete(held.consumer.id);
    held.consumer.close();
    if (tell) this.#self.link.notify('consumerClosed', { consumerId: held.consumer.id });
  }

  async #add(producerId: ProducerId, { owner, track }: Wanted): Promise<void> {
    const { media } = this.#self;
    const { epoch } = this.#room;
    if (!media) return;
    let consumer: MediaConsumer;
    try {
      consumer = await media.recv.consume({ producerId, rtpCapabilities: this.#self.rtpCapabilities });
    } catch (error) {
      if (track.producer.closed || media.recv.closed) return;
      this.#undecodable.add(producerId);
      this.#room.logger.info({ err: error, peerId: this.#self.id, producerId }, 'track cannot be consumed');
      return;
    }
    // Everything may have changed during the await.
    if (
      this.#self.closed ||
      this.#self.media !== media ||
      track.producer.closed ||
      this.#held.has(producerId)
    ) {
      consumer.close();
      return;
    }
    const held: Held = { consumer, ready: false, parked: false, appliedLayers: '', appliedPriority: 0 };
    this.#held.set(producerId, held);
    this.#byId.set(consumer.id, held);
    this.#watch(producerId, held);
    // Not awaited: a client that is slow to acknowledge must not delay the next pass.
    void this.#introduce(producerId, held, owner, track, epoch);
  }

  /** Client acknowledges, DTLS is up, then resume: a key frame asked for earlier would be lost and cost a second. */
  async #introduce(
    producerId: ProducerId,
    held: Held,
    owner: Peer,
    track: Track,
    epoch: number,
  ): Promise<void> {
    const { consumer } = held;
    const media = this.#self.media;
    if (!media) return;
    try {
      await this.#self.link.requestNewConsumer({
        epoch,
        transportId: media.recv.id,
        consumerId: consumer.id,
        producerId,
        peerId: owner.id,
        source: track.source,
        kind: consumer.kind,
        type: consumer.type,
        rtpParameters: consumer.rtpParameters,
        producerPaused: consumer.producerPaused,
      });
      await media.recv.whenConnected;
      if (consumer.closed) return;
      held.ready = true;
      const entry = this.#wanted().get(producerId);
      if (entry) await this.#tune(held, entry);
      if (!consumer.closed && !held.parked) await consumer.resume();
    } catch (error) {
      if (consumer.closed) return;
      this.#room.logger.info(
        { err: error, peerId: this.#self.id, producerId },
        'client did not take the consumer',
      );
      this.#drop(producerId, held, false);
      this.#undecodable.add(producerId);
    }
  }

  async #tune(held: Held, { track, tile }: Wanted): Promise<void> {
    const { consumer } = held;
    const priority = priorityFor(consumer.kind, track.source, tile);
    if (priority !== held.appliedPriority) {
      held.appliedPriority = priority;
      await consumer.setPriority(priority);
    }
    if (!tile || consumer.type === 'simple' || consumer.closed) return;
    const layers = layersFor(tile, consumer.spatialLayers);
    const applied = `${layers.spatialLayer}:${layers.temporalLayer}`;
    if (applied === held.appliedLayers) return;
    held.appliedLayers = applied;
    await consumer.setPreferredLayers(layers);
  }

  #watch(producerId: ProducerId, held: Held): void {
    const { consumer } = held;
    const { link } = this.#self;
    consumer.onProducerPaused = (paused) =>
      link.notify(paused ? 'consumerPaused' : 'consumerResumed', { consumerId: consumer.id });
    consumer.onLayers = (layers) => link.notify('consumerLayersChanged', { consumerId: consumer.id, layers });
    consumer.onProducerClosed = () => {
      if (this.#held.get(producerId) === held) this.#drop(producerId, held, true);
    };
  }
}

const keyOf = (peerId: PeerId, source: VideoSource) => `${peerId}/${source}`;
