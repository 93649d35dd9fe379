import type {
  MediaOffer,
  Params,
  ParamsInput,
  ProducerId,
  RtpCapabilities,
  TrackSource,
} from '@parley/protocol';
import { keyFrameRequests, parseRtp, pictureOf } from '../../infra/worker/smoke/rtp.ts';
import type { Picture } from '../../infra/worker/smoke/rtp.ts';
import { Vp8Source } from '../../infra/worker/smoke/source.ts';
import { RtpPeer } from './rtp-peer.ts';
import { opusParameters, vp8Parameters, vp9Parameters } from './rtp-parameters.ts';
import { SignallingClient } from './signalling-client.ts';
import type { DoorOptions } from './signalling-client.ts';
import { VoiceSource } from './voice-source.ts';

/** One packet as a person received it. */
export interface Heard {
  readonly at: number;
  readonly ssrc: number;
  readonly sequenceNumber: number;
  /** What a picture says about itself; null for sound. */
  readonly picture: Picture | null;
  readonly payload: Buffer;
}

export interface PersonOptions extends DoorOptions {
  readonly view?: ParamsInput<'join'>['view'];
  readonly rtpCapabilities?: RtpCapabilities;
}

let nextSsrc = 1000;

/** Somebody in a meeting without a browser: speaks the protocol and sends and receives real RTP. */
export class Person {
  readonly name: string;
  readonly signal: SignallingClient;
  media: MediaOffer;
  /** Every packet that arrived, by the id of its consumer. */
  readonly heard = new Map<string, Heard[]>();
  readonly consumers = new Map<string, Params<'newConsumer'>>();
  #send: RtpPeer | null = null;
  #recv: RtpPeer | null = null;
  readonly #bySsrc = new Map<number, string>();
  readonly #sources: { stop(): void }[] = [];
  /** Sources of pictures that want to know for which key frames they are asked. */
  readonly #cameras: Vp8Source[] = [];

  private constructor(name: string, signal: SignallingClient, media: MediaOffer) {
    this.name = name;
    this.signal = signal;
    this.media = media;
  }

  static async enter(url: string, slug: string, name: string, options: PersonOptions = {}): Promise<Person> {
    const signal = await SignallingClient.open(url, slug, options);
    const person: { current: Person | null } = { current: null };
    signal.ack = (data) => person.current?.take(data);
    const { media } = await signal.join(name, options);
    person.current = new Person(name, signal, media);
    for (const { method, data } of signal.frames) {
      if (method === 'newConsumer') person.current.take(data as Params<'newConsumer'>);
    }
    return person.current;
  }

  /** Builds the receiving side. */
  async listen(): Promise<void> {
    const { recvTransport } = this.media;
    this.#recv = await RtpPeer.connect(recvTransport, 'recv', (dtlsParameters) =>
      this.signal.request('connectWebRtcTransport', { transportId: recvTransport.id, dtlsParameters }),
    );
    this.#recv.onRtp = (bytes) => {
      const packet = parseRtp(bytes);
      const consumerId = this.#bySsrc.get(packet.ssrc);
      // Packets of the probator belong to nobody.
      if (consumerId === undefined) return;
      const { ssrc, sequenceNumber, payload } = packet;
      this.heard
        .get(consumerId)
        ?.push({ at: performance.now(), ssrc, sequenceNumber, payload, picture: pictureOf(packet) });
    };
  }

  /** Publishes a camera (or screen) with as many simulcast layers. */
  async film(
    layers: number,
    source: TrackSource = 'camera',
    codec: 'vp8' | 'vp9' = 'vp8',
  ): Promise<{ producerId: ProducerId; camera: Vp8Source }> {
    const ssrcs = Array.from({ length: layers }, () => (nextSsrc += 1));
    const peer = await this.#sender(ssrcs);
    const producerId = await this.#produce(
      'video',
      source,
      codec === 'vp8' ? vp8Parameters(ssrcs) : vp9Parameters(ssrcs[0]!),
    );
    const camera = new Vp8Source({
      ssrcs,
      sendRtp: (packet) => peer.send(packet),
      sendRtcp: (packet) => peer.send(packet),
    });
    this.#cameras.push(camera);
    this.#sources.push(camera);
    return { producerId, camera };
  }

  /** Publishes a microphone. */
  async speak(level: number): Promise<{ producerId: ProducerId; voice: VoiceSource }> {
    const ssrc = (nextSsrc += 1);
    const peer = await this.#sender([ssrc]);
    const producerId = await this.#produce('audio', 'microphone', opusParameters(ssrc));
    const voice = new VoiceSource({ ssrc, level, send: (packet) => peer.send(packet) });
    this.#sources.push(voice);
    return { producerId, voice };
  }

  /** Packets of a track, in the order of arrival. */
  packetsOf(producerId: string): Heard[] {
    for (const [consumerId, data] of this.consumers) {
      if (data.producerId === producerId) return this.heard.get(consumerId) ?? [];
    }
    return [];
  }

  leave(): void {
    for (const source of this.#sources) source.stop();
    this.signal.socket.close();
    this.#send?.close();
    this.#recv?.close();
  }

  /** The receiver of a track exists from here on, as far as a person without a browser has one. */
  take(data: Params<'newConsumer'>): void {
    if (this.consumers.has(data.consumerId)) return;
    this.consumers.set(data.consumerId, data);
    this.heard.set(data.consumerId, []);
    const ssrc = data.rtpParameters.encodings?.[0]?.ssrc;
    if (ssrc !== undefined) this.#bySsrc.set(ssrc, data.consumerId);
  }

  async #produce(
    kind: 'audio' | 'video',
    source: TrackSource,
    rtpParameters: Params<'produce'>['rtpParameters'],
  ) {
    const { producerId } = await this.signal.request('produce', {
      transportId: this.media.sendTransport.id,
      kind,
      source,
      rtpParameters: { ...rtpParameters, mid: `${source}-${nextSsrc}` },
    });
    return producerId;
  }

  async #sender(ssrcs: readonly number[]): Promise<RtpPeer> {
    if (this.#send) return this.#send;
    const { sendTransport } = this.media;
    this.#send = await RtpPeer.connect(
      sendTransport,
      'send',
      (dtlsParameters) =>
        this.signal.request('connectWebRtcTransport', { transportId: sendTransport.id, dtlsParameters }),
      ssrcs,
    );
    this.#send.onRtcp = (packet) => {
      if (keyFrameRequests(packet).length > 0) for (const camera of this.#cameras) camera.receiveRtcp(packet);
    };
    return this.#send;
  }
}
