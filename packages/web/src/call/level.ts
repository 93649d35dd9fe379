/**
 * Loudness of a local track. The browser lets an AudioContext run only after the person has touched the page (or while
 * it captures, in some browsers), so nothing is created before that.
 */
let context: AudioContext | null = null;

function allowed(): boolean {
  return context !== null || (navigator.userActivation?.hasBeenActive ?? true);
}

export interface Meter {
  /** 0 (silent, or not known) to 1 (loud). */
  read(): number;
  stop(): void;
}

/** Listens to a copy of the track, so that muting the original does not make the meter deaf. */
export function meterOf(track: MediaStreamTrack): Meter {
  const copy = track.clone();
  copy.enabled = true;
  let source: MediaStreamAudioSourceNode | null = null;
  let analyser: AnalyserNode | null = null;
  let samples: Float32Array<ArrayBuffer> | null = null;
  let over = false;

  const start = (): void => {
    try {
      context ??= new AudioContext();
      void context.resume().catch(() => undefined);
      source = context.createMediaStreamSource(new MediaStream([copy]));
      analyser = context.createAnalyser();
      analyser.fftSize = 1024;
      samples = new Float32Array(analyser.fftSize);
      source.connect(analyser);
    } catch {
      // No sound system: the level stays at zero.
      over = true;
    }
  };

  return {
    read: () => {
      if (over) return 0;
      if (!analyser && allowed()) start();
      if (!analyser || !samples) return 0;
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    stop: () => {
      over = true;
      source?.disconnect();
      copy.stop();
    },
  };
}

/** Root mean square on a decibel scale: -60 dB is 0, -10 dB is 1; two decimals. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length + 1e-10);
  return Math.round(Math.min(1, Math.max(0, (db + 60) / 50)) * 100) / 100;
}
