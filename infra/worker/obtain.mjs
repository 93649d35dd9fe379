// Finds or makes the mediasoup-worker that this installation uses. Needs Node 20 and no package.
//
//   node infra/worker/obtain.mjs     prints the path; what happens goes to standard error
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWorker, failure, missingBuildPackages, workerBuildPackages } from './build.mjs';
import {
  cachedWorker,
  firstWritable,
  readOrigin,
  stampOf,
  store,
  temporaryFolder,
  withLock,
} from './cache.mjs';
import { defaultCacheDir, findMediasoup, workerKey } from './identity.mjs';
import { fetchPrebuilt } from './prebuilt.mjs';
import { whyNotRunnable } from './run.mjs';

export { missingBuildPackages, workerBuildPackages };

/**
 * @typedef {object} ObtainedWorker
 * @property {string} path absolute path of the binary
 * @property {'override' | 'cache' | 'prebuilt' | 'built'} source
 * @property {string} reason why that one, in one line
 * @property {number} ms how long it took
 */

/**
 * The worker for the mediasoup that is installed: the one that MEDIASOUP_WORKER_BIN names, else the cached one, else
 * the published one, else one compiled here. Leaves a record of the choice for the server (readWorkerRecord).
 *
 * @param {object} options
 * @param {string} options.root the repository's root folder, with node_modules
 * @param {string} [options.cacheDir] instead of the per-user cache
 * @param {(line: string) => void} [options.log]
 * @param {(state: { done: number, total: number, elapsedMs: number }) => void} [options.progress] while it compiles
 * @param {boolean} [options.allowDownload] false: do not ask for the published worker
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<ObtainedWorker>}
 * @throws {Error} code: WORKER_NO_MEDIASOUP (the package is not installed), WORKER_OVERRIDE_UNUSABLE,
 *   WORKER_PACKAGES_MISSING (`packages`: Debian packages to install), WORKER_BUILD_FAILED (`logFile`),
 *   WORKER_PLATFORM_UNSUPPORTED
 */
export async function obtainWorker({
  root,
  cacheDir,
  log = () => {},
  progress = () => {},
  allowDownload = true,
  env = process.env,
}) {
  const started = Date.now();
  const mediasoup = findMediasoup(root);

  if (!mediasoup) {
    throw failure('WORKER_NO_MEDIASOUP', `mediasoup is not installed in ${root}: run npm ci first`);
  }

  const { version } = mediasoup;
  const key = workerKey({ version, env });
  const record = readRecord(root);
  const override = env.MEDIASOUP_WORKER_BIN;

  const done = (choice) => {
    const { path, source, reason } = choice;

    // The server wants the source that was found first, not "cache" after the second start.
    if (record?.path !== path || record.stamp !== stampOf(path) || record.key !== key) {
      writeRecord(root, { path, source, version, key, reason, stamp: stampOf(path) });
    }

    log(`mediasoup-worker ${version}: ${source} (${reason}) ${path}`);

    return { path, source, reason, ms: Date.now() - started };
  };

  if (override) {
    return done(await takeOverride({ path: resolve(root, override), record, key }));
  }

  const cache = await firstCache({ root, cacheDir, env, record, key });
  const context = { cache, key, mediasoup, record, log, progress, allowDownload, env };

  return done((await takeCached(context)) ?? (await makeWorker(context)));
}

/**
 * The choice that obtainWorker made last, or null if there is none or it does not fit any more (the binary is gone,
 * another mediasoup is installed). Reads two small files; starts nothing.
 *
 * @param {string} root the repository's root folder
 * @returns {{ path: string, source: ObtainedWorker['source'], version: string, key: string, reason: string } | null}
 */
export function readWorkerRecord(root) {
  const record = readRecord(root);

  if (!record || record.version !== findMediasoup(root)?.version || !stampOf(record.path)) {
    return null;
  }

  const { path, source, version, key, reason } = record;

  return { path, source, version, key, reason };
}

async function takeOverride({ path, record, key }) {
  const stamp = stampOf(path);
  const reason = 'named by MEDIASOUP_WORKER_BIN';

  if (record?.path === path && record.stamp === stamp && record.key === key && stamp) {
    return { path, source: 'override', reason };
  }

  const problem = stamp ? await whyNotRunnable(path) : 'there is no such file';

  if (problem) {
    throw failure('WORKER_OVERRIDE_UNUSABLE', `MEDIASOUP_WORKER_BIN names ${path}, but ${problem}`);
  }

  return { path, source: 'override', reason };
}

/** The cached worker if it is there and runs, else null. */
async function takeCached({ cache, key, record }) {
  const path = cachedWorker(cache, key);
  const stamp = stampOf(path);

  if (!stamp) {
    return null;
  }

  // A file that ran before and has not changed since is not started again: this is the way of every later start.
  const known = record?.path === path && record.stamp === stamp && record.key === key;

  if (!known && (await whyNotRunnable(path))) {
    return null;
  }

  const origin = readOrigin(cache, key);

  return {
    path,
    source: 'cache',
    reason: origin ? `${origin.reason}, ${origin.at.slice(0, 10)}` : 'found there',
  };
}

async function makeWorker(context) {
  const { cache, key, log } = context;

  return withLock(
    { cacheDir: cache, key, onWait: (holder) => log(`${holder} is making the same worker: waiting for it`) },
    async () => (await takeCached(context)) ?? makeLocked(context),
  );
}

async function makeLocked({ cache, key, mediasoup, log, progress, allowDownload, env }) {
  const started = Date.now();
  const folder = await temporaryFolder(cache, key);

  try {
    const prebuilt = allowDownload
      ? await fetchPrebuilt({ mediasoup, folder, env })
      : { refused: 'downloads are switched off' };

    if (prebuilt.binary) {
      const reason = 'published by the mediasoup project';

      await keep('prebuilt', prebuilt.binary, reason);

      return { path: cachedWorker(cache, key), source: 'prebuilt', reason };
    }

    log(
      `no prebuilt mediasoup-worker (${prebuilt.refused}): compiling it from the source in the npm package`,
    );

    const logFile = join(cache, 'logs', `${key}.log`);

    await mkdir(dirname(logFile), { recursive: true });

    const built = await buildWorker({ mediasoup, folder, logFile, log, progress, env });
    const problem = await whyNotRunnable(built.binary);

    if (problem) {
      throw Object.assign(
        failure('WORKER_BUILD_FAILED', `compiled, but ${problem}; the full log is ${logFile}`),
        { logFile },
      );
    }

    const reason = `compiled here with ${built.srtp}`;

    await keep('built', built.binary, reason);

    return {
      path: cachedWorker(cache, key),
      source: 'built',
      reason: `${reason} in ${Math.round((Date.now() - started) / 1000)} s, as there is no prebuilt one: ${prebuilt.refused}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  function keep(source, binary, reason) {
    const origin = { source, reason, at: new Date().toISOString(), version: mediasoup.version };

    return store({ cacheDir: cache, key, binary, origin });
  }
}

/** The cache folder to use. An unwritable home folder (a service account's) does not stop a set-up. */
async function firstCache({ root, cacheDir, env, record, key }) {
  const folders = cacheDir
    ? [resolve(cacheDir)]
    : [defaultCacheDir(env), join(root, 'node_modules', '.cache', 'parley', 'worker')];

  // Where the recorded worker still stands nothing needs to be written.
  const known = folders.find((folder) => record?.path === cachedWorker(folder, key) && stampOf(record.path));

  return known ?? firstWritable(folders);
}

function recordFile(root) {
  return join(root, 'node_modules', '.cache', 'parley', 'worker.json');
}

function readRecord(root) {
  try {
    const record = JSON.parse(readFileSync(recordFile(root), 'utf8'));

    return typeof record?.path === 'string' ? record : null;
  } catch {
    return null;
  }
}

function writeRecord(root, record) {
  const file = recordFile(root);
  const draft = `${file}.${process.pid}`;

  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(draft, file);
}

async function main() {
  const isTerminal = process.stderr.isTTY;
  let shown = -1;

  const { path } = await obtainWorker({
    root: resolve(dirname(fileURLToPath(import.meta.url)), '..', '..'),
    log: (line) => process.stderr.write(`${line}\n`),
    progress: ({ done, total, elapsedMs }) => {
      const text = `  ${done}/${total} after ${Math.round(elapsedMs / 1000)} s`;
      const tenth = Math.floor((done / total) * 10);

      if (isTerminal) {
        process.stderr.write(`\r${text}${done === total ? '\n' : ''}`);
      } else if (tenth > shown) {
        shown = tenth;
        process.stderr.write(`${text}\n`);
      }
    },
  });

  process.stdout.write(`${path}\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    process.stderr.write(`${error.code ? error.message : error.stack}\n`);
    process.exitCode = 1;
  });
}
