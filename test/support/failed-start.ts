import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { ROOT } from './output.ts';
import { spawnTied } from './processes.ts';

/** A start that takes longer than this is taken for a success, and ended. Milliseconds. */
const PATIENCE_MS = 50_000;

export interface Ended {
  /** Exit code; null when it had to be ended. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the server with these settings (and no others) until it ends by itself. */
export async function runServer(env: Record<string, string>, args: string[] = []): Promise<Ended> {
  const data = mkdtempSync(join(tmpdir(), 'parley-data-'));
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('PARLEY_') && name !== 'MEDIASOUP_WORKER_BIN',
    ),
  );
  const child = spawnTied(join(ROOT, 'node_modules/.bin/node'), ['packages/sfu/src/main.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...clean,
      PARLEY_PORT: '0',
      PARLEY_MEDIA_PORT: '0',
      PARLEY_WORKERS: '1',
      PARLEY_DATA_DIR: data,
      PARLEY_LOG_LEVEL: 'silent',
      ...env,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  rmSync(data, { recursive: true, force: true });
  return { code, stdout, stderr };
}
