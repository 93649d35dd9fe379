import type {
  ConsumerId,
  DtlsParameters,
  IceParameters,
  MediaKind,
  ProducerId,
  RtpCapabilities,
  RtpParameters,
  RoomSlug,
  TransportId,
  TransportOptions,
} from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import type {
  AudioLevel,
  ConsumeOptions,
  Layers,
  MediaConsumer,
  MediaHost,
  MediaProducer,
  MediaTransport,
  ProduceOptions,
  RoomMedia,
} from '../../packages/sfu/src/room/ports.ts';

let lastId = 0;
const id = (kind: string) => `${kind}-${(lastId += 1)}`;

const CODECS = ['audio/opus', 'video/VP8', 'video/VP9'];

/**
 * A media host without media, in memory, that keeps the contract of the real one (`test/contract`). Tests decide how long
 * each step takes (`turn`), when DTLS is up (`transport.dtls()`) and when the worker dies (`die`).
 */
export class FakeHost implements MediaHost {
  /** Every step that is asynchronous with real media waits for this. */
  turn: () => Promise<void> = () => Promise.resolve();
  /** False: no worker is alive. */
  alive = true;
  readonly rooms: FakeRoomMedia[] = [];

  async openRoom(_slug: RoomSlug): Promise<FakeRoomMedia> {
    await this.turn();
    if (!this.alive) throw new ParleyError('MEDIA_UNAVAILABLE');
    const room = new FakeRoomMedia(this);
    this.rooms.push(room);
    return room;
  }

  /** The worker dies: everything on it is closed, then everybody is told. */
  die(): void {
    const lost = this.rooms.filter(({ closed }) => !closed);
    for (const room of lost) room.die();
  }

  /** Objects that are still open; nothing may be left of people who have gone. */
  open(): { transports: number; producers: number; consumers: number } {
    const rooms = this.rooms.filter(({ closed }) => !closed);
    const transports = rooms.flatMap((room) => [...room.transports]);
    return {
      transports: transports.length,
      producers: rooms.reduce((sum, room) => sum + room.producers.size, 0),
      consumers: transports.reduce((sum, transport) => sum + transport.consumers.size, 0),
    };
  }
}

export class FakeRoomMedia implements RoomMedia {
  onDied: (() => void) | null = null;
  onActiveSpeaker: ((producerId: ProducerId | null) => void) | null = null;
  onAudioLevels: ((levels: readonly AudioLevel[]) => void) | null = null;
  closed = false;
  readonly host: FakeHost;
  readonly transports = new Set<FakeTransport>();
  readonly producers = new Map<ProducerId, FakeProducer>();
  readonly rtpCapabilities: RtpCapabilities = {
    codecs: CODECS.map((mimeType, index) => ({
      kind: mimeType.startsWith('audio') ? 'audio' : 'video',
      mimeType,
      clockRate: mimeType.startsWith('audio') ? 48000 : 90000,
      preferredPayloadType: 100 + index,
    })),
    headerExtensions: [],
  };

  constructor(host: FakeHost) {
    this.host = host;
  }

  async createTransport(_direction: 'send' | 'recv'): Promise<FakeTransport> {
    await this.host.turn();
    if (this.closed) throw new ParleyError('MEDIA_UNAVAILABLE');
    const transport = new FakeTransport(this);
    this.transports.add(transport);
    return transport;
  }

  close(): void {
    this.onDied = null;
    this.#end();
  }

  die(): void {
    this.#end();
    this.onDied?.();
  }

  #end(): void {
    this.closed = true;
    for (const transport of this.transports) transport.close();
  }
}

export class FakeTransport implements MediaTransport {
  readonly id = id('transport') as TransportId;
  readonly options: TransportOptions;
  readonly whenConnected: Promise<void>;
  readonly producers = new Set<FakeProducer>();
  readonly consumers = new Set<FakeConsumer>();
  closed = false;
  /** DTLS is up. */
  dtls: () => void = () => undefined;
  readonly room: FakeRoomMedia;
  #connecting = false;

  constructor(room: FakeRoomMedia) {
    this.room = room;
    this.options = {
      id: this.id,
      iceParameters: ice(),
      iceCandidates: [],
      dtlsParameters: { role: 'auto', fingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
    };
    this.whenConnected = new Promise((resolve) => {
      this.dtls = resolve;
    });
  }

  async connect(_dtlsParameters: DtlsParameters): Promise<void> {
    if (this.#connecting) throw new ParleyError('ALREADY_CONNECTED');
    this.#connecting = true;
    await this.#step();
  }

  async restartIce(): Promise<IceParameters> {
    await this.#step();
    return ice();
  }

  async produce({ kind, rtpParameters, paused }: ProduceOptions): Promise<FakeProducer> {
    await this.#step();
    const taken = [...this.producers].some(
      ({ rtpParameters: other }) => other.mid !== undefined && other.mid === rtpParameters.mid,
    );
    const codec = rtpParameters.codecs[0]?.mimeType ?? '';
    if (taken || !CODECS.includes(codec)) throw new ParleyError('UNSUPPORTED_MEDIA');
    const producer = new FakeProducer(this, kind, rtpParameters, paused);
    this.producers.add(producer);
    this.room.producers.set(producer.id, producer);
    return producer;
  }

  async consume({ producerId, rtpCapabilities }: ConsumeOptions): Promise<FakeConsumer> {
    await this.#step();
    const producer = this.room.producers.get(producerId);
    if (!producer || !rtpCapabilities.codecs?.some(({ mimeType }) => mimeType === producer.codec)) {
      throw new ParleyError('UNSUPPORTED_MEDIA', 'no common codec');
    }
    const consumer = new FakeConsumer(this, producer);
    this.consumers.add(consumer);
    producer.consumers.add(consumer);
    return consumer;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.room.transports.delete(this);
    for (const producer of this.producers) producer.close();
    for (const consumer of this.consumers) consumer.close();
  }

  async #step(): Promise<void> {
    await this.room.host.turn();
    if (this.closed) throw new ParleyError('NO_SUCH_TRANSPORT');
  }
}

export class FakeProducer implements MediaProducer {
  readonly id = id('producer') as ProducerId;
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
  readonly consumers = new Set<FakeConsumer>();
  paused: boolean;
  closed = false;
  onScore: ((score: number) => void) | null = null;
  readonly #transport: FakeTransport;

  constructor(transport: FakeTransport, kind: MediaKind, rtpParameters: RtpParameters, paused: boolean) {
    this.#transport = transport;
    this.kind = kind;
    this.rtpParameters = rtpParameters;
    this.paused = paused;
  }

  get codec(): string {
    return this.rtpParameters.codecs[0]?.mimeType ?? '';
  }

  pause(): Promise<void> {
    return this.#setPaused(true);
  }

  resume(): Promise<void> {
    return this.#setPaused(false);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#transport.producers.delete(this);
    this.#transport.room.producers.delete(this.id);
    // The news travels, as it does with a real worker.
    void this.#transport.room.host.turn().then(() => {
      for (const consumer of this.consumers) consumer.producerGone();
    });
  }

  async #setPaused(paused: boolean): Promise<void> {
    if (this.closed) return;
    await this.#transport.room.host.turn();
    if (this.closed || this.paused === paused) return;
    this.paused = paused;
    for (const consumer of this.consumers) consumer.onProducerPaused?.(paused);
  }
}

export class FakeConsumer implements MediaConsumer {
  readonly id = id('consumer') as ConsumerId;
  paused = true;
  closed = false;
  /** What was asked of it, in order. */
  readonly calls: string[] = [];
  onProducerPaused: ((paused: boolean) => void) | null = null;
  onLayers: ((layers: Layers | null) => void) | null = null;
  onProducerClosed: (() => void) | null = null;
  readonly #transport: FakeTransport;
  readonly #producer: FakeProducer;

  constructor(transport: FakeTransport, producer: FakeProducer) {
    this.#transport = transport;
    this.#producer = producer;
  }

  get producerId(): ProducerId {
    return this.#producer.id;
  }

  get kind(): MediaKind {
    return this.#producer.kind;
  }

  get spatialLayers(): number {
    return Math.max(1, this.#producer.rtpParameters.encodings?.length ?? 1);
  }

  get type(): 'simple' | 'simulcast' | 'svc' {
    return this.spatialLayers > 1 ? 'simulcast' : 'simple';
  }

  get rtpParameters(): RtpParameters {
    return { codecs: this.#producer.rtpParameters.codecs, encodings: [{ ssrc: 1 }] };
  }

  get producerPaused(): boolean {
    return this.#producer.paused;
  }

  async resume(): Promise<void> {
    if (this.#note('resume')) this.paused = false;
    await this.#transport.room.host.turn();
  }

  async pause(): Promise<void> {
    if (this.#note('pause')) this.paused = true;
    await this.#transport.room.host.turn();
  }

  async setPreferredLayers({
    spatialLayer,
    temporalLayer,
  }: {
    spatialLayer: number;
    temporalLayer: number;
  }): Promise<void> {
    this.#note(`layers ${spatialLayer}:${temporalLayer}`);
    await this.#transport.room.host.turn();
  }

  async setPriority(priority: number): Promise<void> {
    this.#note(`priority ${priority}`);
    await this.#transport.room.host.turn();
  }

  async requestKeyFrame(): Promise<void> {
    this.#note('key frame');
    await this.#transport.room.host.turn();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#transport.consumers.delete(this);
    this.#producer.consumers.delete(this);
  }

  producerGone(): void {
    if (this.closed) return;
    this.close();
    this.onProducerClosed?.();
  }

  #note(call: string): boolean {
    if (this.closed) return false;
    this.calls.push(call);
    return true;
  }
}

function ice(): IceParameters {
  return { usernameFragment: id('fragment'), password: id('a-password-that-is-long-enough'), iceLite: true };
}
