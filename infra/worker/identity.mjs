// What a worker binary is made of, as one key: two set-ups that would produce the same binary share it, any other
// gets its own folder in the cache. Everything here is cheap, because it runs at every start.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of CMakeLists.txt and compat/. */
export const workerFolder = dirname(fileURLToPath(import.meta.url));

/** File name of the binary on this platform. */
export const workerFile = process.platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker';

/** CMake settings of the source build. Part of the key, so a change here leads to a new build. */
export const buildFlags = ['-DCMAKE_BUILD_TYPE=Release', '-DWORKER_UNITY_BATCH=12'];

/** Variables from which CMake takes compilers and flags. */
const compilerVariables = ['CC', 'CXX', 'CFLAGS', 'CXXFLAGS', 'LDFLAGS'];

/**
 * The installed mediasoup package, or null where it is not installed.
 * @param {string} root the repository's root folder
 * @returns {{ dir: string, version: string, repository: string } | null}
 */
export function findMediasoup(root) {
  const dir = join(root, 'node_modules', 'mediasoup');

  try {
    const { version, repository } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));

    return { dir, version, repository: repository?.url ?? '' };
  } catch {
    return null;
  }
}

/** Name and version of the C library: a binary that is linked against a newer one does not start with an older one. */
export function libcName() {
  if (process.platform !== 'linux') {
    return 'system';
  }

  try {
    // A shell script on glibc systems, whose header names the version. Reading it is a hundred times faster than
    // starting it or asking for Node's diagnostic report.
    const match = /\(.*GLIBC.*\)\s+(\d+\.\d+)/.exec(readFileSync('/usr/bin/ldd', 'utf8').slice(0, 4096));

    if (match) {
      return `glibc${match[1]}`;
    }
  } catch {
    // Not every image has ldd.
  }

  if (existsSync('/etc/alpine-release')) {
    return 'musl';
  }

  const version = process.report?.getReport()?.header?.glibcVersionRuntime;

  return version ? `glibc${version}` : 'musl';
}

/**
 * The cache key of the worker for this machine.
 * @param {{ version: string, env: NodeJS.ProcessEnv }} options
 */
export function workerKey({ version, env }) {
  const hash = createHash('sha256');

  for (const file of ['CMakeLists.txt', ...listFiles('compat')]) {
    // Names and lengths go in too, so that moving bytes from one file to another is a change.
    const content = readFileSync(join(workerFolder, file));

    hash.update(`${file}\0${content.length}\0`).update(content);
  }

  for (const name of compilerVariables) {
    hash.update(`${name}=${env[name] ?? ''}\0`);
  }

  hash.update(buildFlags.join('\0'));

  return `${version}-${process.platform}-${process.arch}-${libcName()}-${hash.digest('hex').slice(0, 12)}`;
}

/** The per-user cache: $XDG_CACHE_HOME or ~/.cache, then parley/worker. */
export function defaultCacheDir(env) {
  const { XDG_CACHE_HOME: xdg } = env;
  // The specification wants relative values ignored.
  const base = xdg && xdg.startsWith('/') ? xdg : join(env.HOME || homedir(), '.cache');

  return join(base, 'parley', 'worker');
}

function listFiles(folder) {
  return readdirSync(join(workerFolder, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? listFiles(join(folder, entry.name)) : join(folder, entry.name),
    );
}
