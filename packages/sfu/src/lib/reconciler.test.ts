import { expect, it } from 'vitest';
import { Reconciler } from './reconciler.ts';

/** Passes that end when the test says so. */
function bench() {
  const open: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const errors: unknown[] = [];
  let passes = 0;
  const reconciler = new Reconciler(
    () => {
      passes += 1;
      return new Promise<void>((resolve, reject) => open.push({ resolve, reject }));
    },
    (error) => errors.push(error),
  );
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    reconciler,
    errors,
    passes: () => passes,
    finish: async () => {
      open.shift()?.resolve();
      await settled();
    },
    fail: async (error: Error) => {
      open.shift()?.reject(error);
      await settled();
    },
  };
}

it('begins at once', () => {
  const { reconciler, passes } = bench();
  reconciler.poke();
  expect(passes()).toBe(1);
});

it('answers any number of pokes during a pass with one more pass', async () => {
  const { reconciler, passes, finish } = bench();
  for (let index = 0; index < 50; index += 1) reconciler.poke();
  expect(passes()).toBe(1);
  await finish();
  expect(passes()).toBe(2);
  await finish();
  expect(passes()).toBe(2);
});

it('begins anew after it came to rest', async () => {
  const { reconciler, passes, finish } = bench();
  reconciler.poke();
  await finish();
  reconciler.poke();
  expect(passes()).toBe(2);
});

it('tells of a failed pass and goes on with what was asked meanwhile', async () => {
  const { reconciler, passes, fail, finish, errors } = bench();
  reconciler.poke();
  reconciler.poke();
  await fail(new Error('once'));
  expect(errors).toEqual([new Error('once')]);
  expect(passes()).toBe(2);
  await finish();
  reconciler.poke();
  expect(passes()).toBe(3);
});

it('begins nothing after it was stopped', async () => {
  const { reconciler, passes, finish } = bench();
  reconciler.poke();
  reconciler.poke();
  reconciler.stop();
  await finish();
  reconciler.poke();
  expect(passes()).toBe(1);
});
