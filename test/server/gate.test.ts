import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ERRORS, LIMITS, METHODS, METHOD_NAMES, PROTOCOL_VERSION } from '@parley/protocol';
import type { ErrorKey, MethodName, PeerId, RoomSlug } from '@parley/protocol';
import { Tickets } from '../../packages/sfu/src/auth/tickets.ts';
import { Random } from '../support/random.ts';
import { OP, RawWebSocket } from '../support/raw-websocket.ts';
import { opusParameters, vp8Parameters } from '../support/rtp-parameters.ts';
import { sample } from '../support/sample.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import type { Refusal } from '../support/signalling-client.ts';
import { CAN_DECODE, SignallingClient, signallingUrl } from '../support/signalling-client.ts';

const SECRET = 'the secret of this very installation, long enough';

let server: TestServer;
beforeAll(async () => {
  server = await startServer('server-gate', {
    PARLEY_WORKERS: '1',
    PARLEY_TRUSTED_PROXIES: '1',
    PARLEY_SECRET: SECRET,
    PARLEY_LOG_LEVEL: 'info',
  });
});
afterAll(() => server?.stop());

const clients: SignallingClient[] = [];
let addresses = 0;
const door = () => ({ address: `203.0.113.${(addresses += 1)}` });
async function knock(slug = 'gate'): Promise<SignallingClient> {
  const client = await SignallingClient.open(server.url, slug, door());
  clients.push(client);
  return client;
}
async function enter(slug = 'gate', name = 'Anna') {
  const client = await SignallingClient.enter(server.url, slug, name, door());
  clients.push(client);
  return client;
}
afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy();
});

const FROM_CLIENT = METHOD_NAMES.filter((name) => METHODS[name].from === 'client');
const FROM_SERVER = METHOD_NAMES.filter((name) => METHODS[name].from === 'server');
const random = new Random(7);

/** The key with which a message is refused, or `fine`; whichever way such a message is answered. */
async function outcome(
  client: SignallingClient,
  kind: 'request' | 'notification',
  method: string,
  data: unknown,
): Promise<string> {
  if (kind === 'request') {
    return client.ask(method, data).then(
      () => 'fine',
      (error: unknown) => {
        const refusal = error as Refusal;
        expect(refusal.code).toBe(ERRORS[refusal.key as ErrorKey].code);
        return refusal.key;
      },
    );
  }
  const before = client.notices('refused').length;
  client.notify(method, data);
  await client.settle();
  const notice = client.notices('refused')[before];
  if (!notice) return 'fine';
  expect(notice).toMatchObject({ code: ERRORS[notice.key as ErrorKey].code, method });
  return notice.key;
}

describe('the method table at the gate', () => {
  it.each(FROM_CLIENT.filter((name) => !METHODS[name].phases.includes('admitted')))(
    '%s is refused before joining',
    async (name) => {
      const client = await knock();
      expect(await outcome(client, METHODS[name].kind, name, sample(METHODS[name].params, random))).toBe(
        'WRONG_PHASE',
      );
    },
  );

  it.each(FROM_CLIENT.filter((name) => !METHODS[name].phases.includes('joined')))(
    '%s is refused after joining',
    async (name) => {
      const client = await enter();
      expect(await outcome(client, METHODS[name].kind, name, sample(METHODS[name].params, random))).toBe(
        'WRONG_PHASE',
      );
    },
  );

  it.each(FROM_CLIENT.filter((name) => !METHODS[name].params.safeParse({}).success))(
    '%s is refused with data that does not fit',
    async (name) => {
      const client = METHODS[name].phases.includes('joined') ? await enter() : await knock();
      for (const data of [{}, null, [], 'x', 5]) {
        expect(await outcome(client, METHODS[name].kind, name, data)).toBe('BAD_REQUEST');
      }
    },
  );

  it('refuses what only the server sends, the other kind of what there is, and what there is not', async () => {
    const client = await enter();
    const other = (name: MethodName) => (METHODS[name].kind === 'request' ? 'notification' : 'request');
    for (const name of FROM_SERVER)
      expect(await outcome(client, METHODS[name].kind, name, {})).toBe('UNKNOWN_METHOD');
    for (const name of FROM_CLIENT)
      expect(await outcome(client, other(name), name, {})).toBe('UNKNOWN_METHOD');
    for (const name of ['', 'Join', '__proto__', 'constructor', 'toString', 'x'.repeat(64)]) {
      expect(await outcome(client, 'request', name, {})).toBe('UNKNOWN_METHOD');
    }
  });

  it('lets a viewer chat and look, and nothing else', async () => {
    const tickets = new Tickets(SECRET, Date.now, randomUUID);
    const ticket = await tickets.issue({
      slug: 'gate' as RoomSlug,
      peerId: 'viewer' as PeerId,
      role: 'viewer',
    });
    const client = new SignallingClient(await RawWebSocket.open(signallingUrl(server.url, ticket)));
    clients.push(client);
    expect(await client.notice('welcome')).toMatchObject({ role: 'viewer', capabilities: ['chat'] });
    const { media } = await client.join('Viewer');
    const transportId = media.sendTransport.id;
    for (const [source, rtpParameters] of [
      ['microphone', opusParameters(1)],
      ['camera', vp8Parameters([2])],
      ['screen', vp8Parameters([3])],
      ['screenAudio', opusParameters(4)],
    ] as const) {
      const kind = source === 'camera' || source === 'screen' ? 'video' : 'audio';
      expect(await outcome(client, 'request', 'produce', { transportId, kind, source, rtpParameters })).toBe(
        'NOT_ALLOWED',
      );
    }
    expect(await outcome(client, 'request', 'sendChat', { text: 'hello' })).toBe('fine');
  });
});

describe('joining', () => {
  it('happens once, also when it is asked for twice at the same moment', async () => {
    const client = await knock('gate-twice');
    const outcomes = await Promise.all(
      [1, 2, 3].map(() =>
        outcome(client, 'request', 'join', {
          protocolVersion: PROTOCOL_VERSION,
          displayName: 'Anna',
          rtpCapabilities: CAN_DECODE,
        }),
      ),
    );
    expect(outcomes.sort()).toEqual(['WRONG_PHASE', 'WRONG_PHASE', 'fine']);
    const ben = await enter('gate-twice', 'Ben');
    expect(ben.joined.snapshot.peers.map(({ name }) => name)).toEqual(['Anna', 'Ben']);
  });

  it('cleans names, and refuses those of which nothing is left', async () => {
    const [odd, empty] = [await knock(), await knock()];
    const { snapshot } = await odd.join('  \u202eEve\u0000  of \n two\u200b ');
    expect(snapshot.peers.find(({ id }) => id === odd.peerId)?.name).toBe('Eve of two');
    await expect(empty.join('\u200b \u202e')).rejects.toMatchObject({ key: 'BAD_REQUEST' });
    await empty.join('Now with a name');
  });
});

describe('limits of one session', () => {
  it('chat is slowed down, and nothing else with it', async () => {
    const client = await enter();
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => outcome(client, 'request', 'sendChat', { text: `${index}` })),
    );
    expect(outcomes.filter((result) => result === 'fine').length).toBeGreaterThanOrEqual(15);
    expect(outcomes.filter((result) => result === 'fine').length).toBeLessThan(25);
    expect(new Set(outcomes)).toEqual(new Set(['fine', 'RATE_LIMITED']));
    expect(await outcome(client, 'request', 'changeDisplayName', { displayName: 'Still here' })).toBe('fine');
  });

  it('who makes a sport of being refused is closed, with the code and a goodbye', async () => {
    const client = await enter();
    for (let index = 0; index < 300; index += 1) client.notify('nothing', {});
    expect(await client.socket.closed).toEqual({ code: ERRORS.RATE_LIMITED.code, reason: 'RATE_LIMITED' });
    expect(client.notices('goodbye')).toMatchObject([{ key: 'RATE_LIMITED', retryAfterMs: null }]);
    expect(client.notices('refused').length).toBeLessThan(130);
  });

  it('malformed frames are told, and after some the socket is closed', async () => {
    const client = await enter();
    client.socket.text('null');
    client.socket.frame(OP.binary, Buffer.from('{}'));
    await client.settle();
    expect(client.notices('refused')).toMatchObject([
      { key: 'BAD_FRAME', method: null },
      { key: 'BAD_FRAME', method: null },
    ]);
    for (let index = 0; index < 40; index += 1) client.socket.text('[]');
    expect(await client.socket.closed).toEqual({ code: ERRORS.BAD_FRAME.code, reason: 'BAD_FRAME' });
  });

  it('a message has at most 64 KiB, whole or in parts', async () => {
    const largest = (bytes: number) => {
      const frame = JSON.stringify({ request: true, id: 1, method: 'large', data: '' });
      return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
    };
    const fits = await enter();
    fits.socket.text(largest(LIMITS.messageBytes));
    await fits.settle();
    expect(fits.frames).toContainEqual(
      expect.objectContaining({ response: true, id: 1, errorCode: ERRORS.UNKNOWN_METHOD.code }),
    );
    const whole = await enter();
    whole.socket.text(largest(LIMITS.messageBytes + 1));
    const parts = await enter();
    const half = Buffer.alloc(LIMITS.messageBytes / 2 + 1, 0x20);
    parts.socket.frame(OP.text, half, { fin: false });
    parts.socket.frame(OP.continuation, half);
    for (const { socket } of [whole, parts]) {
      expect(await socket.closed).toEqual({ code: ERRORS.TOO_LARGE.code, reason: 'TOO_LARGE' });
    }
  });

  it('messages in parts are put together', async () => {
    const client = await enter();
    const frame = Buffer.from(
      JSON.stringify({
        request: true,
        id: 77,
        method: 'changeDisplayName',
        data: { displayName: 'Zoë in parts' },
      }),
    );
    // In the middle of a letter of two bytes.
    const cut = frame.indexOf(0xc3) + 1;
    client.socket.frame(OP.text, frame.subarray(0, cut), { fin: false });
    client.socket.frame(OP.ping, Buffer.from('between'));
    client.socket.frame(OP.continuation, frame.subarray(cut));
    const answer = await client.frame(({ response, id }) => response === true && id === 77, 'the answer');
    expect(answer.data).toEqual({ displayName: 'Zoë in parts' });
  });
});

describe('leaving', () => {
  it('on purpose is told at once and ends with a goodbye', async () => {
    const [anna, ben] = [await enter('gate-leave', 'Anna'), await enter('gate-leave', 'Ben')];
    anna.notify('leave', {});
    expect(await anna.socket.closed).toMatchObject({ code: ERRORS.CLOSED.code });
    expect(anna.notices('goodbye')).toMatchObject([{ reason: 'left', retryAfterMs: null }]);
    const left = await ben.notice('roomEvents', ({ events }) =>
      events.some(({ type }) => type === 'peerLeft'),
    );
    expect(left.events).toEqual([{ type: 'peerLeft', peerId: anna.peerId, reason: 'left' }]);
  });
});
