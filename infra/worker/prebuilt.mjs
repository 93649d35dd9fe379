// The worker that the mediasoup project publishes with each release. Taken where its page can be reached: it is the
// build that upstream tests.
import { createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { workerFile } from './identity.mjs';
import { run, whyNotRunnable } from './run.mjs';

/** A network that swallows packets must not hold up the set-up: the source build needs no answer from it. */
const answerMs = 5_000;
const downloadMs = 120_000;

/** The archive's name, by the rule of mediasoup's npm-scripts.mjs (getWorkerPrebuildTarName). */
export function prebuiltName(version) {
  const kernel = process.platform === 'linux' ? `-kernel${Number(release().split('.')[0])}` : '';

  return `mediasoup-worker-${version}-${process.platform}-${process.arch}${kernel}.tgz`;
}

/** The archive's address, by the rule of mediasoup's npm-scripts.mjs (downloadPrebuiltWorker). */
export function prebuiltUrl({ version, repository, env }) {
  const base =
    env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ||
    `${repository.replace(/^git\+/, '').replace(/\.git$/, '')}/releases/download`;

  return `${base}/${version}/${prebuiltName(version)}`;
}

/**
 * Downloads and unpacks the prebuilt worker, and sees whether it runs here.
 * @param {{ mediasoup: { version: string, repository: string }, folder: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ binary: string } | { refused: string }>} refused: why there is none, in a few words
 */
export async function fetchPrebuilt({ mediasoup, folder, env }) {
  const url = prebuiltUrl({ ...mediasoup, env });
  const archive = join(folder, 'prebuilt.tgz');
  const binary = join(folder, workerFile);

  try {
    await download(url, archive);
  } catch (error) {
    return { refused: `download failed: ${describe(error)}` };
  }

  const { code } = await run('tar', ['-xzf', archive, '-C', folder]);

  if (code !== 0) {
    return { refused: 'the downloaded archive cannot be unpacked' };
  }

  await chmod(binary, 0o755).catch(() => {});

  const reason = await whyNotRunnable(binary);

  return reason ? { refused: `downloaded, but ${reason}` } : { binary };
}

async function download(url, file) {
  const abort = new AbortController();
  // Two deadlines, the first for an answer and the second for all of it.
  let timer = setTimeout(() => abort.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);

  try {
    const response = await fetch(url, { signal: abort.signal });

    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(response.status === 404 ? 'none for this platform (404)' : `HTTP ${response.status}`);
    }

    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error(`not complete after ${downloadMs / 1000} s`)), downloadMs);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal: abort.signal });
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** fetch() says "fetch failed" and keeps what happened in the cause. */
function describe(error) {
  const cause = error.cause ?? error;

  return cause.code ? `${cause.code}${cause.hostname ? ` ${cause.hostname}` : ''}` : cause.message;
}
