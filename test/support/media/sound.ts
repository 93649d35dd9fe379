import { writeFileSync } from 'node:fs';
import { BEAT_OFF, BEAT_ON, toneOf } from '../page/tone.ts';
import { cached } from './cache.ts';

const SAMPLE_RATE = 48_000;
const BEATS = 10;
/** Seconds of the ramps at both ends of a beat: no clicks, which would be heard at every frequency. */
const RAMP = 0.02;
const LEVEL = 0.4;
const GENERATOR_VERSION = 1;

/** Path of a wav file with the beating tone of a person. It begins and ends in silence, so it loops without a click. */
export async function soundFile(person: number): Promise<string> {
  const frequency = toneOf(person);
  const parameters = { frequency, SAMPLE_RATE, BEATS, BEAT_ON, BEAT_OFF, RAMP, LEVEL, GENERATOR_VERSION };
  return await cached(`tone-${frequency}`, 'wav', parameters, async (path) => {
    writeFileSync(path, wavOf(beatingTone(frequency)));
  });
}

function beatingTone(frequency: number): Int16Array {
  const beat = BEAT_ON + BEAT_OFF;
  const samples = new Int16Array(Math.round(beat * BEATS * SAMPLE_RATE));
  for (let index = 0; index < samples.length; index += 1) {
    const time = index / SAMPLE_RATE;
    const inBeat = time % beat;
    const gain = Math.max(0, Math.min(1, inBeat / RAMP, (BEAT_ON - inBeat) / RAMP));
    samples[index] = Math.round(Math.sin(2 * Math.PI * frequency * time) * gain * LEVEL * 32_767);
  }
  return samples;
}

function wavOf(samples: Int16Array): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(SAMPLE_RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}
