import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, outputPath } from './output.ts';
import { endProcess, spawnTied } from './processes.ts';

const READY = /^Parley is ready: (\S+)/;
const START_MS = 60_000;
/** Media ports of test servers: away from the default ones, so that a server running beside the tests is left alone. */
let nextMediaPort = 12_000 + (process.pid % 1_000) * 10;

export interface TestServer {
  /** `http://localhost:<port>`. */
  readonly url: string;
  readonly process: ChildProcess;
  readonly logFile: string;
  /** Address of a meeting that is entered at once. */
  meeting(slug: string, name: string, more?: Record<string, string | number>): string;
  /** Process ids of the media workers. */
  workerPids(): number[];
  stop(): Promise<void>;
}

/**
 * Starts the real server from its sources with the built client, on free ports and with a data folder of its own.
 * @param log name of the log file under `test-output/`
 * @param env further settings (`PARLEY_*`); nothing is taken over from the environment of the test
 */
export async function startServer(log: string, env: Record<string, string> = {}): Promise<TestServer> {
  if (!existsSync(join(ROOT, 'packages/web/dist/index.html'))) {
    throw new Error('The web client is not built; npm test does that, or: npm run build');
  }
  const data = mkdtempSync(join(tmpdir(), 'parley-data-'));
  const logFile = outputPath('logs', `${log}.log`);
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_')),
  );
  const child = spawnTied(join(ROOT, 'node_modules/.bin/node'), ['packages/sfu/src/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...clean,
      PARLEY_PORT: '0',
      PARLEY_MEDIA_PORT: String((nextMediaPort += 10)),
      PARLEY_DATA_DIR: data,
      PARLEY_LOG_LEVEL: 'debug',
      ...env,
    },
  });
  const file = createWriteStream(logFile);
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  const stop = async () => {
    await endProcess(child, 10_000);
    file.end();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const url = await readyUrl(child);
    const meeting = (slug: string, name: string, more: Record<string, string | number> = {}) => {
      const query = new URLSearchParams({ name, join: '1', mic: '1', cam: '1' });
      for (const [key, value] of Object.entries(more)) query.set(key, String(value));
      return `${url}/m/${slug}?${query.toString()}`;
    };
    return { url, process: child, logFile, meeting, workerPids: () => childrenOf(child.pid ?? 0), stop };
  } catch (error) {
    await stop();
    throw new Error(`${String(error)}\n${readFileSync(logFile, 'utf8').slice(-3_000)}`);
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no output to read');
  const lines = createInterface({ input: child.stdout });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  try {
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`The server ended while starting (${String(code ?? signal)}).`);
    });
    const ready = new Promise<string>((resolve) => {
      lines.on('line', (line) => {
        const url = READY.exec(line)?.[1];
        if (url) resolve(url);
      });
    });
    return new URL(await Promise.race([ready, ended])).origin;
  } finally {
    clearTimeout(timer);
  }
}

/** Direct children by /proc; the media workers are the only ones that a server has. */
function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number) : [];
}
