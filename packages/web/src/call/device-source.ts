import { ParleyError } from '@parley/protocol';
import type { Producer } from 'mediasoup-client/types';
import { CaptureError, openDevice, problemOf, type DeviceSourceName } from './capture.ts';
import {
  VIDEO_OPTIONS,
  VOICE_OPTIONS,
  cameraEncodings,
  layerCount,
  videoCodec,
  type PictureSize,
} from './encodings.ts';
import { mark } from './marks.ts';
import type { Media, ProducerData } from './media.ts';
import { Reconciler } from './reconcile.ts';
import type { MediaProblem, ToggleState } from './types.ts';

/** What a source asks of the rest of the call. */
export interface SourceHost {
  /** The media side at the moment; null while there is none. */
  media(): Media | null;
  request(method: 'pauseProducer' | 'resumeProducer' | 'closeProducer', producerId: string): Promise<unknown>;
  /** The local track came, changed or went. */
  trackChanged(track: MediaStreamTrack | null): void;
  /** What others get of it now; null when nothing is published. */
  published(producerId: string | null, paused: boolean): void;
  problem(problem: MediaProblem): void;
  trouble(error: unknown): void;
}

export interface DeviceSourceHost extends SourceHost {
  allowed(): boolean;
  /** The device went away by itself; `label` is its name. */
  lost(label: string): void;
  /** Another device took over without having been asked for. */
  switched(label: string): void;
}

const MAX_REPEATS = 3;

/** A microphone or a camera: desired state in, a published track out. */
export class DeviceSource {
  readonly #source: DeviceSourceName;
  readonly #toggle: ToggleState;
  readonly #host: DeviceSourceHost;
  readonly #reconciler: Reconciler;
  #deviceId: string | null = null;
  /** The track belongs to an earlier choice of device. */
  #stale = false;
  #track: MediaStreamTrack | null = null;
  #producer: Producer<ProducerData> | null = null;
  #layers = 0;
  /** What the server was told last. */
  #serverPaused = false;
  #announceSwitch = false;
  #repeats = 0;

  constructor(source: DeviceSourceName, toggle: ToggleState, host: DeviceSourceHost) {
    this.#source = source;
    this.#toggle = toggle;
    this.#host = host;
    this.#reconciler = new Reconciler(
      () => this.#step(),
      () => this.#show(),
    );
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  get producer(): Producer<ProducerData> | null {
    return this.#producer;
  }

  set(on: boolean): void {
    this.#toggle.wanted = on;
    if (on) this.#toggle.problem = null;
    // Silence and darkness do not wait for the server.
    if (!on && this.#track) this.#track.enabled = false;
    this.kick();
  }

  /** A track that was opened elsewhere (on the page before the call); `set(true)` is to follow. */
  adopt(track: MediaStreamTrack): void {
    this.#drop();
    this.#hold(track);
  }

  choose(deviceId: string | null): void {
    if (this.#deviceId === deviceId) return;
    this.#deviceId = deviceId;
    if (this.#track) this.#stale = true;
    this.kick();
  }

  /** The transport under the producer is gone (new epoch, new session, replaced transport). */
  unpublish(): void {
    this.#producer = null;
    this.#serverPaused = false;
    this.#host.published(null, true);
    this.kick();
  }

  kick(): void {
    this.#repeats = 0;
    this.#show();
    this.#reconciler.kick();
  }

  stop(): void {
    this.#toggle.wanted = false;
    this.#toggle.problem = null;
    this.#producer = null;
    this.#drop();
    this.#show();
  }

  /** One thing at a time, each decided on what is wanted now. */
  async #step(): Promise<boolean> {
    this.#show();
    if (this.#toggle.wanted && !this.#host.allowed()) return this.#giveUp('notAllowed');
    try {
      return this.#toggle.wanted ? await this.#stepOn() : await this.#stepOff();
    } catch (error) {
      return this.#failed(error);
    }
  }

  async #stepOn(): Promise<boolean> {
    if (!this.#track || this.#stale) {
      await this.#open();
      return true;
    }
    this.#track.enabled = true;
    const media = this.#host.media();
    if (!media) return false;
    if (this.#producer?.closed) this.#producer = null;
    if (!this.#producer) {
      await this.#produce(media, this.#track);
      return true;
    }
    if (this.#producer.track !== this.#track) {
      await this.#replace(this.#producer, this.#track);
      return true;
    }
    if (this.#serverPaused) {
      await this.#host.request('resumeProducer', this.#producer.id);
      this.#serverPaused = false;
      return true;
    }
    return false;
  }

  async #stepOff(): Promise<boolean> {
    const producer = this.#producer?.closed ? null : this.#producer;
    if (this.#track && (this.#source === 'camera' || !producer)) {
      // A camera that is off has no light on. A muted microphone stays open: unmuting must be instant.
      this.#drop();
      if (producer) await producer.replaceTrack({ track: null });
      return true;
    }
    if (producer && !this.#serverPaused) {
      await this.#host.request('pauseProducer', producer.id);
      this.#serverPaused = true;
      return true;
    }
    return false;
  }

  async #open(): Promise<void> {
    const old = this.#track;
    const deviceId = this.#deviceId;
    this.#stale = false;
    let track: MediaStreamTrack;
    try {
      track = await openDevice(this.#source, deviceId);
    } catch (error) {
      if (!old || problemOf(error) !== 'inUse') throw error;
      // Some systems give a device to one user at a time: let go of the old one first.
      this.#drop();
      track = await openDevice(this.#source, deviceId);
    }
    if (!this.#toggle.wanted) {
      // Switched off while the browser was asking.
      track.stop();
      this.#stale = this.#track !== null;
      return;
    }
    this.#hold(track);
    old?.stop();
    if (this.#announceSwitch) this.#host.switched(track.label);
    this.#announceSwitch = false;
  }

  async #produce(media: Media, track: MediaStreamTrack): Promise<void> {
    const size = sizeOf(track);
    const video = this.#source === 'camera';
    this.#layers = layerCount(size);
    const producer = await media.produce({
      track,
      // Tracks are owned here: muting keeps them, switching reuses the producer.
      stopTracks: false,
      disableTrackOnPause: false,
      ...(video
        ? {
            encodings: cameraEncodings(size),
            codec: videoCodec(media.device.sendRtpCapabilities),
            codecOptions: VIDEO_OPTIONS,
          }
        : { codecOptions: VOICE_OPTIONS }),
      appData: { source: this.#source },
    });
    if (this.#host.media() !== media) {
      producer.close();
      return;
    }
    mark('firstProducer');
    this.#producer = producer;
    this.#serverPaused = false;
  }

  async #replace(producer: Producer<ProducerData>, track: MediaStreamTrack): Promise<void> {
    if (this.#source === 'camera' && layerCount(sizeOf(track)) !== this.#layers) {
      // Another number of layers cannot be had on the same sender; the server replaces the old producer by the new.
      producer.close();
      this.#producer = null;
      return;
    }
    await producer.replaceTrack({ track });
  }

  #failed(error: unknown): boolean {
    if (error instanceof CaptureError) return this.#giveUp(error.problem);
    this.#host.trouble(error);
    if (error instanceof ParleyError) {
      // The session is on its way out; its successor starts this loop again.
      if (error.key === 'CLOSED') return false;
      if (error.key === 'NOT_ALLOWED') return this.#giveUp('notAllowed');
    }
    const media = this.#host.media();
    if (!media || media.closed) return false;
    this.#producer?.close();
    this.#producer = null;
    this.#serverPaused = false;
    this.#repeats += 1;
    return this.#repeats > MAX_REPEATS ? this.#giveUp('failed') : true;
  }

  #giveUp(problem: MediaProblem): boolean {
    this.#toggle.wanted = false;
    this.#toggle.problem = problem;
    this.#host.problem(problem);
    return true;
  }

  #hold(track: MediaStreamTrack): void {
    this.#track?.removeEventListener('ended', this.#ended);
    this.#track = track;
    if (this.#source === 'camera') track.contentHint = 'motion';
    track.enabled = this.#toggle.wanted;
    track.addEventListener('ended', this.#ended);
    this.#host.trackChanged(track);
  }

  #drop(): void {
    const track = this.#track;
    if (!track) return;
    this.#track = null;
    this.#stale = false;
    track.removeEventListener('ended', this.#ended);
    track.stop();
    this.#host.trackChanged(null);
  }

  /** Only the browser ends a track that we did not stop: unplugged, or permission taken back. */
  readonly #ended = (): void => {
    const label = this.#track?.label ?? '';
    this.#drop();
    this.#deviceId = null;
    this.#announceSwitch = this.#toggle.wanted;
    this.#host.lost(label);
    this.kick();
  };

  #show(): void {
    const producer = this.#producer?.closed ? null : this.#producer;
    const on = producer !== null && !this.#serverPaused && this.#track !== null && this.#track.enabled;
    this.#toggle.on = on;
    this.#toggle.pending = this.#toggle.wanted !== on;
    if (producer) this.#host.published(producer.id, !on);
  }
}

/** Tracks that do not come from a device may not know their size; a middling one is assumed then. */
function sizeOf(track: MediaStreamTrack): PictureSize {
  const { width, height } = track.getSettings();
  return width && height ? { width, height } : { width: 640, height: 360 };
}
