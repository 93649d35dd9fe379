import { METHODS, METHOD_NAMES, PROTOCOL_VERSION } from '@parley/protocol';
import type { MethodName } from '@parley/protocol';
import type { Random } from './random.ts';
import { OP, frameOf } from './raw-websocket.ts';
import { opusParameters, vp8Parameters } from './rtp-parameters.ts';
import { sample, spoil } from './sample.ts';

/** One thing that an attacker sends. */
export interface HostileFrame {
  /** What it is, for the figures. */
  readonly what: string;
  readonly bytes: Buffer;
  /** Id of a request that must be answered. */
  readonly asks?: number;
  /** Ends the connection when the server keeps to RFC 6455. */
  readonly fatal?: boolean;
}

/** Ids that an attacker has learned, by the name under which messages carry them. */
export type Known = Readonly<
  Record<'transportId' | 'sendTransportId' | 'producerId' | 'consumerId' | 'peerId', string[]>
>;

const NOTHING: Known = { transportId: [], sendTransportId: [], producerId: [], consumerId: [], peerId: [] };

const FROM_CLIENT = METHOD_NAMES.filter((name) => METHODS[name].from === 'client');
/** A well-formed `leave` ends the session, and almost every `leave` is well-formed. */
const STAYING = FROM_CLIENT.filter((name) => name !== 'leave');
const FROM_SERVER = METHOD_NAMES.filter((name) => METHODS[name].from === 'server');

const text = (what: string, content: string, asks?: number): HostileFrame => ({
  what,
  bytes: frameOf(OP.text, Buffer.from(content)),
  ...(asks === undefined ? {} : { asks }),
});

/** A protoo frame of this method with this data. */
function message(what: string, method: string, kind: string, data: unknown, random: Random): HostileFrame {
  if (kind === 'notification') return text(what, JSON.stringify({ notification: true, method, data }));
  const id = random.int(1, 2 ** 31);
  return text(what, JSON.stringify({ request: true, id, method, data }), id);
}

const MALFORMED = [
  'null',
  '[]',
  '[[]]',
  '0',
  '"x"',
  'true',
  '{',
  '',
  '{"request":true}',
  '{"request":true,"id":"1","method":"join"}',
];

type Maker = (random: Random, known: Known) => HostileFrame;

/** Data that fits the schema; where it names something, mostly something that is there. */
function fitting(name: MethodName, random: Random, known: Known): unknown {
  const data = sample(METHODS[name].params, random);
  if (typeof data !== 'object' || data === null || random.chance(0.25)) return data;
  const aimed: Record<string, unknown> = { ...data };
  for (const key of Object.keys(known) as (keyof Known)[]) {
    if (key in aimed && known[key].length > 0) aimed[key] = random.pick(known[key]);
  }
  if ('epoch' in aimed) aimed.epoch = 0;
  if ('protocolVersion' in aimed) aimed.protocolVersion = PROTOCOL_VERSION;
  if (name === 'produce' && random.chance(0.7)) {
    const ssrc = random.int(1, 5);
    const good = aimed.kind === 'audio' ? opusParameters(ssrc) : vp8Parameters([ssrc, ssrc + 1]);
    aimed.rtpParameters = random.chance(0.5) ? good : spoil(good, random);
    if (known.sendTransportId.length > 0) aimed.transportId = random.pick(known.sendTransportId);
    if (random.chance(0.8))
      aimed.source = aimed.kind === 'audio' ? 'microphone' : random.pick(['camera', 'screen']);
  }
  return aimed;
}

/** Frames by kind, with how often each comes. Those at the end break the WebSocket protocol and so end the connection. */
const KINDS: readonly { readonly weight: number; readonly make: Maker }[] = [
  {
    weight: 30,
    make: (random, known) => {
      const name = random.pick(STAYING);
      return message(
        `schema ${name}`,
        name,
        METHODS[name].kind,
        spoil(fitting(name, random, known), random),
        random,
      );
    },
  },
  {
    // Fits the schema; but the phase may be wrong, what it names may not exist or not be meant, the media make no sense.
    weight: 25,
    make: (random, known) => {
      const name = random.pick(STAYING);
      return message(`sample ${name}`, name, METHODS[name].kind, fitting(name, random, known), random);
    },
  },
  {
    weight: 6,
    make: (random) => {
      const name = random.pick(FROM_SERVER);
      return message(
        'method of the server',
        name,
        METHODS[name].kind,
        sample(METHODS[name].params, random),
        random,
      );
    },
  },
  {
    weight: 6,
    make: (random) => {
      const name: MethodName = random.pick(FROM_CLIENT);
      const kind = METHODS[name].kind === 'request' ? 'notification' : 'request';
      return message('other kind', name, kind, sample(METHODS[name].params, random), random);
    },
  },
  {
    weight: 6,
    make: (random) => {
      const name = random.pick([
        '',
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
        'Join',
        'join ',
        'x'.repeat(64),
        '\u0000',
      ]);
      return message('unknown method', name, random.pick(['request', 'notification']), {}, random);
    },
  },
  {
    weight: 8,
    make: (random) =>
      text(
        'response to nothing',
        JSON.stringify({
          response: true,
          id: random.int(0, 1e9),
          ok: random.chance(0.5),
          errorCode: 'x',
          errorReason: { a: 1 },
        }),
      ),
  },
  { weight: 3, make: (random) => text('malformed', random.pick(MALFORMED)) },
  {
    weight: 1,
    make: (random) => ({ what: 'binary', bytes: frameOf(OP.binary, random.bytes(random.int(0, 200))) }),
  },
  { weight: 1, make: () => text('deep JSON', '['.repeat(30_000)) },
  { weight: 1, make: () => text('deep object', `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`) },
  {
    weight: 2,
    make: (random) =>
      message('large', 'sendChat', 'request', { text: 'x'.repeat(random.int(3_000, 60_000)) }, random),
  },
  {
    weight: 3,
    make: (random) => ({ what: 'ping', bytes: frameOf(OP.ping, random.bytes(random.int(0, 125))) }),
  },
  {
    weight: 2,
    make: (random) => ({ what: 'pong', bytes: frameOf(OP.pong, random.bytes(random.int(0, 125))) }),
  },
  { weight: 3, make: (random) => fragmented(random) },
];

function fragmented(random: Random): HostileFrame {
  const id = random.int(1, 2 ** 31);
  const whole = Buffer.from(
    JSON.stringify({ request: true, id, method: 'changeDisplayName', data: { displayName: 'In parts' } }),
  );
  const cut = random.int(0, whole.length);
  const parts = [
    frameOf(OP.text, whole.subarray(0, cut), { fin: false }),
    frameOf(OP.ping, Buffer.alloc(0)),
    frameOf(OP.continuation, whole.subarray(cut)),
  ];
  return { what: 'fragments', bytes: Buffer.concat(parts), asks: id };
}

const fatal = (what: string, bytes: Buffer): HostileFrame => ({ what, bytes, fatal: true });

/** Frames that break RFC 6455 or the size limit. */
const FATAL: readonly Maker[] = [
  () => fatal('oversized', frameOf(OP.text, Buffer.alloc(64 * 1024 + 1, 0x20))),
  () => fatal('claims 1 TiB', frameOf(OP.text, Buffer.from('x'), { claims: 2 ** 40 })),
  () => fatal('invalid UTF-8', frameOf(OP.text, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))),
  () => fatal('reserved bits', frameOf(OP.text, Buffer.from('{}'), { reserved: 4 })),
  (random) => fatal('unknown opcode', frameOf(random.pick([3, 5, 7, 11, 15]), Buffer.from('{}'))),
  () => fatal('continuation of nothing', frameOf(OP.continuation, Buffer.from('{}'))),
  () => fatal('long ping', frameOf(OP.ping, Buffer.alloc(126))),
  () => fatal('ping in parts', frameOf(OP.ping, Buffer.alloc(1), { fin: false })),
  () =>
    fatal(
      'oversized in parts',
      Buffer.concat([
        frameOf(OP.text, Buffer.alloc(40_000, 0x20), { fin: false }),
        frameOf(OP.continuation, Buffer.alloc(40_000, 0x20)),
      ]),
    ),
  () =>
    fatal(
      'text within text',
      Buffer.concat([frameOf(OP.text, Buffer.from('{'), { fin: false }), frameOf(OP.text, Buffer.from('}'))]),
    ),
];

const TOTAL = KINDS.reduce((sum, { weight }) => sum + weight, 0);

export function hostileFrame(random: Random, known: Known = NOTHING): HostileFrame {
  let left = random.next() * TOTAL;
  for (const { weight, make } of KINDS) {
    left -= weight;
    if (left < 0) return make(random, known);
  }
  return text('malformed', 'null');
}

export const fatalFrame = (random: Random): HostileFrame => random.pick(FATAL)(random, NOTHING);

/** What somebody sends to the port who does not speak HTTP, or speaks it to do harm. */
export const HTTP_GARBAGE: readonly ((random: Random) => Buffer)[] = [
  (random) => random.bytes(random.int(1, 2000)),
  () => Buffer.from('160301020001fc0303', 'hex'),
  () => Buffer.from('GET / HTTP/9.9\r\n\r\n'),
  () => Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`),
  () =>
    Buffer.from('GET /signalling HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
  () =>
    Buffer.from(
      'GET /signalling?ticket=x HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n' +
        'Sec-WebSocket-Version: 99\r\nCookie: a=%E0%A4%A\r\nSec-WebSocket-Extensions: ;;;=\r\n\r\n',
    ),
  () => Buffer.from('GET //%zz HTTP/1.1\r\nHost: \r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
  () =>
    Buffer.from(
      'POST /api/v1/meetings/x/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{',
    ),
  () =>
    Buffer.from(
      'POST /api/v1/meetings/abc/tickets HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
    ),
  () => Buffer.from('CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n'),
  () =>
    Buffer.from(
      'GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
    ),
];
