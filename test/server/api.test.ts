import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, MeetingReply, PROTOCOL_VERSION, TicketReply } from '@parley/protocol';
import { ask as askServer, expectError, json } from '../support/ask.ts';
import type { Answer, Question } from '../support/ask.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { SignallingClient, ticketIn } from '../support/signalling-client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer('server-api', {
    PARLEY_WORKERS: '1',
    PARLEY_TRUSTED_PROXIES: '1',
    PARLEY_LOG_LEVEL: 'info',
  });
});
afterAll(() => server?.stop());
const ask = (path: string, question?: Question) => askServer(server.url, path, question);
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...headers },
  });

const tickets = (slug: string) => `/api/v1/meetings/${slug}/tickets`;

describe('the API', () => {
  it('gives a ticket', async () => {
    const answer = await post(tickets('garden'), {});
    expect(answer.status).toBe(201);
    expect(TicketReply.parse(json(answer))).toMatchObject({
      protocolVersion: PROTOCOL_VERSION,
      expiresInMs: 60_000,
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await ask(tickets('garden'), { method: 'POST' })).status).toBe(201);
  });

  it('says what may be known of a meeting before entering, and starts none by looking', async () => {
    expect(MeetingReply.parse(json(await ask('/api/v1/meetings/unknown')))).toEqual({
      slug: 'unknown',
      people: 0,
      full: false,
    });
    const anna = await SignallingClient.enter(server.url, 'known', 'Anna');
    expect(json(await ask('/api/v1/meetings/known'))).toEqual({ slug: 'known', people: 1, full: false });
    await anna.leave();
  });

  it.each([
    'ab',
    'Upper',
    'a_b',
    '-a',
    'a-',
    'a--b',
    'a'.repeat(65),
    '%C3%A4bc',
    '..%2f..%2fx',
    'a%00b',
    '__proto__',
    'a b'.replace(' ', '%20'),
  ])('refuses the name %s', async (slug) => {
    expectError(await ask(`/api/v1/meetings/${slug}`), 'INVALID_SLUG');
    expectError(await post(tickets(slug), {}), 'INVALID_SLUG');
  });

  it('takes names at the limits', async () => {
    for (const slug of ['abc', '123', 'a-b', 'a'.repeat(64), 'constructor']) {
      expect((await ask(`/api/v1/meetings/${slug}`)).status, slug).toBe(200);
    }
  });

  it('refuses what is not to be understood, in the one form of errors', async () => {
    const raw = (body: string | Buffer, headers = {}) =>
      ask(tickets('garden'), {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', ...headers },
      });
    expectError(await raw('{'), 'BAD_REQUEST');
    expectError(await raw('"text"'), 'BAD_REQUEST');
    expectError(await raw('{"resumeKey":5}'), 'BAD_REQUEST');
    expectError(await raw('{"resumeKey":{"length":{"toString":1}}}'), 'BAD_REQUEST');
    expectError(await raw(`{"resumeKey":"${'x'.repeat(LIMITS.token + 1)}"}`), 'BAD_REQUEST');
    expectError(await raw(Buffer.from([0xff, 0xfe]), { 'Content-Encoding': 'gzip' }), 'BAD_REQUEST');
    expectError(await raw('{}', { 'Content-Type': 'application/json; charset=utf-99' }), 'BAD_REQUEST');
    expectError(await ask('/api/v1/meetings/%E0%A4%A'), 'BAD_REQUEST');
    expectError(await raw('['.repeat(5_000)), 'BAD_REQUEST');
  });

  it('refuses a body that is too large, also packed and without saying so beforehand', async () => {
    const large = { resumeKey: 'x'.repeat(LIMITS.bodyBytes) };
    expectError(await post(tickets('garden'), large), 'TOO_LARGE');
    const chunked = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
    expectError(
      await ask(tickets('garden'), { method: 'POST', body: JSON.stringify(large), headers: chunked }),
      'TOO_LARGE',
    );
  });

  it('has no other addresses', async () => {
    for (const [path, method] of [
      ['/api', 'GET'],
      ['/api/v2/meetings/abc', 'GET'],
      ['/api/v1/meetings', 'GET'],
      [tickets('abc'), 'GET'],
      ['/api/v1/meetings/abc', 'DELETE'],
    ] as const) {
      expectError(await ask(path, { method }), 'NOT_FOUND');
    }
  });

  it('takes a resume key that is worth nothing for none', async () => {
    expect((await post(tickets('garden'), { resumeKey: 'nonsense' })).status).toBe(201);
  });

  it('limits tickets by address, and does not let one spoil it for another', async () => {
    const from = (address: string) => ({ 'X-Forwarded-For': address });
    let refused: Answer | null = null;
    for (let index = 0; index < 1_000 && !refused; index += 20) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => post(tickets('garden'), {}, from('203.0.113.77'))),
      );
      refused = answers.find(({ status }) => status !== 201) ?? null;
    }
    expectError(refused!, 'TOO_MANY_ATTEMPTS');
    expect(refused!.status).toBe(429);
    expect(Number(refused!.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post(tickets('garden'), {}, from('203.0.113.78'))).status).toBe(201);
    // The page still comes, without a ticket in it.
    const pages = await Promise.all(
      Array.from({ length: 60 }, () => ask('/m/garden?join=1', { headers: from('203.0.113.77') })),
    );
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
    expect(pages.some(({ body }) => ticketIn(body) === null)).toBe(true);
    // What stands in front of the entry that the proxy wrote is not believed.
    const disguised = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        post(tickets('garden'), {}, from(`192.0.2.${index}, 203.0.113.77`)),
      ),
    );
    expect(disguised.some(({ status }) => status === 429)).toBe(true);
  });
});
