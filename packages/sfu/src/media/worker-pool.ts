import { EventEmitter, once } from 'node:events';
import * as mediasoup from 'mediasoup';
import type { types } from 'mediasoup';
import { ParleyError } from '@parley/protocol';
import { backoffMs } from '../lib/backoff.ts';
import { withDeadline } from '../lib/deadline.ts';
import { StartupError } from '../runtime.ts';
import type { Logger } from '../runtime.ts';
import { listenInfos } from './addresses.ts';
import type { ListenAddress } from './addresses.ts';

export interface WorkerPoolOptions {
  readonly size: number;
  readonly workerBin: string;
  readonly addresses: readonly ListenAddress[];
  /** First port; worker n takes `port + n`. Undefined: a block that is free, from 24400 on. 0: any. */
  readonly port: number | undefined;
  readonly logger: Logger;
}

/** A live worker with its one WebRtcServer: all transports of the worker share one UDP and one TCP port an address. */
export interface PooledWorker {
  readonly index: number;
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  /** Routers and consumers on it, for choosing the least loaded. */
  load: number;
}

/** Below the range from which systems take ports for outgoing connections (32768 and up on Linux). */
const FIRST_PORT = 24400;
/** How long the processes may take to end. Milliseconds. */
const END_WITHIN_MS = 1000;
const PORT_BLOCK = 100;
const PORT_BLOCKS = 10;
/** A worker that has not said anything by then is no worker. Milliseconds. */
const START_WITHIN_MS = 10_000;
/** A worker that lived this long before it died is replaced at once; the others wait longer each time. */
const HEALTHY_MS = 30_000;

/**
 * One worker per core. A worker that dies is replaced; the process goes on, and so do the meetings on other workers.
 * Emits `died` (once per death, after mediasoup has closed everything on it) and `ready` (a replacement is up).
 */
export class WorkerPool extends EventEmitter<{ died: [number]; ready: [number] }> {
  readonly #options: WorkerPoolOptions;
  readonly #slots: (PooledWorker | null)[];
  readonly #attempts: number[];
  #port: number;
  #closed = false;

  private constructor(options: WorkerPoolOptions, port: number) {
    super();
    this.#options = options;
    this.#port = port;
    this.#slots = Array.from({ length: options.size }, () => null);
    this.#attempts = Array.from({ length: options.size }, () => 0);
  }

  /** @throws StartupError when no worker starts or the ports are taken */
  static async start(options: WorkerPoolOptions): Promise<WorkerPool> {
    const explicit = options.port !== undefined;
    for (let block = 0; ; block += 1) {
      const pool = new WorkerPool(options, options.port ?? FIRST_PORT + block * PORT_BLOCK);
      try {
        for (let index = 0; index < options.size; index += 1) pool.#slots[index] = await pool.#spawn(index);
        return pool;
      } catch (error) {
        await pool.close();
        const message = error instanceof Error ? error.message : String(error);
        const taken = /address already in use|EADDRINUSE/i.test(message);
        if (taken && !explicit && block < PORT_BLOCKS - 1) continue;
        throw new StartupError(pool.#explain(message, taken));
      }
    }
  }

  get size(): number {
    return this.#options.size;
  }

  get alive(): number {
    return this.#slots.filter(Boolean).length;
  }

  get port(): number {
    return this.#port;
  }

  workers(): PooledWorker[] {
    return this.#slots.filter((slot) => slot !== null);
  }

  /** The live worker with the least on it. @throws ParleyError MEDIA_UNAVAILABLE */
  pick(): PooledWorker {
    const [first, ...rest] = this.workers();
    if (!first) throw new ParleyError('MEDIA_UNAVAILABLE');
    return rest.reduce((best, next) => (next.load < best.load ? next : best), first);
  }

  /** Idempotent. Resolves when the worker processes have ended, so that none is left for others to bury. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const workers = this.workers().map(({ worker }) => worker);
    this.#slots.fill(null);
    const ended = Promise.all(workers.map((worker) => once(worker, 'subprocessclose')));
    for (const worker of workers) worker.close();
    await withDeadline(ended, END_WITHIN_MS, () => new Error('workers did not end in time')).catch(
      (error: unknown) => this.#options.logger.warn({ err: error }, 'media workers are left behind'),
    );
  }

  async #spawn(index: number): Promise<PooledWorker> {
    const { workerBin, addresses, logger } = this.#options;
    const created = withoutSignalHandlers(() => mediasoup.createWorker({ workerBin, logLevel: 'warn' }));
    const worker = await withDeadline(created, START_WITHIN_MS, () => {
      created.then(
        (late) => late.close(),
        () => undefined,
      );
      return new Error(`spawned, but silent for ${START_WITHIN_MS} ms`);
    });
    try {
      const port = this.#port === 0 ? 0 : this.#port + index;
      const server = await worker.createWebRtcServer({ listenInfos: listenInfos(addresses, port) });
      const started = Date.now();
      worker.once('died', (error) => {
        logger.error({ err: error, worker: index, pid: worker.pid }, 'media worker died');
        this.#died(index, Date.now() - started);
      });
      logger.info({ worker: index, pid: worker.pid, port }, 'media worker is up');
      return { index, worker, server, load: 0 };
    } catch (error) {
      worker.close();
      throw error;
    }
  }

  #died(index: number, livedMs: number): void {
    this.#slots[index] = null;
    if (livedMs >= HEALTHY_MS) this.#attempts[index] = 0;
    this.emit('died', index);
    this.#respawn(index);
  }

  #respawn(index: number): void {
    if (this.#closed) return;
    const attempt = this.#attempts[index] ?? 0;
    this.#attempts[index] = attempt + 1;
    const wait = attempt === 0 ? 0 : backoffMs(attempt, 200, 10_000);
    setTimeout(() => {
      if (this.#closed) return;
      this.#spawn(index).then(
        (slot) => {
          if (this.#closed) {
            slot.worker.close();
            return;
          }
          this.#slots[index] = slot;
          this.emit('ready', index);
        },
        (error: unknown) => {
          this.#options.logger.error(
            { err: error, worker: index, attempt },
            'media worker cannot be replaced yet',
          );
          this.#respawn(index);
        },
      );
    }, wait).unref();
  }

  #explain(message: string, taken: boolean): string {
    const last = this.#port + this.size - 1;
    if (taken) {
      return `The media ports ${this.#port} to ${last} are in use by another program. Set PARLEY_MEDIA_PORT to a free block.`;
    }
    if (/ENOENT|EACCES|spawn|wrong settings|pid:/.test(message)) {
      return `The media worker ${this.#options.workerBin} does not start (${message}). Run "npm run setup" again.`;
    }
    return `The media workers cannot listen: ${message}. Check PARLEY_ANNOUNCED_ADDRESS and PARLEY_MEDIA_PORT.`;
  }
}

/**
 * mediasoup closes a worker at SIGINT and SIGTERM by itself, before anybody could be told. The server has its own order
 * of going down (people first, workers last), so the handlers that were added meanwhile are taken away again.
 */
async function withoutSignalHandlers<T>(create: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  const created = create();
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.has(listener)) process.off(signal, listener);
    }
  });
  return created;
}
