import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { createSocket } from 'node:dgram';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServer } from '../support/failed-start.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/wait.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string, mode = 0o644) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};

/** The one line with which a start is refused; fails if there is more, or a stack trace, or another end. */
async function refusal(env: Record<string, string>, args: string[] = []): Promise<string> {
  const { code, stdout, stderr } = await runServer(env, args);
  expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }, stderr).toEqual({
    code: 1,
    stdout: '',
    lines: 1,
  });
  expect(stderr).toMatch(/^Parley cannot start: \S.*\n$/);
  return stderr;
}

async function listening(host: string): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  return { server, port: (server.address() as { port: number }).port };
}

// Side by side, because one of them waits for ten seconds.
describe.concurrent('a start that cannot succeed says why in one line', () => {
  it('HTTP port taken', async () => {
    const { server, port } = await listening('::');
    const line = await refusal({ PARLEY_PORT: String(port) });
    expect(line).toContain(String(port));
    expect(line).toContain('PARLEY_PORT');
    server.close();
  });

  it('media port taken, when it was asked for', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const line = await refusal({ PARLEY_MEDIA_PORT: String(port) });
    expect(line).toContain(String(port));
    expect(line).toContain('PARLEY_MEDIA_PORT');
    socket.close();
  });

  it('unknown key in the file, unknown variable, bad value, unreadable file, unknown argument', async () => {
    const [key, variable, value, file, argument] = await Promise.all([
      refusal({ PARLEY_CONFIG: write('unknown.yaml', 'prot: 3000\n') }),
      refusal({ PARLEY_PROT: '3000' }),
      refusal({ PARLEY_MAX_PEERS: 'many' }),
      refusal({ PARLEY_CONFIG: write('broken.yaml', 'a: [1,\nb: }\n') }),
      refusal({}, ['--verbose']),
    ]);
    expect(key).toContain('prot');
    expect(variable).toContain('PARLEY_PROT');
    expect(value).toContain('PARLEY_MAX_PEERS');
    expect(file).toContain('broken.yaml');
    expect(argument).toContain('--verbose');
  });

  it('no worker, a worker that ends at once, a worker that is no program, a worker that says nothing', async () => {
    const missing = join(folder, 'nowhere');
    const [gone, ends, text, mute] = await Promise.all([
      refusal({ PARLEY_WORKER_BIN: missing }),
      refusal({ PARLEY_WORKER_BIN: '/bin/false' }),
      refusal({ PARLEY_WORKER_BIN: write('no-program', 'just text', 0o755) }),
      refusal({ PARLEY_WORKER_BIN: write('mute', '#!/bin/sh\nexec sleep 600\n', 0o755) }),
    ]);
    expect(gone).toContain(missing);
    expect(ends).toContain('/bin/false');
    expect(text).toContain('no-program');
    expect(mute).toContain('mute');
  });

  it('data folder that cannot be written', async () => {
    const file = write('a-file', '');
    const [plain, secured] = await Promise.all([
      refusal({ PARLEY_DATA_DIR: join(file, 'data') }),
      refusal({ PARLEY_DATA_DIR: join(file, 'data'), PARLEY_SECRET: 'x'.repeat(40) }, ['--self-signed']),
    ]);
    for (const line of [plain, secured]) expect(line).toContain('PARLEY_DATA_DIR');
  });

  it('certificate that is missing, is none, or does not belong to its key', async () => {
    const pair = (name: string) => {
      const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
      const subject = ['-subj', '/CN=localhost', '-days', '1'];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-keyout',
          key,
          '-out',
          cert,
          ...subject,
        ],
        { stdio: 'ignore' },
      );
      return { cert, key };
    };
    const [one, two] = [pair('one'), pair('two')];
    const text = write('text.pem', 'no certificate');
    const lines = await Promise.all([
      refusal({ PARLEY_TLS_CERT: join(folder, 'nowhere.pem'), PARLEY_TLS_KEY: one.key }),
      refusal({ PARLEY_TLS_CERT: text, PARLEY_TLS_KEY: one.key }),
      refusal({ PARLEY_TLS_CERT: one.cert, PARLEY_TLS_KEY: text }),
      refusal({ PARLEY_TLS_CERT: one.cert, PARLEY_TLS_KEY: two.key }),
      refusal({ PARLEY_TLS_CERT: one.cert }),
    ]);
    for (const line of lines) expect(line).toContain('PARLEY_TLS');
  });

  it('addresses that cannot be listened on', async () => {
    expect(await refusal({ PARLEY_HOST: '192.0.2.77' })).toContain('PARLEY_HOST');
  });
});

describe('a start that succeeds', () => {
  it('takes the next free block of media ports when none was asked for and one is taken', async () => {
    const socket = createSocket('udp4');
    socket.bind(24_400, '127.0.0.1');
    // Somebody else (another server on this machine) may hold it already, which is as good.
    await Promise.race([once(socket, 'listening'), once(socket, 'error')]);
    const server = await startServer('server-start-ports', {
      PARLEY_MEDIA_PORT: '',
      PARLEY_WORKERS: '1',
      PARLEY_LOG_LEVEL: 'info',
    });
    await server.stop();
    const port = await until(
      () => /"port":(\d+),"msg":"media worker is up"/.exec(readFileSync(server.logFile, 'utf8'))?.[1],
      {
        timeoutMs: 5_000,
        what: 'the log tells the media port',
      },
    );
    expect(Number(port)).toBeGreaterThanOrEqual(24_500);
    socket.close();
  });

  it('keeps its secret in a file that only the owner can read', async () => {
    const data = join(folder, 'data');
    const server = await startServer('server-start-secret', { PARLEY_DATA_DIR: data, PARLEY_WORKERS: '1' });
    await server.stop();
    expect(statSync(join(data, 'secret')).mode & 0o777).toBe(0o600);
    const secret = readFileSync(join(data, 'secret'), 'utf8');
    expect(secret.trim().length).toBeGreaterThanOrEqual(32);
    const again = await startServer('server-start-secret', { PARLEY_DATA_DIR: data, PARLEY_WORKERS: '1' });
    await again.stop();
    expect(readFileSync(join(data, 'secret'), 'utf8')).toBe(secret);
  });

  it('serves https with a certificate of its own for every address of the machine', async () => {
    const server = await startServer('server-start-https', {
      PARLEY_TLS_SELF_SIGNED: '1',
      PARLEY_WORKERS: '1',
    });
    expect(server.url).toMatch(/^https:/);
    const { port } = new URL(server.url);
    const { status, headers, names } = await new Promise<{ status: number; headers: unknown; names: string }>(
      (resolve, reject) => {
        get({ host: '127.0.0.1', port, path: '/health/ready', rejectUnauthorized: false }, (response) => {
          const certificate = (response.socket as import('node:tls').TLSSocket).getPeerCertificate();
          response.resume();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            names: certificate.subjectaltname ?? '',
          });
        }).on('error', reject);
      },
    );
    expect(status).toBe(200);
    expect(headers).toHaveProperty('strict-transport-security');
    expect(names).toContain('DNS:localhost');
    for (const { address, family } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
      if (family === 'IPv4') expect(names).toContain(address);
    }
    await server.stop();
  });

  it('prints the effective configuration without secrets, and starts nothing', async () => {
    const secret = 'correct horse battery staple and more of it';
    const data = join(folder, 'not-made');
    const { code, stdout, stderr } = await runServer({ PARLEY_SECRET: secret, PARLEY_DATA_DIR: data }, [
      '--print-config',
      '--self-signed',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('horse');
    expect(JSON.parse(stdout)).toMatchObject({
      secret: '(set)',
      tlsSelfSigned: true,
      port: 0,
      dataDir: data,
    });
    expect(existsSync(data)).toBe(false);
  });
});
