import { PROTOCOL_VERSION, ParleyError, type Params } from '@parley/protocol';
import type { Device } from 'mediasoup-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NetworkError } from './failure.ts';
import { Session, type Joined, type SessionHost, type Welcome } from './session.ts';
import type { Signal, SignalHandlers } from './signal.ts';

class FakeSignal {
  closed = false;
  readonly notified: string[] = [];
  readonly handlers: SignalHandlers;
  join: (params: unknown) => Promise<unknown> = () => Promise.resolve({ snapshot: {}, media: {} } as Joined);
  readonly joins: unknown[] = [];

  constructor(handlers: SignalHandlers) {
    this.handlers = handlers;
  }
  request(_method: string, params: unknown): Promise<unknown> {
    this.joins.push(params);
    return this.join(params);
  }
  notify(method: string): void {
    this.notified.push(method);
  }
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.handlers.closed();
  }
  welcome(changes: Partial<Welcome> = {}): void {
    this.handlers.notifications.welcome({
      protocolVersion: PROTOCOL_VERSION,
      serverVersion: '1',
      slug: 'team',
      sessionId: 's',
      peerId: 'me',
      resumeKey: 'key',
      phase: 'admitted',
      role: 'participant',
      capabilities: [],
      routerRtpCapabilities: {},
      ...changes,
    } as Welcome);
  }
  goodbye(key: string, retryAfterMs: number | null): void {
    this.handlers.notifications.goodbye({ code: 1, key, reason: null, retryAfterMs } as Params<'goodbye'>);
  }
}

let signals: FakeSignal[];
let tickets: ReturnType<typeof vi.fn<SessionHost['takeTicket']>>;
let host: SessionHost;
let session: Session;

const flush = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const last = (): FakeSignal => signals.at(-1)!;
async function join(): Promise<void> {
  await flush();
  last().welcome();
  await flush();
}

beforeEach(() => {
  vi.useFakeTimers();
  signals = [];
  tickets = vi.fn(() => Promise.resolve({ ticket: 't', protocolVersion: PROTOCOL_VERSION }));
  host = {
    takeTicket: tickets,
    openSignal: (_ticket, handlers) => {
      signals.push(new FakeSignal(handlers));
      return last() as unknown as Signal;
    },
    loadDevice: () => Promise.resolve({ recvRtpCapabilities: { codecs: [] } } as unknown as Device),
    view: () => ({ tiles: 1, width: 1, height: 1 }),
    deviceKind: () => 'desktop',
    name: () => 'Me',
    step: vi.fn(),
    welcomed: vi.fn(),
    joined: vi.fn(),
    lost: vi.fn(),
    failed: vi.fn(),
    trouble: vi.fn(),
    reload: vi.fn(() => true),
    requests: { newConsumer: () => Promise.resolve({}) },
    notifications: {} as SessionHost['notifications'],
  };
  session = new Session('team', host);
});
afterEach(() => {
  session.leave();
  vi.useRealTimers();
});

describe('the way in', () => {
  it('goes ticket, socket, join, and resolves inside', async () => {
    const inside = vi.fn();
    void session.run().then(inside);
    await flush();
    expect(host.step).toHaveBeenNthCalledWith(1, 'ticket');
    expect(host.step).toHaveBeenNthCalledWith(2, 'socket');
    expect(inside).not.toHaveBeenCalled();
    await join();
    expect(host.step).toHaveBeenLastCalledWith('join');
    expect(last().joins).toMatchObject([{ protocolVersion: PROTOCOL_VERSION, displayName: 'Me' }]);
    expect(host.joined).toHaveBeenCalledOnce();
    expect(inside).toHaveBeenCalledOnce();
    expect(tickets).toHaveBeenCalledExactlyOnceWith('team', undefined);
  });

  it('is given up after a few tries, and says that the server was not reached', async () => {
    tickets.mockRejectedValue(new NetworkError());
    const over = vi.fn();
    void session.run().then(over);
    await flush(60_000);
    expect(tickets).toHaveBeenCalledTimes(5);
    expect(host.failed).toHaveBeenCalledExactlyOnceWith({ key: 'NETWORK', retry: true });
    expect(over).toHaveBeenCalled();
  });

  it('is not repeated when the answer is a clear no', async () => {
    tickets.mockRejectedValue(new ParleyError('MEETING_FULL'));
    void session.run();
    await flush(60_000);
    expect(tickets).toHaveBeenCalledTimes(1);
    expect(host.failed).toHaveBeenCalledWith({ key: 'MEETING_FULL', retry: true });
  });

  it('starts again when no welcome comes', async () => {
    void session.run();
    await flush(10_000);
    expect(signals[0]!.closed).toBe(true);
    await flush(1_000);
    expect(signals).toHaveLength(2);
  });

  it('reloads the page once for another version, and fails where that was done already', async () => {
    void session.run();
    await flush();
    last().welcome({ protocolVersion: PROTOCOL_VERSION + 1 });
    await flush();
    expect(host.reload).toHaveBeenCalledOnce();
    expect(host.failed).not.toHaveBeenCalled();

    vi.mocked(host.reload).mockReturnValue(false);
    tickets.mockResolvedValue({ ticket: 't', protocolVersion: PROTOCOL_VERSION + 1 });
    session = new Session('team', host);
    void session.run();
    await flush();
    expect(host.failed).toHaveBeenCalledWith({ key: 'VERSION_MISMATCH', retry: true });
  });
});

describe('the way back', () => {
  it('takes a new ticket as the same peer for every socket', async () => {
    void session.run();
    await join();
    last().close();
    await flush();
    expect(host.lost).toHaveBeenCalledOnce();
    await flush(400);
    expect(tickets).toHaveBeenLastCalledWith('team', 'key');
    expect(signals).toHaveLength(2);
    await join();
    expect(host.joined).toHaveBeenCalledTimes(2);
  });

  it('is tried without end by somebody who was inside', async () => {
    void session.run();
    await join();
    tickets.mockRejectedValue(new NetworkError());
    last().close();
    await flush(30 * 60_000);
    expect(tickets.mock.calls.length).toBeGreaterThan(200);
    expect(host.failed).not.toHaveBeenCalled();
  });

  it('waits as long as the server asked', async () => {
    void session.run();
    await join();
    last().goodbye('SHUTTING_DOWN', 5_000);
    await flush(4_900);
    expect(signals).toHaveLength(1);
    await flush(200);
    expect(signals).toHaveLength(2);
  });

  it('does not wait when the network is back', async () => {
    void session.run();
    await join();
    tickets.mockRejectedValue(new NetworkError());
    last().close();
    await flush(60_000);
    const tries = tickets.mock.calls.length;
    session.wake();
    await flush();
    expect(tickets.mock.calls.length).toBe(tries + 1);
  });

  it.each(['REPLACED', 'MEETING_ENDED', 'NOT_ALLOWED'])('is not taken after %s', async (key) => {
    void session.run();
    await join();
    last().goodbye(key, null);
    await flush(60_000);
    expect(signals).toHaveLength(1);
    expect(host.failed).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ key }));
    expect(host.lost).not.toHaveBeenCalled();
  });

  it('is taken when the present state cannot be trusted', async () => {
    void session.run();
    await join();
    session.restart(new Error('events missing'));
    await flush(400);
    expect(signals).toHaveLength(2);
    expect(tickets).toHaveBeenLastCalledWith('team', 'key');
  });
});

describe('leaving', () => {
  it('says so, closes, and stays away', async () => {
    void session.run();
    await join();
    session.leave();
    await flush(60_000);
    expect(signals[0]!.notified).toEqual(['leave']);
    expect(signals[0]!.closed).toBe(true);
    expect(signals).toHaveLength(1);
    expect(host.lost).not.toHaveBeenCalled();
    expect(host.failed).not.toHaveBeenCalled();
  });

  it('works on the way in as well', async () => {
    const over = vi.fn();
    void session.run().then(over);
    session.leave();
    await flush(60_000);
    expect(signals).toEqual([]);
    expect(host.joined).not.toHaveBeenCalled();
    expect(over).toHaveBeenCalled();
  });
});
