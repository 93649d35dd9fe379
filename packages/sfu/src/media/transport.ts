import type { types } from 'mediasoup';
import type {
  ConsumerId,
  DtlsParameters,
  IceParameters,
  MediaKind,
  ProducerId,
  RtpParameters,
  TransportId,
  TransportOptions,
} from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import type {
  ConsumeOptions,
  Layers,
  MediaConsumer,
  MediaProducer,
  MediaTransport,
  ProduceOptions,
} from '../room/ports.ts';
import type { PooledWorker } from './worker-pool.ts';

/** Between two key frames that different receivers ask for, in milliseconds: many joins must not cost many key frames. */
const KEY_FRAME_DELAY_MS = 250;

/** A WebRtcTransport of mediasoup in the words of the room. */
export class LocalTransport implements MediaTransport {
  readonly options: TransportOptions;
  readonly whenConnected: Promise<void>;
  readonly #transport: types.WebRtcTransport;
  readonly #router: types.Router;
  readonly #slot: PooledWorker;
  readonly #voiceObservers: readonly types.RtpObserver[];
  #connecting = false;

  constructor(
    transport: types.WebRtcTransport,
    options: TransportOptions,
    router: types.Router,
    slot: PooledWorker,
    voiceObservers: readonly types.RtpObserver[],
  ) {
    this.#transport = transport;
    this.options = options;
    this.#router = router;
    this.#slot = slot;
    this.#voiceObservers = voiceObservers;
    this.whenConnected = new Promise((resolve) => {
      transport.on('dtlsstatechange', (state) => {
        if (state === 'connected') resolve();
      });
    });
  }

  get id(): TransportId {
    return this.#transport.id as TransportId;
  }

  get closed(): boolean {
    return this.#transport.closed;
  }

  async connect(dtlsParameters: DtlsParameters): Promise<void> {
    if (this.#connecting) throw new ParleyError('ALREADY_CONNECTED');
    this.#connecting = true;
    try {
      // The server stays DTLS server whatever the client says, so that Chromium picks AES-GCM.
      await this.#transport.connect({ dtlsParameters: { ...dtlsParameters, role: 'client' } });
    } catch (error) {
      this.#connecting = false;
      throw refused(error, this.#transport);
    }
  }

  async restartIce(): Promise<IceParameters> {
    try {
      return await this.#transport.restartIce();
    } catch (error) {
      throw refused(error, this.#transport);
    }
  }

  async produce({ kind, rtpParameters, paused, voice }: ProduceOptions): Promise<MediaProducer> {
    const producer = await this.#transport
      .produce({
        kind,
        rtpParameters: rtpParameters as types.RtpParameters,
        paused,
        keyFrameRequestDelay: KEY_FRAME_DELAY_MS,
      })
      .catch((error: unknown) => {
        throw refused(error, this.#transport);
      });
    if (voice) {
      await Promise.all(
        this.#voiceObservers.map((observer) =>
          observer.addProducer({ producerId: producer.id }).catch(() => undefined),
        ),
      );
    }
    return new LocalProducer(producer);
  }

  async consume({ producerId, rtpCapabilities }: ConsumeOptions): Promise<MediaConsumer> {
    const capabilities = rtpCapabilities as types.RtpCapabilities;
    if (!this.#router.canConsume({ producerId, rtpCapabilities: capabilities })) {
      throw new ParleyError('UNSUPPORTED_MEDIA', 'no common codec');
    }
    const consumer = await this.#transport
      .consume({ producerId, rtpCapabilities: capabilities, paused: true })
      .catch((error: unknown) => {
        throw refused(error, this.#transport);
      });
    this.#slot.load += 1;
    consumer.observer.once('close', () => {
      this.#slot.load -= 1;
    });
    return new LocalConsumer(consumer);
  }

  close(): void {
    this.#transport.close();
  }
}

/**
 * Everything that mediasoup or its worker has against a description of the client (a codec that does not fit, an SSRC or
 * MID that is taken) is the client's fault, not ours.
 */
function refused(error: unknown, transport: types.WebRtcTransport): ParleyError {
  if (transport.closed) return new ParleyError('NO_SUCH_TRANSPORT');
  return new ParleyError(
    'UNSUPPORTED_MEDIA',
    error instanceof Error ? error.message.slice(0, 120) : undefined,
  );
}

/**
 * Orders to something that may end at any moment. In the worker it may be gone before this side has heard of it (a
 * consumer goes with its producer): what is gone needs no orders.
 */
async function order(target: { readonly closed: boolean }, give: () => Promise<unknown>): Promise<void> {
  if (target.closed) return;
  try {
    await give();
  } catch (error) {
    const gone = error instanceof Error && error.name === 'NotFoundError';
    if (!target.closed && !gone) throw error;
  }
}

class LocalProducer implements MediaProducer {
  onScore: ((score: number) => void) | null = null;
  readonly #producer: types.Producer;

  constructor(producer: types.Producer) {
    this.#producer = producer;
    producer.on('score', (scores) => {
      // A simulcast layer that the browser does not send at the moment has score 0 and says nothing about the line.
      const sent = scores.map(({ score }) => score).filter((score) => score > 0);
      this.onScore?.(sent.length > 0 ? Math.max(...sent) : 0);
    });
  }

  get id(): ProducerId {
    return this.#producer.id as ProducerId;
  }

  get kind(): MediaKind {
    return this.#producer.kind;
  }

  get codec(): string {
    return this.#producer.rtpParameters.codecs[0]?.mimeType ?? '';
  }

  get closed(): boolean {
    return this.#producer.closed;
  }

  async pause(): Promise<void> {
    await order(this.#producer, () => this.#producer.pause());
  }

  async resume(): Promise<void> {
    await order(this.#producer, () => this.#producer.resume());
  }

  close(): void {
    this.#producer.close();
  }
}

class LocalConsumer implements MediaConsumer {
  onProducerPaused: ((paused: boolean) => void) | null = null;
  onLayers: ((layers: Layers | null) => void) | null = null;
  onProducerClosed: (() => void) | null = null;
  readonly spatialLayers: number;
  readonly #consumer: types.Consumer;

  constructor(consumer: types.Consumer) {
    this.#consumer = consumer;
    const mode = consumer.rtpParameters.encodings?.[0]?.scalabilityMode ?? '';
    this.spatialLayers = Number(/^[LS](\d)/.exec(mode)?.[1] ?? 1);
    consumer.on('producerpause', () => this.onProducerPaused?.(true));
    consumer.on('producerresume', () => this.onProducerPaused?.(false));
    consumer.on('producerclose', () => this.onProducerClosed?.());
    consumer.on('layerschange', (layers) => {
      this.onLayers?.(
        layers ? { spatialLayer: layers.spatialLayer, temporalLayer: layers.temporalLayer ?? null } : null,
      );
    });
  }

  get id(): ConsumerId {
    return this.#consumer.id as ConsumerId;
  }

  get producerId(): ProducerId {
    return this.#consumer.producerId as ProducerId;
  }

  get kind(): MediaKind {
    return this.#consumer.kind;
  }

  get type(): 'simple' | 'simulcast' | 'svc' {
    return this.#consumer.type === 'pipe' ? 'simple' : this.#consumer.type;
  }

  get rtpParameters(): RtpParameters {
    return this.#consumer.rtpParameters as RtpParameters;
  }

  get producerPaused(): boolean {
    return this.#consumer.producerPaused;
  }

  get closed(): boolean {
    return this.#consumer.closed;
  }

  async resume(): Promise<void> {
    await order(this.#consumer, () => this.#consumer.resume());
  }

  async pause(): Promise<void> {
    await order(this.#consumer, () => this.#consumer.pause());
  }

  async setPreferredLayers(layers: { spatialLayer: number; temporalLayer: number }): Promise<void> {
    await order(this.#consumer, () => this.#consumer.setPreferredLayers(layers));
  }

  async setPriority(priority: number): Promise<void> {
    await order(this.#consumer, () => this.#consumer.setPriority(priority));
  }

  async requestKeyFrame(): Promise<void> {
    await order(this.#consumer, () => this.#consumer.requestKeyFrame());
  }

  close(): void {
    this.#consumer.close();
  }
}
