// The per-user cache: one folder for each key, holding the binary and a note of where it came from. A folder appears
// by rename, complete, or not at all.
import { readFileSync, statSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rename,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { workerFile } from './identity.mjs';

const heartbeatMs = 5_000;
/** A holder on another machine (a shared home folder) can only be judged by its heartbeat. */
const silentHolderMs = 60_000;

/** Path of the binary for a key. */
export function cachedWorker(cacheDir, key) {
  return join(cacheDir, key, workerFile);
}

/** Where the cached binary came from, or null: `{ source: 'prebuilt' | 'built', at, reason }`. */
export function readOrigin(cacheDir, key) {
  try {
    return JSON.parse(readFileSync(join(cacheDir, key, 'origin.json'), 'utf8'));
  } catch {
    return null;
  }
}

/** Size and time of a file, which together say that it is still the same one; null if it is gone. */
export function stampOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false });

  return stat?.isFile() ? `${stat.size}-${Math.round(stat.mtimeMs)}` : null;
}

/** A private folder inside the cache: on the same file system, so that its content can be renamed into place. */
export function temporaryFolder(cacheDir, key) {
  return mkdtemp(join(cacheDir, `tmp-${key}-`));
}

/**
 * Puts a finished binary into the cache.
 * @param {{ cacheDir: string, key: string, binary: string, origin: object }} options binary: within a temporaryFolder
 */
export async function store({ cacheDir, key, binary, origin }) {
  const ready = await temporaryFolder(cacheDir, key);

  await rename(binary, join(ready, workerFile));
  await writeFile(join(ready, 'origin.json'), `${JSON.stringify(origin, null, 2)}\n`);

  // Temporary folders are private; a worker may be started by another user than the one who installed it.
  await chmod(ready, 0o755);

  const target = join(cacheDir, key);

  // A folder is only replaced when its binary no longer runs. Renaming it away first keeps the gap a rename wide.
  const old = await temporaryFolder(cacheDir, key);

  await rename(target, join(old, 'replaced')).catch(ignoreMissing);
  await rename(ready, target);
  await rm(old, { recursive: true, force: true });
}

/**
 * Runs `work` while no other process on this cache works on the same key.
 *
 * The lock saves work, it does not guard the result: that is what the rename is for. So the one gap that is left (two
 * processes both finding a dead holder) costs a second build and nothing else.
 *
 * @param {{ cacheDir: string, key: string, onWait: (holder: string) => void }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 */
export async function withLock({ cacheDir, key, onWait }, work) {
  await mkdir(cacheDir, { recursive: true });

  const release = await acquire(join(cacheDir, `${key}.lock`), onWait);

  try {
    await sweep(cacheDir, key);

    return await work();
  } finally {
    await release();
  }
}

async function acquire(path, onWait) {
  const mine = JSON.stringify({ pid: process.pid, started: processStart(process.pid), host: hostname() });

  for (let waited = false; ;) {
    try {
      const file = await open(path, 'wx');

      await file.writeFile(mine);
      await file.close();

      const heartbeat = setInterval(() => {
        const now = new Date();

        utimes(path, now, now).catch(() => {});
      }, heartbeatMs);

      heartbeat.unref();

      return async () => {
        clearInterval(heartbeat);
        await rm(path, { force: true });
      };
    } catch (error) {
      if (error.code !== 'EEXIST') {
        throw error;
      }
    }

    const holder = await readHolder(path);

    if (holder?.dead) {
      await rm(path, { force: true });
      continue;
    }

    if (holder && !waited) {
      waited = true;
      onWait(holder.name);
    }

    await delay(250);
  }
}

/** Who holds the lock, or null if it has just been released. */
async function readHolder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });

  if (!stat) {
    return null;
  }

  const silent = Date.now() - stat.mtimeMs > silentHolderMs;

  try {
    const { pid, started, host } = JSON.parse(await readFile(path, 'utf8'));

    if (host !== hostname()) {
      return { name: `process ${pid} on ${host}`, dead: silent };
    }

    // A pid alone is not enough: after a reboot or a long while it belongs to someone else.
    return { name: `process ${pid}`, dead: !isAlive(pid) || processStart(pid) !== started };
  } catch {
    // Being written at this moment, or cut short by a crash.
    return { name: 'another process', dead: silent };
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);

    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** When a process was started, in the kernel's own unit; null where /proc does not exist. */
function processStart(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');

    // The second field is the program's name in brackets, in which spaces may occur; the time is field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return null;
  }
}

/** Removes what killed processes have left. Only the holder of the key's lock may call it. */
async function sweep(cacheDir, key) {
  for (const name of await readdir(cacheDir)) {
    if (name.startsWith(`tmp-${key}-`)) {
      await rm(join(cacheDir, name), { recursive: true, force: true });
    }
  }
}

/** The first of the folders that can be written to; created if need be. */
export async function firstWritable(folders) {
  let failure;

  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true });
      await rm(await mkdtemp(join(folder, 'try-')), { recursive: true });

      return folder;
    } catch (error) {
      failure = error;
    }
  }

  throw failure;
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}
