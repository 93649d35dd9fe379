import { networkInterfaces } from 'node:os';
import { ParleyError } from '@parley/protocol';
import { expect, it } from 'vitest';
import { listenAddresses } from '../../packages/sfu/src/media/addresses.ts';
import { LocalHost } from '../../packages/sfu/src/media/local-host.ts';
import { findWorkerBin } from '../../packages/sfu/src/media/worker-bin.ts';
import { WorkerPool } from '../../packages/sfu/src/media/worker-pool.ts';
import { createLogger } from '../../packages/sfu/src/runtime.ts';
import { mediaHostContract } from '../contract/media-host.contract.ts';
import { FakeHost } from '../support/fake-media.ts';

const logger = createLogger('silent');
const startPool = (size: number) =>
  WorkerPool.start({
    size,
    workerBin: findWorkerBin(undefined, process.env),
    addresses: listenAddresses(networkInterfaces(), []),
    port: 0,
    logger,
  });

mediaHostContract('in memory', () => {
  const host = new FakeHost();
  return Promise.resolve({ host, kill: () => Promise.resolve(host.die()), stop: () => undefined });
});

mediaHostContract('mediasoup on this machine', async () => {
  const pool = await startPool(1);
  return {
    host: new LocalHost(pool, ['opus', 'vp8', 'vp9'], logger),
    kill: async () => {
      const died = new Promise((resolve) => pool.once('died', resolve));
      process.kill(pool.pick().worker.pid, 'SIGKILL');
      await died;
    },
    stop: () => pool.close(),
  };
});

it('spreads rooms over the workers, and says so when none is alive', async () => {
  const pool = await startPool(2);
  const host = new LocalHost(pool, ['opus', 'vp8'], logger);
  const rooms = await Promise.all(Array.from({ length: 4 }, () => host.openRoom('spread' as never)));
  expect(pool.workers().map(({ load }) => load)).toEqual([2, 2]);
  rooms[0]?.close();
  expect(pool.workers().reduce((sum, { load }) => sum + load, 0)).toBe(3);
  await pool.close();
  expect(() => pool.pick()).toThrow(ParleyError);
  await expect(host.openRoom('spread' as never)).rejects.toMatchObject({ key: 'MEDIA_UNAVAILABLE' });
});
