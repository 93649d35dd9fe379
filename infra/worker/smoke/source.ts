// A camera: VP8 streams at 30 frames per second, whose packets go wherever the caller sends them. Makes a key frame
// only when asked for one, as an encoder does.
import { clockRate, keyFrameRequests, senderReport, vp8Packet } from './rtp.ts';

const framesPerSecond = 30;

export interface SourceOptions {
  /** One stream for each, lowest layer first. */
  ssrcs: number[];
  sendRtp: (packet: Buffer) => void;
  sendRtcp?: (packet: Buffer) => void;
}

export class Vp8Source {
  readonly #options: SourceOptions;
  readonly #streams: { ssrc: number; wantsKeyFrame: boolean; timestampBase: number; tl0: number }[];
  readonly #timer: NodeJS.Timeout;
  #frame = 0;
  /** How many key frames were asked for. */
  requests = 0;

  constructor(options: SourceOptions) {
    this.#options = options;
    // Encoders start their streams' clocks at random; what is forwarded has to be continuous all the same.
    this.#streams = options.ssrcs.map((ssrc, layer) => ({
      ssrc,
      wantsKeyFrame: true,
      timestampBase: 1_000_000 * (layer * 7 + 1),
      tl0: layer * 50,
    }));
    this.#timer = setInterval(() => this.#sendFrame(), 1000 / framesPerSecond);
  }

  /** RTCP that came for this source. */
  receiveRtcp(compound: Buffer): void {
    for (const ssrc of keyFrameRequests(compound)) {
      const stream = this.#streams.find((candidate) => candidate.ssrc === ssrc);

      if (stream) {
        this.requests++;
        stream.wantsKeyFrame = true;
      }
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sendFrame(): void {
    const frame = this.#frame++;

    for (const [layer, stream] of this.#streams.entries()) {
      const timestamp = stream.timestampBase + (frame * clockRate) / framesPerSecond;
      const keyFrame = stream.wantsKeyFrame;
      // Every other frame belongs to the upper temporal layer.
      const temporalLayer = keyFrame ? 0 : frame % 2;

      stream.wantsKeyFrame = false;
      stream.tl0 += temporalLayer === 0 ? 1 : 0;

      // Switching between streams needs to know how their clocks compare; browsers report as early.
      if (frame % 10 === 1) {
        this.#options.sendRtcp?.(senderReport(stream.ssrc, timestamp));
      }

      this.#options.sendRtp(
        vp8Packet(
          { layer, frame, temporalLayer, keyFrame },
          { ssrc: stream.ssrc, sequenceNumber: frame, timestamp, tl0: stream.tl0, size: 200 * (layer + 1) },
        ),
      );
    }
  }
}
