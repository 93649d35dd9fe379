import { meterOf, type Meter } from './level.ts';

const EVERY_MS = 100;
/** Of the meter's scale; a fan is quieter, a voice is louder. */
const SPEECH = 0.45;
/** So many loud moments within the last second are speech, not a cough or a key. */
const LOUD_MOMENTS = 4;
const NOTICE_EVERY_MS = 10_000;

export interface VoiceHost {
  muted(): boolean;
  /** 0 to 1, ten times a second while the microphone is open and not muted. */
  level(level: number): void;
  talkingWhileMuted(): void;
}

/** Listens to the own microphone: the level mark, and "you are muted" when one talks muted. */
export class Voice {
  readonly #host: VoiceHost;
  #meter: Meter | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #recent: boolean[] = [];
  #noticedAt = Number.NEGATIVE_INFINITY;

  constructor(host: VoiceHost) {
    this.#host = host;
  }

  listen(track: MediaStreamTrack | null, meter: (track: MediaStreamTrack) => Meter = meterOf): void {
    this.#meter?.stop();
    this.#meter = null;
    clearInterval(this.#timer);
    this.#recent = [];
    if (!track) {
      this.#host.level(0);
      return;
    }
    this.#meter = meter(track);
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  #look(): void {
    const level = this.#meter?.read() ?? 0;
    const muted = this.#host.muted();
    this.#host.level(muted ? 0 : level);
    this.#recent.push(muted && level > SPEECH);
    if (this.#recent.length > 10) this.#recent.shift();
    if (this.#recent.filter(Boolean).length < LOUD_MOMENTS) return;
    const now = performance.now();
    if (now - this.#noticedAt < NOTICE_EVERY_MS) return;
    this.#noticedAt = now;
    this.#recent = [];
    this.#host.talkingWhileMuted();
  }
}
