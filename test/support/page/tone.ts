/**
 * One tone per person, and the filter that finds it again. The tones are far apart and none is a multiple of another, so
 * that neither the codec nor a browser's voice processing turns one into the other. They beat (on, off): a steady tone
 * is taken for noise and removed by noise suppression, a beating one passes for a voice.
 */
const TONES = [440, 560, 710, 900, 1140, 1440, 1830, 2320] as const;

/** Seconds of sound and of silence of one beat. */
export const BEAT_ON = 0.6;
export const BEAT_OFF = 0.2;

/** Frequency in Hz of a person's tone. */
export function toneOf(person: number): number {
  return TONES[person % TONES.length] ?? TONES[0];
}

/** How many people have a tone of their own. */
export const TONE_COUNT = TONES.length;

/** Goertzel's filter with a Hann window: the amplitude (0 to 1) of one frequency in a stretch of samples. */
export function amplitudeAt(samples: ArrayLike<number>, frequency: number, sampleRate: number): number {
  const count = samples.length;
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / sampleRate);
  let before = 0;
  let last = 0;
  for (let index = 0; index < count; index += 1) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (count - 1));
    const now = (samples[index] ?? 0) * hann + coefficient * last - before;
    before = last;
    last = now;
  }
  const power = last * last + before * before - coefficient * last * before;
  // The window halves the sum; the filter gives count / 2 for an amplitude of one.
  return (Math.sqrt(Math.max(0, power)) * 4) / count;
}
