import { ParleyError, type ConsumerId, type Params, type PeerId, type TrackSource } from '@parley/protocol';
import type { Consumer, ConsumerOptions } from 'mediasoup-client/types';
import type { AudioOut } from './audio-out.ts';
import { hasMark, mark } from './marks.ts';
import type { Media } from './media.ts';
import type { Streams } from './streams.ts';

/** A picture that does not come within this time after it should is asked for again. */
const PICTURE_MS = 2_000;
const PICTURE_TRIES = 3;

export interface Subscription {
  id: ConsumerId;
  producerId: string;
  peerId: PeerId;
  source: TrackSource;
  kind: 'audio' | 'video';
  type: 'simple' | 'simulcast' | 'svc';
  paused: boolean;
  layers: { spatialLayer: number; temporalLayer: number | null } | null;
  consumer: Consumer;
}

export interface SubscriberLink {
  requestKeyFrame(consumerId: ConsumerId): void;
  trouble(error: unknown): void;
}

type NewConsumer = Params<'newConsumer'>;

/** Receives: one consumer per track that the server decided to send, a picture or a sound for each. */
export class Subscriber {
  readonly #streams: Streams;
  readonly #audio: AudioOut;
  readonly #link: SubscriberLink;
  readonly #subscriptions = new Map<ConsumerId, Subscription>();
  /** What the server said about consumers that are still being made here. */
  readonly #early = new Map<
    ConsumerId,
    { closed: boolean; paused: boolean; layers: Subscription['layers'] }
  >();
  #media: Media | null = null;
  #ready: (() => void)[] = [];

  constructor(streams: Streams, audio: AudioOut, link: SubscriberLink) {
    this.#streams = streams;
    this.#audio = audio;
    this.#link = link;
  }

  get subscriptions(): Subscription[] {
    return [...this.#subscriptions.values()];
  }

  /** New transports: what came over the old ones is gone. Whoever waits for a transport goes on. */
  attach(media: Media): void {
    this.#drop();
    this.#media = media;
    const ready = this.#ready;
    this.#ready = [];
    for (const go of ready) go();
  }

  detach(): void {
    this.#drop();
    this.#media = null;
    const ready = this.#ready;
    this.#ready = [];
    for (const go of ready) go();
  }

  /** The receiving transport was replaced within the epoch; the server sends new consumers for it. */
  clear(): void {
    this.#drop();
  }

  /**
   * Answers when the receiver exists, and not a moment later: the server resumes the track at that.
   *
   * @throws {ParleyError} `STALE_EPOCH` for transports of an earlier epoch, `UNSUPPORTED_MEDIA`, `CLOSED`.
   */
  async add(params: NewConsumer): Promise<Record<string, never>> {
    mark('newConsumer');
    this.#early.set(params.consumerId, { closed: false, paused: params.producerPaused, layers: null });
    try {
      // Requests that come right behind the answer to `join` may be here before the transport is.
      if (!this.#media) await new Promise<void>((resolve) => this.#ready.push(resolve));
      const media = this.#media;
      if (!media || params.epoch !== media.epoch || params.transportId !== media.recv.id) {
        throw new ParleyError('STALE_EPOCH');
      }
      const consumer = await this.#consume(media, params);
      this.#keep(params, consumer);
      return {};
    } finally {
      this.#early.delete(params.consumerId);
    }
  }

  closed(consumerId: ConsumerId): void {
    const early = this.#early.get(consumerId);
    if (early) early.closed = true;
    const subscription = this.#subscriptions.get(consumerId);
    if (subscription) this.#remove(subscription);
  }

  paused(consumerId: ConsumerId, paused: boolean): void {
    const early = this.#early.get(consumerId);
    if (early) early.paused = paused;
    const subscription = this.#subscriptions.get(consumerId);
    if (!subscription) return;
    subscription.paused = paused;
    // Deliberately not `consumer.pause()`: that would renegotiate, and the server has stopped sending anyway.
    if (!paused) this.#expectPicture(subscription);
  }

  layers(consumerId: ConsumerId, layers: Subscription['layers']): void {
    const target = this.#subscriptions.get(consumerId) ?? this.#early.get(consumerId);
    if (target) target.layers = layers;
  }

  async #consume(media: Media, params: NewConsumer): Promise<Consumer> {
    try {
      return await media.recv.consume({
        id: params.consumerId,
        producerId: params.producerId,
        kind: params.kind,
        rtpParameters: params.rtpParameters as ConsumerOptions['rtpParameters'],
        // The browser keeps lips and voice together within one stream id, and a shared screen with its own sound.
        streamId: `${params.peerId}-${params.source.startsWith('screen') ? 'screen' : 'person'}`,
      });
    } catch (error) {
      if (media.closed || media.recv.closed) throw new ParleyError('CLOSED');
      throw new ParleyError('UNSUPPORTED_MEDIA', error instanceof Error ? error.message : String(error));
    }
  }

  #keep(params: NewConsumer, consumer: Consumer): void {
    mark('consumed');
    const early = this.#early.get(params.consumerId);
    if (early?.closed || consumer.closed) {
      consumer.close();
      return;
    }
    const subscription: Subscription = {
      id: params.consumerId,
      producerId: params.producerId,
      peerId: params.peerId,
      source: params.source,
      kind: params.kind,
      type: params.type,
      paused: early?.paused ?? params.producerPaused,
      layers: early?.layers ?? null,
      consumer,
    };
    this.#subscriptions.set(subscription.id, subscription);
    if (subscription.kind === 'audio') {
      this.#audio.add(subscription.id, consumer.track);
      return;
    }
    this.#streams.set(subscription.peerId, subscription.source as 'camera' | 'screen', consumer.track);
    if (!hasMark('firstFrame') && !subscription.paused) this.#measureFirstFrame(consumer);
    this.#expectPicture(subscription);
  }

  #remove(subscription: Subscription): void {
    this.#subscriptions.delete(subscription.id);
    const { consumer, peerId, source } = subscription;
    if (subscription.kind === 'audio') this.#audio.remove(subscription.id);
    else this.#streams.unset(peerId, source as 'camera' | 'screen', consumer.track);
    consumer.close();
  }

  #drop(): void {
    for (const subscription of [...this.#subscriptions.values()]) this.#remove(subscription);
  }

  #expectPicture(subscription: Subscription, tries = 0): void {
    if (subscription.kind !== 'video' || subscription.paused) return;
    void framesDecoded(subscription.consumer).then((before) => {
      setTimeout(() => {
        if (!this.#awaited(subscription)) return;
        void framesDecoded(subscription.consumer).then((after) => {
          if (!this.#awaited(subscription) || after > before || tries >= PICTURE_TRIES) return;
          this.#link.requestKeyFrame(subscription.id);
          this.#expectPicture(subscription, tries + 1);
        });
      }, PICTURE_MS);
    });
  }

  #awaited(subscription: Subscription): boolean {
    return this.#subscriptions.has(subscription.id) && !subscription.paused;
  }

  /** A picture element of our own, seen by nobody, tells the moment exactly; statistics are up to 50 ms old. */
  #measureFirstFrame(consumer: Consumer): void {
    consumer.track.addEventListener('unmute', () => mark('firstPacket'), { once: true });
    const video = document.createElement('video');
    video.muted = true;
    video.autoplay = true;
    video.playsInline = true;
    const done = (): void => {
      video.srcObject = null;
    };
    video.addEventListener(
      'loadeddata',
      () => {
        mark('firstFrame');
        done();
      },
      { once: true },
    );
    consumer.observer.once('close', done);
    video.srcObject = new MediaStream([consumer.track]);
    video.play().catch(() => undefined);
  }
}

async function framesDecoded(consumer: Consumer): Promise<number> {
  if (consumer.closed) return 0;
  let frames = 0;
  try {
    const report = await consumer.getStats();
    report.forEach((entry: { type: string; framesDecoded?: number }) => {
      if (entry.type === 'inbound-rtp') frames = entry.framesDecoded ?? 0;
    });
  } catch {
    // Closed meanwhile: no picture.
  }
  return frames;
}
