import type { Producer } from 'mediasoup-client/types';
import { openScreen, problemOf, type ScreenCapture } from './capture.ts';
import type { SourceHost } from './device-source.ts';
import {
  SHARED_SOUND_OPTIONS,
  VIDEO_OPTIONS,
  screenEncodings,
  videoCodec,
  type ScreenMode,
} from './encodings.ts';
import type { Media, ProducerData } from './media.ts';
import { Reconciler } from './reconcile.ts';
import type { ToggleState } from './types.ts';

/** A shared screen, with its sound where there is one. Off means gone: both producers are closed. */
export class ScreenSource {
  readonly #toggle: ToggleState;
  readonly #host: SourceHost;
  readonly #reconciler: Reconciler;
  #mode: ScreenMode = 'detail';
  #capture: ScreenCapture | null = null;
  #asking = 0;
  #video: Producer<ProducerData> | null = null;
  #audio: Producer<ProducerData> | null = null;

  constructor(toggle: ToggleState, host: SourceHost) {
    this.#toggle = toggle;
    this.#host = host;
    this.#reconciler = new Reconciler(
      () => this.#step(),
      () => this.#show(),
    );
  }

  get producers(): Producer<ProducerData>[] {
    return [this.#video, this.#audio].filter((producer) => producer !== null);
  }

  get track(): MediaStreamTrack | null {
    return this.#capture?.video ?? null;
  }

  /** Asks at once: browsers open the picker only in the very gesture. */
  set(on: boolean, mode: ScreenMode): void {
    if (on === this.#toggle.wanted) return;
    this.#toggle.wanted = on;
    this.#toggle.problem = null;
    if (on) {
      this.#mode = mode;
      void this.#ask(mode);
    } else {
      this.#asking += 1;
    }
    this.kick();
  }

  unpublish(): void {
    this.#video = null;
    this.#audio = null;
    this.#host.published(null, true);
    this.kick();
  }

  kick(): void {
    this.#show();
    this.#reconciler.kick();
  }

  stop(): void {
    this.#toggle.wanted = false;
    this.#asking += 1;
    this.#video = null;
    this.#audio = null;
    this.#drop();
    this.#show();
  }

  async #ask(mode: ScreenMode): Promise<void> {
    this.#asking += 1;
    const asked = this.#asking;
    try {
      const capture = await openScreen(mode);
      if (asked !== this.#asking) {
        capture.video.stop();
        capture.audio?.stop();
        return;
      }
      this.#drop();
      this.#capture = capture;
      // The browser has a stop button of its own.
      capture.video.addEventListener('ended', () => {
        if (this.#capture === capture) this.set(false, mode);
      });
      this.#host.trackChanged(capture.video);
    } catch (error) {
      if (asked !== this.#asking) return;
      const problem = problemOf(error);
      this.#toggle.wanted = false;
      this.#toggle.problem = problem;
      if (problem !== 'dismissed') this.#host.problem(problem);
    }
    this.kick();
  }

  async #step(): Promise<boolean> {
    this.#show();
    try {
      return this.#toggle.wanted ? await this.#stepOn() : await this.#stepOff();
    } catch (error) {
      this.#host.trouble(error);
      const media = this.#host.media();
      if (!media || media.closed) return false;
      if (this.#toggle.wanted) {
        this.#toggle.wanted = false;
        this.#toggle.problem = 'failed';
        this.#host.problem('failed');
        return true;
      }
      return false;
    }
  }

  async #stepOn(): Promise<boolean> {
    const capture = this.#capture;
    const media = this.#host.media();
    if (!capture || !media) return false;
    if (!this.#video || this.#video.closed) {
      const producer = await media.produce({
        track: capture.video,
        stopTracks: false,
        disableTrackOnPause: false,
        encodings: screenEncodings(this.#mode),
        codec: videoCodec(media.device.sendRtpCapabilities),
        codecOptions: VIDEO_OPTIONS,
        appData: { source: 'screen' },
      });
      this.#video = this.#current(media, producer);
      if (producer.rtpSender) void keepSize(producer.rtpSender, this.#mode);
      return true;
    }
    if (capture.audio?.readyState === 'live' && (!this.#audio || this.#audio.closed)) {
      const producer = await media.produce({
        track: capture.audio,
        stopTracks: false,
        disableTrackOnPause: false,
        codecOptions: SHARED_SOUND_OPTIONS,
        appData: { source: 'screenAudio' },
      });
      this.#audio = this.#current(media, producer);
      return true;
    }
    return false;
  }

  async #stepOff(): Promise<boolean> {
    this.#drop();
    const producer = this.#video ?? this.#audio;
    if (!producer) return false;
    if (this.#video === producer) this.#video = null;
    else this.#audio = null;
    if (!producer.closed) {
      producer.close();
      await this.#host.request('closeProducer', producer.id);
    }
    this.#host.published(null, true);
    return true;
  }

  #current(media: Media, producer: Producer<ProducerData>): Producer<ProducerData> | null {
    if (this.#host.media() === media) return producer;
    producer.close();
    return null;
  }

  #drop(): void {
    const capture = this.#capture;
    if (!capture) return;
    this.#capture = null;
    capture.video.stop();
    capture.audio?.stop();
    this.#host.trackChanged(null);
  }

  #show(): void {
    const on = this.#video !== null && !this.#video.closed && this.#capture !== null;
    this.#toggle.on = on;
    this.#toggle.pending = this.#toggle.wanted !== on;
    if (on && this.#video) this.#host.published(this.#video.id, false);
  }
}

/** Under pressure text loses pictures per second, a film loses size. Not known to every browser. */
async function keepSize(sender: RTCRtpSender, mode: ScreenMode): Promise<void> {
  try {
    const parameters = sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string };
    parameters.degradationPreference = mode === 'detail' ? 'maintain-resolution' : 'maintain-framerate';
    await sender.setParameters(parameters);
  } catch {
    // The content hint says the same thing.
  }
}
