import { connect } from 'node:net';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '@parley/protocol';
import { ask as askServer, expectError, json } from '../support/ask.ts';
import type { Question } from '../support/ask.ts';
import { metricsOf } from '../support/metrics.ts';
import { ROOT } from '../support/output.ts';
import { RawWebSocket } from '../support/raw-websocket.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { SignallingClient, signallingUrl, ticketIn } from '../support/signalling-client.ts';
import { until } from '../support/wait.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer('server-http', {
    PARLEY_WORKERS: '1',
    PARLEY_TRUSTED_PROXIES: '1',
    PARLEY_LOG_LEVEL: 'info',
  });
});
afterAll(() => server?.stop());
const ask = (path: string, question?: Question) => askServer(server.url, path, question);

describe('health and metrics', () => {
  it('says that it lives and is ready, and that nobody may keep the answer', async () => {
    for (const [path, body] of [
      ['/health/live', { status: 'live' }],
      ['/health/ready', { status: 'ready', problems: [] }],
    ] as const) {
      const answer = await ask(path);
      expect([answer.status, json(answer)]).toEqual([200, body]);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  it('counts meetings, people, sockets, consumers, workers and refusals', async () => {
    const before = await metricsOf(server.url);
    expect(before.get('parley_media_workers')).toBe(1);
    const anna = await SignallingClient.enter(server.url, 'counted', 'Anna');
    await anna.settle();
    const during = await metricsOf(server.url);
    for (const name of ['parley_meetings', 'parley_people', 'parley_signalling_sockets']) {
      expect(during.get(name), name).toBe((before.get(name) ?? 0) + 1);
    }
    expect(
      during.get('parley_refused_total{key="UNKNOWN_METHOD",method="(unknown)"}'),
    ).toBeGreaterThanOrEqual(1);
    expect([...during.keys()].join()).not.toContain('settle');
    await anna.leave();
    await until(
      async () => (await metricsOf(server.url)).get('parley_people') === before.get('parley_people'),
      {
        timeoutMs: 5_000,
        what: 'nobody is counted any more',
      },
    );
  });
});

describe('the page', () => {
  it('is served for every address that a person may have, with a policy and a nonce of its own each time', async () => {
    const nonces = new Set<string>();
    for (const path of ['/', '/m/garden', '/m/garden?name=Guest', '/whatever/else']) {
      const { status, headers, body } = await ask(path);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      const policy = String(headers['content-security-policy']);
      const nonce = /'nonce-([A-Za-z0-9+/=]{22,})'/.exec(policy)?.[1] ?? '';
      expect(nonce).not.toBe('');
      nonces.add(nonce);
      expect(body.toString()).not.toContain('__CSP_NONCE__');
      expect(headers['cache-control']).toBe('no-cache');
      expect(body.toString()).not.toContain('parley-ticket');
    }
    expect(nonces.size).toBe(4);
  });

  it('of a link that enters at once carries a ticket for that meeting, which nobody may keep', async () => {
    const { headers, body } = await ask('/m/garden?name=Guest&join=1');
    expect(headers['cache-control']).toBe('no-store');
    const carried = ticketIn(body);
    expect(carried).toMatchObject({ protocolVersion: PROTOCOL_VERSION, expiresInMs: 60_000 });
    const socket = await RawWebSocket.open(signallingUrl(server.url, carried!.ticket));
    const client = new SignallingClient(socket);
    expect(await client.notice('welcome')).toMatchObject({ slug: 'garden' });
    socket.close();
    for (const path of ['/m/Not-A-Slug?join=1', '/m/garden/more?join=1', '/?join=1', '/m/garden?join=2']) {
      expect(ticketIn((await ask(path)).body), path).toBeNull();
    }
  });

  it('has a policy that lets nothing in from elsewhere and nothing inline', async () => {
    const { headers } = await ask('/');
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((part) => {
          const [name = '', ...values] = part.split(' ');
          return [name, values] as const;
        }),
    );
    expect(policy.get('default-src')).toEqual(["'self'"]);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    expect(policy.get('object-src')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(JSON.stringify([...policy])).not.toMatch(/unsafe|\*|http:|https:/);
  });

  it('and everything else carries the usual headers', async () => {
    for (const path of ['/', '/health/live', '/metrics', '/api/v1/meetings/abc', '/assets/none.js']) {
      const { headers } = await ask(path);
      expect(headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=(self)');
      expect(headers['x-powered-by']).toBeUndefined();
      // Plain HTTP: a promise of HTTPS would lock people out.
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['content-security-policy']).toBeDefined();
    }
    expect((await ask('/api/v1/meetings/abc')).headers['content-security-policy']).toContain(
      "default-src 'none'",
    );
  });

  it('answers HEAD like GET, without the body', async () => {
    for (const path of ['/', '/m/garden', '/health/ready']) {
      const [head, get] = [await ask(path, { method: 'HEAD' }), await ask(path)];
      expect([head.status, head.body.length]).toEqual([200, 0]);
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
    }
  });
});

describe('files', () => {
  const assets = () =>
    readdirSync(join(ROOT, 'packages/web/dist/assets'), { recursive: true, encoding: 'utf8' });
  const script = () => {
    const name = assets().find(
      (file) =>
        /\.js$/.test(file) && readFileSync(join(ROOT, 'packages/web/dist/assets', file)).length > 4096,
    );
    if (!name) throw new Error('the web client is not built');
    return { path: `/assets/${name}`, content: readFileSync(join(ROOT, 'packages/web/dist/assets', name)) };
  };

  it('named by their content are kept for ever', async () => {
    const { path, content } = script();
    const answer = await ask(path);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/javascript/);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.body.equals(content)).toBe(true);
    const again = await ask(path, { headers: { 'If-None-Match': String(answer.headers.etag) } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it('come packed to who can unpack them, and say so', async () => {
    const { path, content } = script();
    for (const [encoding, unpack] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const headers = { 'Accept-Encoding': encoding };
      // The first demand starts the packing and gets the plain form.
      const packed = await until(
        async () => {
          const answer = await ask(path, { headers });
          return answer.headers['content-encoding'] === encoding ? answer : null;
        },
        { timeoutMs: 20_000, what: `${encoding} is ready` },
      );
      expect(packed.headers.vary).toContain('Accept-Encoding');
      expect(packed.body.length).toBeLessThan(content.length);
      expect(unpack(packed.body).equals(content)).toBe(true);
    }
    expect(
      (await ask(path, { headers: { 'Accept-Encoding': 'identity' } })).headers['content-encoding'],
    ).toBeUndefined();
    expect(
      (await ask(path, { headers: { 'Accept-Encoding': 'br;q=0' } })).headers['content-encoding'],
    ).toBeUndefined();
  });

  it('that are not there are an error, not the page; nothing outside can be reached', async () => {
    for (const path of [
      '/assets/none.js',
      '/none.png',
      '/favicon.xyz',
      '/assets/../../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/..%2f..%2fpackage.json',
      '/.vite/manifest.json',
    ]) {
      expectError(await ask(path), 'NOT_FOUND');
    }
  });

  it('cannot be written', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expectError(await ask('/', { method }), 'NOT_FOUND');
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['garbage', Buffer.from('\u0000\u0001garbage\r\n\r\n')],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['a header without end', Buffer.from(`GET / HTTP/1.1\r\nX: ${'y'.repeat(200_000)}`)],
    [
      'two lengths',
      Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'),
    ],
  ])('%s is refused and cut off', async (_name, bytes) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await ask('/health/live')).status).toBe(200);
  });
});
