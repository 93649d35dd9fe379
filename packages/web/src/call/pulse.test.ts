import { ParleyError } from '@parley/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchPulse } from './pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(answer: () => Promise<object>) {
  const request = vi.fn(answer);
  const dead = vi.fn();
  const stop = watchPulse({ request } as never, dead);
  return { request, dead, stop };
}

it('calls the socket dead when no answer comes', async () => {
  const { dead } = start(() => Promise.reject(new ParleyError('TIMEOUT', 'ping')));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(dead).toHaveBeenCalledOnce();
});

it('takes a refusal for a sign of life', async () => {
  const { dead } = start(() => Promise.reject(new ParleyError('RATE_LIMITED')));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(dead).not.toHaveBeenCalled();
});

it('does not ask again before it was answered, nor after the end', async () => {
  const { request, stop } = start(() => new Promise(() => undefined));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(request).toHaveBeenCalledOnce();
  stop();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(request).toHaveBeenCalledOnce();
});
