import type { Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ParleyError } from '@parley/protocol';
import packageJson from '../package.json' with { type: 'json' };
import { installationSecret } from './auth/secret.ts';
import { Tickets } from './auth/tickets.ts';
import type { Config } from './config.ts';
import { clientAddress, originAllowed, rateKey } from './http/client-address.ts';
import { ClientFiles } from './http/client-files.ts';
import { createExpressApp } from './http/express-app.ts';
import { Metrics } from './http/metrics.ts';
import { createWebServer, listen } from './http/server.ts';
import { TicketOffice } from './http/ticket-office.ts';
import { tlsFor } from './http/tls.ts';
import { KeyedBuckets } from './lib/token-bucket.ts';
import { listenAddresses } from './media/addresses.ts';
import { LocalHost } from './media/local-host.ts';
import { findWorkerBin } from './media/worker-bin.ts';
import { WorkerPool } from './media/worker-pool.ts';
import { Registry } from './room/registry.ts';
import { randomId } from './runtime.ts';
import type { Logger } from './runtime.ts';
import { TICKETS } from './signalling/rates.ts';
import { SignallingServer } from './signalling/server.ts';

const CLIENT_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));
/** How long the last answers may take when the server goes down. Milliseconds. */
const CLOSE_WITHIN_MS = 2000;
/** Clients come back spread over this time after a restart, so that they do not all come at once. Milliseconds. */
const RETURN_AFTER_MS = 2000;
const PATIENCE_MS = 10_000;
const EMPTY_ROOM_LINGER_MS = 60_000;

export interface RunningApp {
  readonly port: number;
  readonly https: boolean;
  readonly mediaPort: number;
  readonly workerPids: () => number[];
  /** Tells clients, closes sockets, then workers. Idempotent. */
  stop(): Promise<void>;
}

/** The composition root: picks the implementations and joins them. @throws StartupError */
export async function startApp(config: Config, logger: Logger, env: NodeJS.ProcessEnv): Promise<RunningApp> {
  const now = Date.now;
  const files = new ClientFiles(CLIENT_ROOT);
  const tls = await tlsFor(config);
  const tickets = new Tickets(config.secret ?? installationSecret(config.dataDir), now, randomId);
  const pool = await WorkerPool.start({
    size: config.workers,
    workerBin: findWorkerBin(config.workerBin, env),
    addresses: listenAddresses(networkInterfaces(), config.announcedAddress),
    port: config.mediaPort,
    logger,
  });

  let server: Server | null = null;
  try {
    const registry = new Registry(
      {
        host: new LocalHost(pool, config.codecs, logger),
        logger,
        now,
        newId: randomId,
        maxPeers: config.maxPeers,
        patienceMs: PATIENCE_MS,
      },
      { maxRooms: config.maxMeetings, lingerMs: EMPTY_ROOM_LINGER_MS },
    );
    const sum = (read: (peer: { subscriptions: { size: number } }) => number) =>
      [...registry.rooms()].reduce(
        (total, room) => total + [...room.peers()].reduce((n, peer) => n + read(peer), 0),
        0,
      );
    let stopping = false;
    const metrics = new Metrics({
      meetings: () => registry.size,
      people: () => sum(() => 1),
      consumers: () => sum((peer) => peer.subscriptions.size),
      sockets: () => signalling.sessions,
      workersAlive: () => pool.alive,
    });
    const addressOf = (request: Parameters<typeof clientAddress>[0]) =>
      rateKey(clientAddress(request, config.trustedProxies));
    const signalling = new SignallingServer({
      tickets,
      registry,
      logger,
      now,
      newId: randomId,
      serverVersion: packageJson.version,
      maxSocketsPerAddress: config.maxSocketsPerAddress,
      addressOf,
      originAllowed: (request, origin) =>
        originAllowed(request, origin, { hops: config.trustedProxies, allowed: config.allowedOrigins }),
      onRefused: (key, method) => metrics.refused(key, method),
    });
    const app = createExpressApp({
      https: tls !== null,
      trustedProxies: config.trustedProxies,
      files,
      metrics: config.metrics ? metrics : null,
      health: {
        problems: () => [
          ...(stopping ? ['the server is going down'] : []),
          ...(pool.alive === 0 ? ['no media worker is alive'] : []),
        ],
      },
      registry,
      office: new TicketOffice({
        registry,
        tickets,
        newId: randomId,
        buckets: new KeyedBuckets(now),
        rate: TICKETS,
      }),
      logger,
    });
    const web = createWebServer(app, tls);
    server = web;
    signalling.attach(web);
    const port = await listen(web, config.host, config.port);
    logger.info({ port, https: tls !== null, workers: pool.size, mediaPort: pool.port }, 'server is up');

    let stopped: Promise<void> | null = null;
    return {
      port,
      https: tls !== null,
      mediaPort: pool.port,
      workerPids: () => pool.workers().map(({ worker }) => worker.pid),
      stop() {
        stopped ??= (async () => {
          stopping = true;
          const error = new ParleyError('SHUTTING_DOWN');
          registry.closeAll(error, RETURN_AFTER_MS);
          signalling.close(error, RETURN_AFTER_MS);
          await closeServer(web);
          await pool.close();
        })();
        return stopped;
      },
    };
  } catch (error) {
    server?.close();
    await pool.close();
    throw error;
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
