import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS, PROTOCOL_VERSION } from '@parley/protocol';
import { RawWebSocket, UpgradeRefused } from '../support/raw-websocket.ts';
import type { RawOptions } from '../support/raw-websocket.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import type { Refusal } from '../support/signalling-client.ts';
import { CAN_DECODE, SignallingClient, signallingUrl, ticketFor } from '../support/signalling-client.ts';

const SECRET = 'the secret of this very installation, long enough';

let server: TestServer;
beforeAll(async () => {
  server = await startServer('server-door', {
    PARLEY_TRUSTED_PROXIES: '1',
    PARLEY_SECRET: SECRET,
    PARLEY_WORKERS: '1',
    PARLEY_MAX_PEERS: '3',
    PARLEY_MAX_SOCKETS_PER_ADDRESS: '5',
    PARLEY_ALLOWED_ORIGINS: 'https://app.example',
  });
});
afterAll(() => server?.stop());

/** Every test comes from an address of its own, so that none uses up the sockets of another. */
let tests = 0;
const ownAddress = () => `198.51.100.${(tests += 1)}`;

/** How an upgrade ends: `open`, or status and key of the refusal. */
async function upgrade(url: string, options: RawOptions = {}): Promise<string> {
  try {
    const socket = await RawWebSocket.open(url, options);
    socket.close();
    return 'open';
  } catch (error) {
    if (!(error instanceof UpgradeRefused)) throw error;
    return `${error.status} ${error.reason}`;
  }
}

const refusal = (key: keyof typeof ERRORS) => `${ERRORS[key].status} ${key}`;

async function knock(options: RawOptions & { slug?: string; ticket?: string } = {}): Promise<string> {
  const address = ownAddress();
  const ticket = options.ticket ?? (await ticketFor(server.url, options.slug ?? 'door', { address }));
  return upgrade(signallingUrl(server.url, ticket), {
    ...options,
    headers: { 'X-Forwarded-For': address, ...options.headers },
  });
}

describe('the ticket', () => {
  it('opens the door once', async () => {
    const ticket = await ticketFor(server.url, 'door');
    expect(await knock({ ticket })).toBe('open');
    expect(await knock({ ticket })).toBe(refusal('TICKET_USED'));
  });

  it('lets one of ten in when ten come with it at once', async () => {
    const ticket = await ticketFor(server.url, 'door');
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => knock({ ticket })));
    expect(outcomes.filter((outcome) => outcome === 'open')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === refusal('TICKET_USED'))).toHaveLength(9);
  });

  it('must be there, whole, and ours', async () => {
    const ticket = await ticketFor(server.url, 'door');
    expect(await upgrade(`${server.url}/signalling`)).toBe(refusal('TICKET_INVALID'));
    expect(await knock({ ticket: `${ticket.slice(0, -4)}AAAA` })).toBe(refusal('TICKET_INVALID'));
    expect(await knock({ ticket: 'x'.repeat(5000) })).toBe(refusal('TICKET_INVALID'));
  });

  it('is not a resume key', async () => {
    const client = await SignallingClient.open(server.url, 'door', { address: ownAddress() });
    expect(await knock({ ticket: client.welcome.resumeKey })).toBe(refusal('TICKET_INVALID'));
    client.socket.close();
  });
});

describe('the origin', () => {
  it('may be the own one, a listed one, or none', async () => {
    expect(await knock({ origin: server.url })).toBe('open');
    expect(await knock({ origin: 'https://app.example' })).toBe('open');
    expect(await knock()).toBe('open');
    expect(
      await knock({ origin: 'https://meet.example', headers: { 'X-Forwarded-Host': 'meet.example' } }),
    ).toBe('open');
  });

  it('is refused when it is foreign, also with a good ticket, which stays unspent', async () => {
    const ticket = await ticketFor(server.url, 'door');
    for (const origin of [
      'https://evil.example',
      'null',
      'https://app.example.evil.example',
      'http://localhost:1',
    ]) {
      expect(await knock({ ticket, origin }), origin).toBe(refusal('ORIGIN_REFUSED'));
    }
    expect(await knock({ ticket })).toBe('open');
  });
});

describe('the handshake', () => {
  it('needs the sub-protocol and the path', async () => {
    expect(await knock({ protocol: null })).toMatch(/^403 /);
    expect(await knock({ protocol: 'chat' })).toMatch(/^403 /);
    const ticket = await ticketFor(server.url, 'door');
    expect(await upgrade(`${server.url}/elsewhere?ticket=${ticket}`)).toBe(refusal('NOT_FOUND'));
    expect(await upgrade(`${server.url}//?ticket=${ticket}`)).toBe(refusal('NOT_FOUND'));
    expect(await upgrade(`${server.url}//signalling/..//%?ticket=${ticket}`)).toBe(refusal('NOT_FOUND'));
    expect(await knock({ ticket })).toBe('open');
  });

  it('ends in a welcome that says who and where', async () => {
    const client = await SignallingClient.open(server.url, 'door-welcome', { address: ownAddress() });
    expect(client.frames[0]).toMatchObject({ notification: true, method: 'welcome' });
    expect(client.welcome).toMatchObject({
      protocolVersion: PROTOCOL_VERSION,
      slug: 'door-welcome',
      phase: 'admitted',
      role: 'participant',
    });
    expect(client.welcome.routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType)).toContain(
      'audio/opus',
    );
    client.socket.close();
  });

  it('of another protocol version ends at join', async () => {
    const client = await SignallingClient.open(server.url, 'door', { address: ownAddress() });
    const join = client.ask('join', { protocolVersion: 999, displayName: 'A', rtpCapabilities: CAN_DECODE });
    await expect(join).rejects.toMatchObject({ code: ERRORS.VERSION_MISMATCH.code });
    client.socket.close();
  });
});

describe('coming back', () => {
  it('with the resume key is the same person; in another meeting it is a new one', async () => {
    const address = ownAddress();
    const first = await SignallingClient.enter(server.url, 'door-again', 'Anna', { address });
    const { resumeKey } = first.welcome;
    const again = await SignallingClient.enter(server.url, 'door-again', 'Anna', { address, resumeKey });
    expect(again.peerId).toBe(first.peerId);
    expect(again.joined.snapshot.peers).toHaveLength(1);
    expect(await first.notice('goodbye')).toMatchObject({ key: 'REPLACED', retryAfterMs: null });
    expect(await first.socket.closed).toMatchObject({ code: ERRORS.REPLACED.code });

    const elsewhere = await SignallingClient.open(server.url, 'door-other', { address, resumeKey });
    expect(elsewhere.peerId).not.toBe(first.peerId);
    elsewhere.socket.close();
    await again.leave();
  });
});

describe('limits', () => {
  it('keeps the number of sockets of one address, also when they come at once', async () => {
    const address = ownAddress();
    const tickets = await Promise.all(Array.from({ length: 12 }, () => ticketFor(server.url, 'door-many')));
    const headers = { 'X-Forwarded-For': address };
    const outcomes = await Promise.allSettled(
      tickets.map((ticket) => RawWebSocket.open(signallingUrl(server.url, ticket), { headers })),
    );
    const open = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as UpgradeRefused] : [],
    );
    expect(open).toHaveLength(5);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['TOO_MANY_ATTEMPTS']));

    const other = await SignallingClient.open(server.url, 'door-many', { address: ownAddress() });
    other.socket.close();
    for (const socket of open) socket.close();
    await Promise.all(open.map((socket) => socket.closed));
    const again = await SignallingClient.open(server.url, 'door-many', { address });
    again.socket.close();
  });

  it('keeps the number of people in a meeting, at the door and at join', async () => {
    const enter = () => SignallingClient.enter(server.url, 'door-full', 'Guest', { address: ownAddress() });
    const people = await Promise.all([enter(), enter()]);
    const waiting = await Promise.all(
      [1, 2].map(() => SignallingClient.open(server.url, 'door-full', { address: ownAddress() })),
    );
    const joins = await Promise.allSettled(waiting.map((client) => client.join('Late')));
    expect(joins.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = joins.find((join) => join.status === 'rejected') as PromiseRejectedResult;
    expect((refused.reason as Refusal).key).toBe('MEETING_FULL');

    await expect(enter()).rejects.toMatchObject({ code: ERRORS.MEETING_FULL.code });
    const state = await fetch(`${server.url}/api/v1/meetings/door-full`);
    expect(await state.json()).toEqual({ slug: 'door-full', people: 3, full: true });

    // Somebody who is in already may come back although it is full.
    const { resumeKey } = people[0]!.welcome;
    const back = await SignallingClient.enter(server.url, 'door-full', 'Guest', {
      address: ownAddress(),
      resumeKey,
    });
    expect(back.joined.snapshot.peers).toHaveLength(3);
    await back.leave();
    const next = await enter();
    for (const client of [...people, ...waiting, next]) client.socket.destroy();
  });
});
