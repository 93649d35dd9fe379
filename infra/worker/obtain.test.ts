// The order in which a worker is looked for, and what happens when something is in the way. Nothing is compiled here:
// an empty PATH ends the search where the source build would begin, and the published worker comes from a server of
// the test's own.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { hostname, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workerFile } from './identity.mjs';
import { fromLines, fromStanzas } from './libsrtp.mjs';
import { obtainWorker, readWorkerRecord, workerBuildPackages } from './obtain.mjs';
import { prebuiltName } from './prebuilt.mjs';
import { root as repository } from './smoke/stage.ts';

let scratch: string;
let root: string;
let cacheDir: string;
let lines: string[];
let real: string;
let archive: Buffer;
const closers: (() => void)[] = [];

beforeAll(async () => {
  real = (await obtainWorker({ root: repository })).path;
  archive = pack(readFileSync(real));
}, 30 * 60_000);

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'parley-worker-'));
  root = join(scratch, 'repository');
  cacheDir = join(scratch, 'cache');
  lines = [];
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  symlinkSync(join(repository, 'node_modules', 'mediasoup'), join(root, 'node_modules', 'mediasoup'));
});

afterEach(() => {
  closers.splice(0).forEach((close) => close());
  rmSync(scratch, { recursive: true, force: true });
});

function obtain(env: NodeJS.ProcessEnv = {}, allowDownload = true) {
  return obtainWorker({
    root,
    cacheDir,
    allowDownload,
    log: (line: string) => lines.push(line),
    // No PATH: whatever reaches the source build stops there.
    env: { PATH: '', MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: 'http://127.0.0.1:1', ...env },
  });
}

/** A release page; the promise's environment points obtainWorker to it. */
async function releasePage(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');

  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');

  return {
    MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}

/** The archive that upstream publishes, made of some file. */
function pack(content: Buffer | string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'parley-archive-'));

  try {
    writeFileSync(join(folder, workerFile), content, { mode: 0o755 });

    return execFileSync('tar', ['-cz', '-C', folder, workerFile], { maxBuffer: 2 ** 28 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('MEDIASOUP_WORKER_BIN', () => {
  it('comes before everything else', async () => {
    const found = await obtain({ MEDIASOUP_WORKER_BIN: real });

    expect(found).toMatchObject({ path: real, source: 'override' });
    expect(readWorkerRecord(root)).toMatchObject({ path: real, source: 'override' });
    expect(lines).toHaveLength(1);
  });

  it.for([
    ['is not there', (path: string) => path],
    ['cannot be executed', (path: string) => copyFileSync(real, path)],
    ['is something else', (path: string) => writeFileSync(path, '#!/bin/sh\nexit 0\n')],
  ] as const)('is refused when it %s', async ([, prepare], { task }) => {
    const path = join(scratch, 'mine');

    prepare(path);

    if (!task.name.includes('not there')) {
      chmodSync(path, task.name.includes('executed') ? 0o644 : 0o755);
    }

    await expect(obtain({ MEDIASOUP_WORKER_BIN: path })).rejects.toMatchObject({
      code: 'WORKER_OVERRIDE_UNUSABLE',
      message: expect.stringContaining(path),
    });
    expect(readWorkerRecord(root)).toBeNull();
  });
});

describe('the published worker', () => {
  it('is downloaded once, by upstream’s name, and cached', async () => {
    const asked: string[] = [];
    const env = await releasePage((request, response) => {
      asked.push(request.url!);
      response.end(archive);
    });
    const first = await obtain(env);
    const second = await obtain(env);
    const { version } = JSON.parse(
      readFileSync(join(root, 'node_modules', 'mediasoup', 'package.json'), 'utf8'),
    );

    expect(asked).toEqual([`/${version}/${prebuiltName(version)}`]);
    expect(prebuiltName(version)).toMatch(/^mediasoup-worker-[\d.]+-\w+-\w+(-kernel\d+)?\.tgz$/);
    expect(first).toMatchObject({ source: 'prebuilt' });
    expect(second).toMatchObject({ source: 'cache', path: first.path });
    expect(second.ms).toBeLessThan(100);
    expect(readWorkerRecord(root)).toMatchObject({ path: first.path, source: 'prebuilt', version });
  });

  it('is made by one of two set-ups, while the other waits', async () => {
    let asked = 0;
    const env = await releasePage((_request, response) => {
      asked++;
      response.end(archive);
    });
    const found = await Promise.all([obtain(env), obtain(env)]);

    expect(asked).toBe(1);
    expect(found.map(({ source }) => source).sort()).toEqual(['cache', 'prebuilt']);
    expect(lines.filter((line) => line.includes('waiting for it'))).toHaveLength(1);
  });

  it.for([
    ['there is none for this platform', 404, 'none for this platform'],
    ['it does not run here', 200, 'no working mediasoup-worker'],
    ['the archive is damaged', 200, 'cannot be unpacked'],
  ] as const)('leads on to the source build when %s', async ([why, status, said]) => {
    const env = await releasePage((_request, response) => {
      response.statusCode = status;
      response.end(why.includes('damaged') ? 'nothing' : pack('#!/bin/sh\nexit 127\n'));
    });

    await expect(obtain(env)).rejects.toMatchObject({ code: 'WORKER_PACKAGES_MISSING' });
    expect(lines.join()).toContain(said);
    expect(readWorkerRecord(root)).toBeNull();
    // Nothing half-made stays: no binary, no lock, no temporary folder.
    expect(readdirSync(cacheDir)).toEqual(['logs']);
  });

  it('is given up after five seconds when the network swallows the request', async () => {
    const env = await releasePage(() => {});
    const started = performance.now();

    await expect(obtain(env)).rejects.toMatchObject({ code: 'WORKER_PACKAGES_MISSING' });
    expect(performance.now() - started).toBeLessThan(6_500);
    expect(lines.join()).toContain('no answer within 5 s');
  });

  it('is not asked for when downloads are switched off', async () => {
    let asked = 0;
    const env = await releasePage(() => asked++);

    await expect(obtain(env, false)).rejects.toMatchObject({ code: 'WORKER_PACKAGES_MISSING' });
    expect(asked).toBe(0);
  });
});

describe('the cache', () => {
  it('names the packages that the source build misses', async () => {
    const error = await obtain({}, false).catch((reason) => reason);

    expect(error.packages).toEqual(expect.arrayContaining(['g++', 'cmake', 'ninja-build']));
    expect(workerBuildPackages).toEqual(expect.arrayContaining(error.packages));
    expect(error.message).toContain('apt-get install -y --no-install-recommends g++');
  });

  it('replaces a binary that no longer runs', async () => {
    const env = await releasePage((_request, response) => response.end(archive));
    const { path } = await obtain(env);

    writeFileSync(path, 'not a program');
    expect(await obtain(env)).toMatchObject({ source: 'prebuilt', path });
    expect(readFileSync(path).equals(readFileSync(real))).toBe(true);
  });

  it.for<[string, () => unknown]>([
    ['whose process is gone', () => ({ pid: deadPid(), started: '1', host: hostname() })],
    ['whose process number belongs to another one now', () => ({ pid: 1, started: '1', host: hostname() })],
    ['of another machine that went silent', () => ({ pid: 1, started: '1', host: 'elsewhere' })],
    ['that was cut short', () => ''],
  ])('takes over a lock %s', async ([, holder]) => {
    const env = await releasePage((_request, response) => response.end(archive));
    const { path } = await obtain(env);
    const key = basename(dirname(path));
    const lock = join(cacheDir, `${key}.lock`);
    const leftover = join(cacheDir, `tmp-${key}-left`);

    rmSync(dirname(path), { recursive: true });
    mkdirSync(leftover);
    writeFileSync(lock, JSON.stringify(holder()));

    const longAgo = new Date(Date.now() - 120_000);

    utimesSync(lock, longAgo, longAgo);
    expect(await obtain(env)).toMatchObject({ source: 'prebuilt', path });
    expect(readdirSync(cacheDir)).toEqual([key]);
  });
});

describe('sources of Debian', () => {
  const suites = new Set(['bookworm', 'bookworm-security']);

  it('come from the mirrors and keys of the machine, in the newer format', () => {
    const text = [
      '# a comment',
      'Types: deb',
      'URIs: http://mirror.example/debian',
      'Suites: bookworm bookworm-backports',
      'Components: main contrib',
      'Signed-By:',
      ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
      ' .',
      ' -----END PGP PUBLIC KEY BLOCK-----',
      '',
      'Types: deb',
      'URIs: http://other.example/tools',
      'Suites: nodistro',
      'Components: main',
      '',
      'Types: deb',
      'Enabled: no',
      'URIs: http://off.example/debian',
      'Suites: bookworm',
      'Components: main',
    ].join('\n');

    expect(fromStanzas(text, suites)).toEqual([
      [
        'Types: deb-src',
        'URIs: http://mirror.example/debian',
        'Suites: bookworm',
        'Components: main',
        'Signed-By:',
        ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
        ' .',
        ' -----END PGP PUBLIC KEY BLOCK-----',
        '',
        '',
      ].join('\n'),
    ]);
  });

  it('come from the mirrors and keys of the machine, in the older format', () => {
    const text = [
      '# deb http://off.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian bookworm main contrib',
      'deb http://security.example/debian bookworm-security main',
      'deb http://other.example/sdk sdk-bookworm main',
    ].join('\n');

    expect(fromLines(text, suites).map((entry) => entry.split('\n').slice(1, 5))).toEqual([
      [
        'URIs: http://mirror.example/debian',
        'Suites: bookworm',
        'Components: main',
        'Signed-By: /usr/share/keyrings/debian.gpg',
      ],
      ['URIs: http://security.example/debian', 'Suites: bookworm-security', 'Components: main', ''],
    ]);
  });
});

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}
