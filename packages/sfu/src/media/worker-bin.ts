import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { version } from 'mediasoup';
import { StartupError } from '../runtime.ts';

const require = createRequire(import.meta.url);

/** Where set-up writes which worker it took (infra/worker/obtain.mjs). */
const RECORD = '.cache/parley/worker.json';

/**
 * Path of the mediasoup-worker: the configured one, `MEDIASOUP_WORKER_BIN`, the one that set-up obtained, the one that
 * the package brought. @throws StartupError when none can be run, or when it is of another version than the package
 */
export function findWorkerBin(configured: string | undefined, env: NodeJS.ProcessEnv): string {
  // The main file is node/lib/index.js of the package.
  const packageRoot = resolve(dirname(require.resolve('mediasoup')), '..', '..');
  const explicit = configured ?? env.MEDIASOUP_WORKER_BIN;
  if (explicit) {
    if (!runnable(explicit))
      throw new StartupError(`The media worker ${explicit} is missing or cannot be run.`);
    return explicit;
  }
  const record = readRecord(join(packageRoot, '..', RECORD));
  if (record && record.version === version && runnable(record.path)) return record.path;
  const packaged = join(packageRoot, 'worker', 'out', 'Release', 'mediasoup-worker');
  if (runnable(packaged)) return packaged;
  throw new StartupError('There is no media worker on this machine yet. Run "npm run setup" to obtain one.');
}

function readRecord(path: string): { path: string; version: string } | null {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as { path?: unknown; version?: unknown };
    return typeof record.path === 'string' && typeof record.version === 'string'
      ? { path: record.path, version: record.version }
      : null;
  } catch {
    return null;
  }
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
