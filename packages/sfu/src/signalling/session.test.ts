import { EventEmitter } from 'node:events';
import type { Peer as ProtooPeer } from 'protoo-server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Params, ParleyError, PeerId, SessionId } from '@parley/protocol';
import { ERRORS } from '@parley/protocol';
import { CAN_DECODE } from '../../../../test/support/signalling-client.ts';
import { RoomBench, rest } from '../../../../test/support/room-bench.ts';
import { KeyedBuckets } from '../lib/token-bucket.ts';
import { createLogger } from '../runtime.ts';
import type { GuardedSocket } from './guarded-socket.ts';
import { Session } from './session.ts';

/** A socket that notes what is written. */
class FakeSocket extends EventEmitter {
  closed = false;
  readonly written: { method: string; data: unknown }[] = [];
  ended: { code: number; reason: string } | null = null;

  write(text: string): void {
    this.written.push(JSON.parse(text) as { method: string; data: unknown });
  }
  shut(code: number, reason: string): void {
    this.ended = { code, reason };
    this.end(code, true);
  }
  end(code: number, ours = false): void {
    this.closed = true;
    this.emit('close', code, ours);
  }
}

function make(bench = new RoomBench(), name = 'Anna') {
  const socket = new FakeSocket();
  const protoo = Object.assign(new EventEmitter(), { request: () => new Promise(() => undefined) });
  const session = new Session({
    id: `session of ${name}` as SessionId,
    peerId: name as PeerId,
    role: 'participant',
    address: '192.0.2.1',
    room: bench.room,
    socket: socket as unknown as GuardedSocket,
    protoo: protoo as unknown as ProtooPeer,
    logger: createLogger('silent'),
    now: () => 0,
    addressBuckets: new KeyedBuckets(() => 0),
    onRefused: () => undefined,
  });
  const methods = () => socket.written.map(({ method }) => method);
  /** A request as it comes from protoo; resolves to `ok` or the code of the refusal. */
  const request = (method: string, data: unknown) =>
    new Promise<string | number>((resolve) => {
      const accept = () => {
        socket.written.push({ method: `reply to ${method}`, data: null });
        resolve('ok');
      };
      protoo.emit('request', { id: 1, method, data }, accept, (code: number) => resolve(code));
    });
  const join = () => request('join', { protocolVersion: 1, displayName: name, rtpCapabilities: CAN_DECODE });
  return { bench, socket, session, methods, request, join };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('a consumer that is offered', () => {
  const offer = {} as Params<'newConsumer'>;
  const outcome = (work: Promise<void>) => work.catch((error: unknown) => (error as ParleyError).key);

  it('is given up at once when the socket closes', async () => {
    const { session, socket } = make();
    const offered = outcome(session.requestNewConsumer(offer));
    socket.end(1006);
    expect(await offered).toBe('CLOSED');
    expect(await outcome(session.requestNewConsumer(offer))).toBe('CLOSED');
  });

  it('is given up after ten seconds without an answer', async () => {
    const { session } = make();
    const offered = outcome(session.requestNewConsumer(offer));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await offered).toBe('TIMEOUT');
  });
});

describe('joining', () => {
  it('answers first and tells changes after it, whatever happens meanwhile', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [make(bench, 'Anna'), make(bench, 'Ben')];
    expect(await Promise.all([anna.join(), ben.join()])).toEqual(['ok', 'ok']);
    await rest();
    expect(anna.methods()).toEqual(['reply to join', 'roomEvents']);
    expect(ben.methods()[0]).toBe('reply to join');
    expect(bench.room.size).toBe(2);
  });

  it('must happen within a minute', async () => {
    const { socket, methods } = make();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(socket.ended).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(socket.ended).toEqual({ code: ERRORS.TIMEOUT.code, reason: 'TIMEOUT' });
    expect(methods()).toEqual(['goodbye']);
  });

  it('once done is under no deadline', async () => {
    const { socket, join } = make();
    await join();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(socket.ended).toBeNull();
  });

  it('that fails may be tried again', async () => {
    const { bench, join, session } = make();
    bench.host.alive = false;
    expect(await join()).toBe(ERRORS.MEDIA_UNAVAILABLE.code);
    expect(session.phase).toBe('admitted');
    bench.host.alive = true;
    expect(await join()).toBe('ok');
  });

  it('of a socket that closes meanwhile leaves nobody behind', async () => {
    const { bench, join, socket } = make();
    void join();
    socket.end(1006);
    await rest();
    expect(bench.room.size).toBe(0);
    expect(bench.host.open().transports).toBe(0);
  });
});

describe('a socket that closes', () => {
  it.each([
    ['by the page', 1000, false, 0],
    ['by a page that is left', 1001, false, 0],
    ['without a code', 1005, false, 0],
    ['by a client with a code of its own', 4000, false, 0],
    ['because it was refused', ERRORS.RATE_LIMITED.code, true, 0],
    ['without a word', 1006, false, 1],
    ['because it reads too slowly', ERRORS.SLOW_READER.code, true, 1],
  ])('%s: %i', async (_why, code, ours, people) => {
    const { bench, join, socket } = make();
    await join();
    socket.end(code, ours);
    expect(bench.room.size).toBe(people);
  });
});

it('says nothing of errors of our own but that there was one', async () => {
  const { bench, join, request } = make();
  await join();
  vi.spyOn(bench.room, 'say').mockImplementation(() => {
    throw new Error('secret');
  });
  expect(await request('sendChat', { text: 'hello' })).toBe(ERRORS.INTERNAL.code);
});
