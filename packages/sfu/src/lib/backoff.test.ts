import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('doubles up to the longest wait and stays there', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, 250, 5000))).toEqual([
    250, 500, 1000, 2000, 4000, 5000, 5000,
  ]);
  expect(backoffMs(100_000, 250, 5000)).toBe(5000);
});
