import type {
  ConsumerId,
  DtlsParameters,
  IceParameters,
  MediaKind,
  ParleyError,
  ProducerId,
  RtpCapabilities,
  RtpParameters,
  ServerNotificationName,
  Params,
  RoomSlug,
  TransportId,
  TransportOptions,
} from '@parley/protocol';

/**
 * What the room needs from others. `media/` implements the first half over mediasoup (and a fake one serves fast tests),
 * `signalling/` the second. Everything here closes idempotently and synchronously, and cascades downwards: closing a
 * transport closes its producers and consumers without a further event from each.
 */
export interface MediaHost {
  /** A router on the least loaded live worker. @throws ParleyError MEDIA_UNAVAILABLE */
  openRoom(slug: RoomSlug): Promise<RoomMedia>;
}

export interface AudioLevel {
  readonly producerId: ProducerId;
  /** dBov, -127 to 0. */
  readonly volume: number;
}

/** The media side of one meeting. */
export interface RoomMedia {
  readonly rtpCapabilities: RtpCapabilities;
  readonly closed: boolean;
  createTransport(direction: 'send' | 'recv'): Promise<MediaTransport>;
  close(): void;
  /** The worker is gone; everything below is closed already. Never called after `close()`. */
  onDied: (() => void) | null;
  onActiveSpeaker: ((producerId: ProducerId | null) => void) | null;
  onAudioLevels: ((levels: readonly AudioLevel[]) => void) | null;
}

export interface ProduceOptions {
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
  /** Voices are watched for loudness; the sound of a shared screen must not make anybody the speaker. */
  readonly voice: boolean;
}

export interface ConsumeOptions {
  readonly producerId: ProducerId;
  readonly rtpCapabilities: RtpCapabilities;
}

export interface MediaTransport {
  readonly id: TransportId;
  readonly options: TransportOptions;
  readonly closed: boolean;
  /** Resolves when DTLS is up; never rejects, and stays pending when the transport is closed before that. */
  readonly whenConnected: Promise<void>;
  /** @throws ParleyError ALREADY_CONNECTED, UNSUPPORTED_MEDIA */
  connect(dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(): Promise<IceParameters>;
  /** @throws ParleyError UNSUPPORTED_MEDIA */
  produce(options: ProduceOptions): Promise<MediaProducer>;
  /** Starts paused. @throws ParleyError UNSUPPORTED_MEDIA when the peer cannot decode it. */
  consume(options: ConsumeOptions): Promise<MediaConsumer>;
  close(): void;
}

export interface MediaProducer {
  readonly id: ProducerId;
  readonly kind: MediaKind;
  /** Mime type of the first media codec. */
  readonly codec: string;
  readonly closed: boolean;
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): void;
  /** 0 (nothing comes) to 10 (perfect): the best of the simulcast streams that arrive. */
  onScore: ((score: number) => void) | null;
}

export interface Layers {
  readonly spatialLayer: number;
  readonly temporalLayer: number | null;
}

export interface MediaConsumer {
  readonly id: ConsumerId;
  readonly producerId: ProducerId;
  readonly kind: MediaKind;
  readonly type: 'simple' | 'simulcast' | 'svc';
  readonly rtpParameters: RtpParameters;
  readonly producerPaused: boolean;
  readonly closed: boolean;
  /** Sizes of the simulcast layers as far as the publisher said: highest index is the largest picture. */
  readonly spatialLayers: number;
  /** Flows from now on; a video consumer asks its producer for a key frame. */
  resume(): Promise<void>;
  pause(): Promise<void>;
  setPreferredLayers(layers: { spatialLayer: number; temporalLayer: number }): Promise<void>;
  /** Higher numbers are served first when the downlink is short; 1 to 255. */
  setPriority(priority: number): Promise<void>;
  requestKeyFrame(): Promise<void>;
  close(): void;
  onProducerPaused: ((paused: boolean) => void) | null;
  onLayers: ((layers: Layers | null) => void) | null;
  /** The producer behind it is gone; the consumer is closed already. */
  onProducerClosed: (() => void) | null;
}

/** A message that goes to many: turned into text once, whatever the number of receivers. */
export interface Broadcast<K extends ServerNotificationName = ServerNotificationName> {
  readonly method: K;
  readonly data: Params<K>;
  /** The protoo frame, made on first use. */
  readonly text: string;
}

/** The signalling connection of a peer, as the room sees it. Sending to a closed one does nothing. */
export interface PeerLink {
  notify<K extends ServerNotificationName>(method: K, data: Params<K>): void;
  broadcast(message: Broadcast): void;
  /** @throws ParleyError CLOSED, TIMEOUT, or what the client answered. */
  requestNewConsumer(data: Params<'newConsumer'>): Promise<void>;
  /** Says goodbye and closes. `retryAfterMs` null: do not come back by itself. */
  close(error: ParleyError, retryAfterMs: number | null): void;
}
