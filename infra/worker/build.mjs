// The source build: the C++ source that the mediasoup npm package carries, with this folder's CMakeLists.txt.
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildFlags, workerFile, workerFolder } from './identity.mjs';
import { fetchLibsrtp } from './libsrtp.mjs';
import { run } from './run.mjs';

/** What one compiler needs at most for a batch of sources. */
const bytesPerJob = 1.5 * 2 ** 30;

/** Debian's packages that the build needs, with what each gives: a command, or a header by its path. */
const needs = [
  { package: 'g++', command: ['c++', 'g++'] },
  { package: 'cmake', command: ['cmake'] },
  { package: 'ninja-build', command: ['ninja'] },
  { package: 'flatbuffers-compiler', command: ['flatc'] },
  { package: 'libflatbuffers-dev', header: 'flatbuffers/flatbuffers.h' },
  { package: 'libabsl-dev', header: 'absl/container/flat_hash_map.h' },
  { package: 'libuv1-dev', header: 'uv.h' },
  { package: 'libssl-dev', header: 'openssl/ssl.h' },
  // Unpacks Debian's source packages (and brings make, patch, xz and bzip2, which that takes).
  { package: 'dpkg-dev', command: ['dpkg-source'] },
];

/**
 * Every Debian package that the source build needs on a bare system with Node and git. Names only, for apt-get
 * install --no-install-recommends.
 */
export const workerBuildPackages = [
  ...needs.map((need) => need.package),
  // Not checked for, as it is needed only where a mirror is reached by https.
  'ca-certificates',
];

/** Those of workerBuildPackages that this machine lacks. Looks at files only, so that it is quick. */
export function missingBuildPackages(env = process.env) {
  return needs
    .filter((need) =>
      need.command ? !need.command.some((name) => onPath(name, env)) : !hasHeader(need.header),
    )
    .map((need) => need.package);
}

/**
 * Compiles the worker.
 * @param {object} options
 * @param {{ dir: string, version: string }} options.mediasoup
 * @param {string} options.folder private and empty
 * @param {string} options.logFile gets everything that the tools print
 * @param {(line: string) => void} options.log
 * @param {(state: { done: number, total: number, elapsedMs: number }) => void} options.progress
 * @param {NodeJS.ProcessEnv} options.env
 * @returns {Promise<{ binary: string, srtp: string }>} srtp: which libsrtp it got, in a few words
 * @throws {Error} code WORKER_PACKAGES_MISSING (with `packages`), WORKER_BUILD_FAILED (with `logFile`),
 *   WORKER_PLATFORM_UNSUPPORTED
 */
export async function buildWorker({ mediasoup, folder, logFile, log, progress, env }) {
  if (process.platform !== 'linux') {
    throw failure('WORKER_PLATFORM_UNSUPPORTED', `there is no source build for ${process.platform}`);
  }

  const missing = missingBuildPackages(env);

  if (missing.length > 0) {
    throw packagesMissing(missing, 'mediasoup-worker has to be compiled here');
  }

  const started = Date.now();
  const output = createWriteStream(logFile);
  const write = (line) => output.write(`${line}\n`);

  try {
    const libsrtp = await prepareLibsrtp({ folder, write, log });
    const buildFolder = join(folder, 'build');

    await mkdir(buildFolder);
    await step('cmake', [
      '-G',
      'Ninja',
      '-S',
      workerFolder,
      '-B',
      buildFolder,
      ...buildFlags,
      `-DMEDIASOUP_DIR=${mediasoup.dir}`,
      `-DSRTP_SOURCE_DIR=${libsrtp.dir ?? ''}`,
    ]);

    const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesPerJob)));

    log(
      `compiling mediasoup-worker ${mediasoup.version} with ${jobs} job${jobs > 1 ? 's' : ''}, log in ${logFile}`,
    );
    await step('ninja', ['-C', buildFolder, '-j', String(jobs), 'mediasoup-worker'], (line) => {
      const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];

      if (total) {
        progress({ done: Number(done), total: Number(total), elapsedMs: Date.now() - started });
      }
    });

    return { binary: join(buildFolder, workerFile), srtp: libsrtp.name };
  } finally {
    await new Promise((resolve) => output.end(resolve));
  }

  async function step(command, args, onLine = () => {}) {
    const tail = [];

    write(`$ ${command} ${args.join(' ')}`);

    const { code, error } = await run(command, args, {
      // Ninja's default form of progress, whatever the person prefers.
      env: { ...env, NINJA_STATUS: '[%f/%t] ' },
      onLine: (line) => {
        write(line);
        onLine(line);

        if (/error/i.test(line) && tail.length < 3) {
          tail.push(line.trim().slice(0, 300));
        }
      },
    });

    if (code !== 0) {
      const what = error
        ? `${command} cannot be started (${error.code})`
        : `${command} failed (exit code ${code})`;

      throw Object.assign(
        failure('WORKER_BUILD_FAILED', [`${what}; the full log is ${logFile}`, ...tail].join('\n  ')),
        { logFile },
      );
    }
  }
}

async function prepareLibsrtp({ folder, write, log }) {
  const fetched = await fetchLibsrtp({ folder, write });

  if (fetched.dir) {
    return { dir: fetched.dir, name: 'libsrtp 2 built on OpenSSL' };
  }

  if (!hasHeader('srtp2/srtp.h')) {
    throw packagesMissing(['libsrtp2-dev'], `the source of libsrtp cannot be had (${fetched.refused})`);
  }

  log(
    `the source of libsrtp cannot be had (${fetched.refused}): taking the packaged one, whose encryption is slower`,
  );

  return { name: 'the packaged libsrtp 2' };
}

/**
 * @param {string[]} packages
 * @param {string} why
 */
function packagesMissing(packages, why) {
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;

  return Object.assign(failure('WORKER_PACKAGES_MISSING', `${why}; install first: ${line}`), { packages });
}

export function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

function onPath(command, env) {
  return (env.PATH ?? '').split(delimiter).some((folder) => folder && existsSync(join(folder, command)));
}

function hasHeader(path) {
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
  const folders = ['/usr/include', '/usr/local/include', ...(triplet ? [`/usr/include/${triplet}`] : [])];

  return folders.some((folder) => existsSync(join(folder, path)));
}
