import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loudness } from './level.ts';
import { Voice } from './voice.ts';

const track = {} as MediaStreamTrack;
let muted = true;
let loud = 0;
const host = { muted: () => muted, level: vi.fn(), talkingWhileMuted: vi.fn() };
const meter = { read: () => loud, stop: vi.fn() };
let voice: Voice;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  voice = new Voice(host);
  voice.listen(track, () => meter);
});
afterEach(() => {
  voice.listen(null);
  vi.useRealTimers();
});

it('notices talking while muted, at most every ten seconds', () => {
  muted = true;
  loud = 0.7;
  vi.advanceTimersByTime(9_000);
  expect(host.talkingWhileMuted).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(20_000);
  expect(host.talkingWhileMuted).toHaveBeenCalledTimes(3);
  expect(host.level).toHaveBeenLastCalledWith(0);
});

it('takes neither a cough nor quiet for talking', () => {
  muted = true;
  loud = 0.9;
  vi.advanceTimersByTime(200);
  loud = 0.1;
  vi.advanceTimersByTime(20_000);
  expect(host.talkingWhileMuted).not.toHaveBeenCalled();
});

it('shows the level of an open microphone', () => {
  muted = false;
  loud = 0.6;
  vi.advanceTimersByTime(20_000);
  expect(host.level).toHaveBeenLastCalledWith(0.6);
  expect(host.talkingWhileMuted).not.toHaveBeenCalled();
});

it('stops with the microphone', () => {
  voice.listen(null);
  expect(meter.stop).toHaveBeenCalledOnce();
  expect(host.level).toHaveBeenLastCalledWith(0);
  expect(vi.getTimerCount()).toBe(0);
});

it('measures loudness on a decibel scale', () => {
  const tone = (amplitude: number) =>
    Float32Array.from({ length: 1024 }, (_, i) => amplitude * Math.sin(i / 3));
  expect(loudness(new Float32Array(1024))).toBe(0);
  expect(loudness(tone(1))).toBe(1);
  expect(loudness(tone(0.014))).toBeCloseTo(0.4, 1);
});
