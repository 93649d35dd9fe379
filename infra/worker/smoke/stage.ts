// What every smoke test starts from: workers of the binary under test, routers that know VP8, and the certainty that
// all of it is gone afterwards.
import { fileURLToPath } from 'node:url';
import * as mediasoup from 'mediasoup';
import type { types } from 'mediasoup';
import { obtainWorker } from '../obtain.mjs';
import { vp8PayloadType } from './rtp.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export const loopback = { protocol: 'udp', ip: '127.0.0.1' } as const;

/** Lines that the workers logged, newest last: the only place that tells the negotiated SRTP suite. */
export const workerLog: string[] = [];

const closers: (() => void)[] = [];

/** Closes what was opened, last first; a failing close does not keep the others open. */
export function closeAll(): void {
  for (const close of closers.splice(0).reverse()) {
    try {
      close();
    } catch (error) {
      console.error(error);
    }
  }
}

export function onClose(close: () => void): void {
  closers.push(close);
}

let binary: Promise<string> | undefined;

/**
 * The worker that the set-up takes. MEDIASOUP_WORKER_BIN points the whole test at another one, without leaving a
 * record of it for the server.
 */
export function workerBinary(): Promise<string> {
  binary ??= process.env.MEDIASOUP_WORKER_BIN
    ? Promise.resolve(process.env.MEDIASOUP_WORKER_BIN)
    : obtainWorker({ root, log: (line: string) => console.log(line) }).then(({ path }) => path);

  return binary;
}

/** A worker whose death fails the test that is waiting for something from it. */
export async function startWorker(): Promise<types.Worker> {
  const note = (_namespace: string, line: string): void => {
    workerLog.push(line);
  };

  mediasoup.setLogEventListeners({
    ondebug: note,
    onwarn: note,
    onerror: (_namespace, line) => note('', line),
  });

  const worker = await mediasoup.createWorker({
    workerBin: await workerBinary(),
    logLevel: 'debug',
    logTags: ['dtls', 'srtp', 'ice', 'sctp'],
  });

  onClose(() => worker.close());
  worker.on('died', (error) => alive.reject(error));

  return worker;
}

// Rejected by the first worker that dies; raced by every wait.
const alive = Promise.withResolvers<never>();

alive.promise.catch(() => {});

/**
 * A value that an event will bring, with a deadline that names what was waited for.
 * `start` gets the functions that settle it.
 */
export async function arrival<T>(
  what: string,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
  deadlineMs = 10_000,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => reject(new Error(`${what}: nothing within ${deadlineMs} ms`)), deadlineMs);

  try {
    start(resolve, reject);

    return await Promise.race([promise, alive.promise]);
  } finally {
    clearTimeout(timer);
  }
}

export function createRouter(worker: types.Worker): Promise<types.Router> {
  return worker.createRouter({
    mediaCodecs: [
      { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: vp8PayloadType },
    ],
  });
}

/** Send parameters of a VP8 source: one encoding for each SSRC, lowest first, two temporal layers each. */
export function vp8Parameters(ssrcs: number[], temporalLayers = 2): types.RtpParameters {
  return {
    mid: '0',
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: vp8PayloadType,
        clockRate: 90_000,
        rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
      },
    ],
    encodings: ssrcs.map((ssrc) => ({ ssrc, scalabilityMode: `L1T${temporalLayers}` })),
    rtcp: { cname: 'smoke' },
  };
}
