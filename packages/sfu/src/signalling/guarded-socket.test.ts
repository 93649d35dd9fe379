import { EventEmitter } from 'node:events';
import type { WebSocketTransport } from 'protoo-server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ERRORS } from '@parley/protocol';
import { GuardedSocket } from './guarded-socket.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** The connection of the `websocket` package, as far as GuardedSocket uses it. */
class FakeConnection extends EventEmitter {
  readonly socket = Object.assign(new EventEmitter(), {
    writableLength: 0,
    destroy: (): unknown => undefined,
    end: (): unknown => undefined,
  });
  readonly sent: string[] = [];
  readonly ended: { how: 'close' | 'drop'; code: number; reason: string }[] = [];
  connected = true;

  sendUTF(text: string): void {
    this.sent.push(text);
  }
  close(code: number, reason: string): void {
    this.ended.push({ how: 'close', code, reason });
  }
  drop(code: number, reason: string): void {
    this.ended.push({ how: 'drop', code, reason });
    this.emit('close', code);
  }
}

let connection: FakeConnection;
let guarded: GuardedSocket;
let messages: unknown[];
let bad: unknown[];
let closes: unknown[];

beforeEach(() => {
  connection = new FakeConnection();
  guarded = new GuardedSocket({ _connection: connection } as unknown as WebSocketTransport);
  [messages, bad, closes] = [[], [], []];
  guarded.on('message', (message) => messages.push(message));
  guarded.on('bad', (key) => bad.push(key));
  guarded.on('close', (code, ours) => closes.push([code, ours]));
});

const receive = (text: string) => connection.emit('message', { type: 'utf8', utf8Data: text });
const waiting = (bytes: number) => {
  connection.socket.writableLength = bytes;
};

describe('what comes in', () => {
  it.each([
    [{ request: true, id: 1, method: 'join', data: { a: 1 } }],
    [{ notification: true, method: 'leave', data: {} }],
    [{ response: true, id: 7, ok: true, data: {} }],
    [{ response: true, id: 7, ok: false, errorCode: 4411, errorReason: 'no' }],
  ])('passes %j', (frame) => {
    receive(JSON.stringify(frame));
    expect(messages).toEqual([frame]);
    expect(bad).toEqual([]);
  });

  it('fills in missing data, drops what is not of the form, and shortens a long reason', () => {
    receive('{"request":true,"id":1,"method":"join","more":1}');
    receive(`{"response":true,"id":1,"ok":false,"errorReason":"${'x'.repeat(1000)}"}`);
    expect(messages[0]).toEqual({ request: true, id: 1, method: 'join', data: {} });
    expect((messages[1] as { errorReason: string }).errorReason).toHaveLength(256);
  });

  it.each([
    'null',
    '[]',
    '[{"request":true,"id":1,"method":"x"}]',
    '1',
    '"text"',
    'true',
    '',
    '{',
    '{}',
    'undefined',
    '{"request":true,"method":"x"}',
    '{"request":true,"id":"1","method":"x"}',
    '{"request":true,"id":1.5,"method":"x"}',
    '{"request":true,"id":1e300,"method":"x"}',
    '{"request":true,"id":1,"method":7}',
    '{"request":1,"id":1,"method":"x"}',
    `{"request":true,"id":1,"method":"${'x'.repeat(65)}"}`,
    '{"notification":true}',
    '{"notification":true,"method":null}',
    '{"response":true,"id":null,"ok":true}',
    '{"__proto__":{"request":true},"id":1,"method":"x"}',
    '['.repeat(60_000),
  ])('answers %s as a bad frame', (text) => {
    receive(text);
    expect(messages).toEqual([]);
    expect(bad).toEqual(['BAD_FRAME']);
  });

  it('answers binary as a bad frame', () => {
    connection.emit('message', { type: 'binary', binaryData: Buffer.from('{}') });
    expect(bad).toEqual(['BAD_FRAME']);
  });

  it('closes a socket that sends nothing else, with the code of the table, and then hears nothing', () => {
    for (let index = 0; index < 100; index += 1) receive('null');
    expect(bad).toHaveLength(20);
    expect(connection.ended).toEqual([{ how: 'close', code: ERRORS.BAD_FRAME.code, reason: 'BAD_FRAME' }]);
    expect(closes).toEqual([[ERRORS.BAD_FRAME.code, true]]);
    receive('{"request":true,"id":1,"method":"join"}');
    expect(messages).toEqual([]);
  });
});

describe('what goes out to a slow reader', () => {
  const latest = (key: string, text: string) => guarded.write(text, { kind: 'latest', key });
  const may = (text: string) => guarded.write(text, { kind: 'may' });
  const must = (text: string) => guarded.write(text, { kind: 'must' });

  it('goes at once while the reader keeps up', () => {
    latest('a', '1');
    may('2');
    must('3');
    expect(connection.sent).toEqual(['1', '2', '3']);
  });

  it('holds back what a newer one replaces, and sends the newest of each when there is room', () => {
    waiting(65 * KIB);
    latest('a', 'a1');
    latest('b', 'b1');
    latest('a', 'a2');
    must('event');
    expect(connection.sent).toEqual(['event']);
    expect(guarded.skipped).toBe(1);
    waiting(0);
    connection.emit('drain');
    expect(connection.sent).toEqual(['event', 'a2', 'b1']);
  });

  it('never lets an old one overtake a newer one', () => {
    waiting(65 * KIB);
    latest('a', 'old');
    waiting(0);
    latest('a', 'new');
    connection.emit('drain');
    expect(connection.sent).toEqual(['new']);
  });

  it('stops flushing when the reader falls behind again', () => {
    waiting(65 * KIB);
    latest('a', 'a');
    latest('b', 'b');
    connection.sendUTF = (text) => {
      connection.sent.push(text);
      waiting(65 * KIB);
    };
    waiting(0);
    connection.emit('drain');
    expect(connection.sent).toEqual(['a']);
    waiting(0);
    connection.emit('drain');
    expect(connection.sent).toEqual(['a', 'b']);
  });

  it('drops what may be lost, and nothing else', () => {
    waiting(513 * KIB);
    may('quality');
    must('event');
    expect(connection.sent).toEqual(['event']);
    expect(guarded.skipped).toBe(1);
  });

  it('cuts off a hopeless reader, without a close frame that it would not read', () => {
    waiting(4 * MIB + 1);
    must('event');
    expect(connection.sent).toEqual([]);
    expect(connection.ended).toEqual([{ how: 'drop', code: ERRORS.SLOW_READER.code, reason: 'SLOW_READER' }]);
    expect(closes).toEqual([[ERRORS.SLOW_READER.code, true]]);
    expect(guarded.closed).toBe(true);
  });
});

describe('the end', () => {
  it('is told once, whoever began it', () => {
    guarded.refuse('RATE_LIMITED');
    connection.emit('close', ERRORS.RATE_LIMITED.code);
    guarded.close();
    expect(closes).toEqual([[ERRORS.RATE_LIMITED.code, true]]);
    expect(connection.ended).toHaveLength(1);
  });

  it('tells the code of the other side', () => {
    connection.emit('close', 1001);
    expect(closes).toEqual([[1001, false]]);
    expect(guarded.closed).toBe(true);
  });

  it('refuses to send afterwards', async () => {
    guarded.close();
    await expect(guarded.send({})).rejects.toThrow('closed');
    guarded.write('late', { kind: 'must' });
    expect(connection.sent).toEqual([]);
  });

  it('leaves the listeners of the WebSocket server in place, which keeps a list of its connections', () => {
    const other = new FakeConnection();
    let forgotten = false;
    other.once('close', () => {
      forgotten = true;
    });
    new GuardedSocket({ _connection: other } as unknown as WebSocketTransport);
    other.emit('close', 1000);
    expect(forgotten).toBe(true);
  });

  it.each([
    [1009, 'TOO_LARGE'],
    [1002, 'BAD_FRAME'],
    [1007, 'BAD_FRAME'],
  ] as const)('by the WebSocket layer with %i has the code of the table', (code, key) => {
    connection.drop(code, 'words of the library');
    expect(connection.ended).toEqual([{ how: 'close', code: ERRORS[key].code, reason: key }]);
    expect(bad).toEqual([key]);
  });

  it('leaves other ends by the WebSocket layer as they are', () => {
    connection.drop(1006, 'Peer not responding.');
    expect(connection.ended).toEqual([{ how: 'drop', code: 1006, reason: 'Peer not responding.' }]);
  });

  it('hangs up as soon as the other side does, and by itself when that one is dead', () => {
    vi.useFakeTimers();
    let ends = 0;
    let cut = 0;
    Object.assign(connection.socket, { end: () => (ends += 1), destroy: () => (cut += 1) });
    guarded.refuse('RATE_LIMITED');
    connection.socket.emit('end');
    expect([ends, cut]).toEqual([1, 0]);
    vi.advanceTimersByTime(2000);
    expect(cut).toBe(1);
    vi.useRealTimers();
  });

  it('cuts a flood that goes on after the close, instead of collecting it', () => {
    let cut = 0;
    connection.socket.destroy = () => (cut += 1);
    connection.socket.emit('data', Buffer.alloc(MIB));
    guarded.refuse('RATE_LIMITED');
    connection.socket.emit('data', Buffer.alloc(KIB));
    expect(cut).toBe(0);
    connection.socket.emit('data', Buffer.alloc(MIB));
    expect(cut).toBe(1);
  });
});
