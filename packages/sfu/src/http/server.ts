import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { StartupError } from '../runtime.ts';
import type { TlsFiles } from './tls.ts';

/** Half-open and dawdling connections are cut after these. Milliseconds. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 10_000 } as const;

export function createWebServer(listener: RequestListener, tls: TlsFiles | null): Server {
  const server = tls
    ? createTlsServer({ ...TIMEOUTS, ...tls }, listener)
    : createServer({ ...TIMEOUTS }, listener);
  // A client that sends garbage instead of HTTP is told so and cut; the default handler does the same but for TLS.
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  return server;
}

/** Listens and tells the port. @throws StartupError with one line that says what to do */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    await attempt(server, host, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A machine without IPv6 has no `::`.
    if (host === '::' && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'))
      return listen(server, '0.0.0.0', port);
    if (code === 'EADDRINUSE') {
      throw new StartupError(
        `Port ${port} is in use by another program. Stop that one, or set PARLEY_PORT to a free port.`,
      );
    }
    if (code === 'EACCES') {
      throw new StartupError(
        `Port ${port} may not be opened by this user. Set PARLEY_PORT to 1024 or above.`,
      );
    }
    throw new StartupError(
      `The server cannot listen on ${host}: ${(error as Error).message}. Check PARLEY_HOST.`,
    );
  }
  return (server.address() as AddressInfo).port;
}

function attempt(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
