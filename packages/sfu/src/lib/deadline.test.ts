import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withDeadline } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => undefined);
const tooLate = () => new Error('too late');

it('passes on what came in time, and leaves no timer behind', async () => {
  await expect(withDeadline(Promise.resolve(7), 100, tooLate)).resolves.toBe(7);
  await expect(withDeadline(Promise.reject(new Error('broken')), 100, tooLate)).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

it('gives up at the deadline and not before', async () => {
  let outcome = 'waiting';
  const done = withDeadline(never, 100, tooLate).catch((error: Error) => {
    outcome = error.message;
  });
  await vi.advanceTimersByTimeAsync(99);
  expect(outcome).toBe('waiting');
  await vi.advanceTimersByTimeAsync(1);
  await done;
  expect(outcome).toBe('too late');
});
