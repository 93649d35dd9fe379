import { amplitudeAt, TONE_COUNT, toneOf } from './tone.ts';
import type { SoundReport } from './report.ts';

const MEASURE_MS = 140;
const KEEP_MS = 40_000;
const SAMPLES = 4096;

interface Tap {
  element: HTMLMediaElement;
  source: MediaStreamAudioSourceNode;
  analyser: AnalyserNode;
  measured: { at: number; tones: number[] }[];
}

/** Measures, for every playing element with a stream, how loud each person's tone is in what it received. */
export class SoundMeter {
  #context: AudioContext | null = null;
  readonly #taps = new Map<MediaStreamTrack, Tap>();
  readonly #buffer = new Float32Array(SAMPLES);

  start(): void {
    if (this.#context) return;
    this.#context = new AudioContext();
    setInterval(() => this.#measure(), MEASURE_MS);
  }

  /** Of the last `windowMs`; nothing before `start()`. */
  report(windowMs: number): SoundReport[] {
    const since = Date.now() - windowMs;
    return [...this.#taps.values()].map(({ element, measured }) => {
      const tones = new Array<number>(TONE_COUNT).fill(0);
      for (const moment of measured) {
        if (moment.at < since) continue;
        moment.tones.forEach((value, person) => (tones[person] = Math.max(tones[person] ?? 0, value)));
      }
      return { peer: peerOf(element), audible: isAudible(element), tones };
    });
  }

  /** First and last moment since `since` at which a person's tone was louder than `level` in anything that plays. */
  heard(person: number, level: number, since: number): { first: number; last: number } | null {
    const times = [...this.#taps.values()]
      .flatMap(({ measured }) => measured)
      .filter(({ at, tones }) => at >= since && (tones[person] ?? 0) > level)
      .map(({ at }) => at);
    return times.length ? { first: Math.min(...times), last: Math.max(...times) } : null;
  }

  #measure(): void {
    const context = this.#context;
    if (!context) return;
    if (context.state === 'suspended') void context.resume();
    this.#follow(context);
    const at = Date.now();
    for (const { analyser, measured } of this.#taps.values()) {
      analyser.getFloatTimeDomainData(this.#buffer);
      const tones = Array.from({ length: TONE_COUNT }, (_, person) =>
        amplitudeAt(this.#buffer, toneOf(person), context.sampleRate),
      );
      measured.push({ at, tones });
      while (measured[0] && measured[0].at < at - KEEP_MS) measured.shift();
    }
  }

  #follow(context: AudioContext): void {
    const present = new Map<MediaStreamTrack, HTMLMediaElement>();
    for (const element of document.querySelectorAll<HTMLMediaElement>('audio, video')) {
      if (element.muted && element instanceof HTMLVideoElement) continue;
      if (!(element.srcObject instanceof MediaStream)) continue;
      for (const track of element.srcObject.getAudioTracks()) present.set(track, element);
    }
    for (const [track, tap] of this.#taps) {
      if (present.get(track) === tap.element) continue;
      tap.source.disconnect();
      this.#taps.delete(track);
    }
    for (const [track, element] of present) {
      if (this.#taps.has(track) || track.readyState === 'ended') continue;
      const analyser = new AnalyserNode(context, { fftSize: SAMPLES });
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) });
      source.connect(analyser);
      this.#taps.set(track, { element, source, analyser, measured: [] });
    }
  }
}

function peerOf(element: HTMLElement): string {
  const holder = element.closest<HTMLElement>('[data-peer]');
  return holder?.dataset['peer'] ?? '';
}

function isAudible(element: HTMLMediaElement): boolean {
  return !element.paused && !element.muted && element.volume > 0;
}
