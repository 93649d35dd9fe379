import { describe, expect, it, vi } from 'vitest';
import { Backoff, pause } from './backoff.ts';

describe('Backoff', () => {
  it('doubles up to the cap, of which the upper half is random', () => {
    const lows = new Backoff({ baseMs: 400, capMs: 8_000, random: () => 0 });
    const highs = new Backoff({ baseMs: 400, capMs: 8_000, random: () => 1 });
    expect(Array.from({ length: 7 }, () => lows.next())).toEqual([200, 400, 800, 1_600, 3_200, 4_000, 4_000]);
    expect(Array.from({ length: 7 }, () => highs.next())).toEqual([
      400, 800, 1_600, 3_200, 6_400, 8_000, 8_000,
    ]);
  });

  it('never ends, and starts again after a reset', () => {
    const backoff = new Backoff({ baseMs: 100, capMs: 1_000, random: () => 1 });
    for (let i = 0; i < 2_000; i += 1) backoff.next();
    expect(backoff.next()).toBe(1_000);
    backoff.reset();
    expect(backoff.attempts).toBe(0);
    expect(backoff.next()).toBe(100);
  });
});

describe('pause', () => {
  it('ends with its time or with the wake-up, whichever is first', async () => {
    vi.useFakeTimers();
    try {
      const wake = new AbortController();
      const done = vi.fn();
      void pause(1_000, wake.signal).then(done);
      await vi.advanceTimersByTimeAsync(999);
      expect(done).not.toHaveBeenCalled();
      wake.abort();
      await vi.advanceTimersByTimeAsync(0);
      expect(done).toHaveBeenCalledOnce();
      void pause(1_000, new AbortController().signal).then(done);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(done).toHaveBeenCalledTimes(2);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
