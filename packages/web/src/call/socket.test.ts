import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isSpent, openEarly, takeSocket } from './socket.ts';

class FakeWebSocket {
  static all: FakeWebSocket[] = [];
  readonly url: string;
  readonly protocol: string;
  readonly sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor(url: string, protocol: string) {
    this.url = url;
    this.protocol = protocol;
    FakeWebSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
}

const last = (): FakeWebSocket => FakeWebSocket.all.at(-1)!;
const say = (message: unknown): void => last().onmessage?.({ data: JSON.stringify(message) });
const flush = (): Promise<void> => Promise.resolve();

beforeEach(() => {
  vi.useFakeTimers();
  FakeWebSocket.all = [];
  vi.stubGlobal('WebSocket', FakeWebSocket);
  vi.stubGlobal('location', { href: 'https://meet.example/m/team?join=1' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('goes to the own origin with the ticket in the query', () => {
  takeSocket('a.b/c');
  expect(last()).toMatchObject({ url: 'wss://meet.example/signalling?ticket=a.b%2Fc', protocol: 'protoo' });
});

describe('an early socket', () => {
  it('keeps what arrives until somebody listens, in order', async () => {
    const held = vi.fn();
    openEarly('t', held);
    last().onopen?.();
    say({ notification: true, method: 'welcome', data: { a: 1 } });
    say({ notification: true, method: 'next' });
    expect(held).toHaveBeenCalledTimes(2);

    const socket = takeSocket('t');
    const got: unknown[] = [];
    socket.on('message', (message) => got.push((message as { method: string }).method));
    socket.on('open', () => got.push('open'));
    expect(got).toEqual([]);
    await flush();
    say({ notification: true, method: 'live' });
    expect(got).toEqual(['open', 'welcome', 'next', 'live']);
    expect(held).toHaveBeenCalledTimes(2);
    expect(FakeWebSocket.all).toHaveLength(1);
  });

  it('that is gone again has spent its ticket', () => {
    openEarly('t', vi.fn());
    expect(isSpent('t')).toBe(false);
    last().onclose?.();
    expect(isSpent('t')).toBe(true);
    expect(isSpent('other')).toBe(false);
  });

  it('that nobody wants is closed', () => {
    openEarly('t', vi.fn());
    vi.advanceTimersByTime(20_000);
    expect(last().closed).toBe(true);
  });

  it('that was taken stays', () => {
    openEarly('t', vi.fn());
    takeSocket('t');
    vi.advanceTimersByTime(60_000);
    expect(last().closed).toBe(false);
  });
});

describe('a socket', () => {
  it.each([
    ['failed', false],
    ['disconnected', true],
  ] as const)('says %s once and is never opened again', async (event, open) => {
    const socket = takeSocket('t');
    const heard: string[] = [];
    for (const name of ['failed', 'disconnected', 'close'] as const) socket.on(name, () => heard.push(name));
    if (open) last().onopen?.();
    last().onclose?.();
    vi.advanceTimersByTime(60_000);
    expect(heard).toEqual([event, 'close']);
    expect(FakeWebSocket.all).toHaveLength(1);
    await expect(socket.send({})).rejects.toThrow('closed');
  });

  it('drops what is no message and gives absent data a shape', async () => {
    const socket = takeSocket('t');
    const got: unknown[] = [];
    socket.on('message', (message) => got.push(message));
    await flush();
    last().onmessage?.({ data: 'not json' });
    say(null);
    say(7);
    say({ response: true, id: 1, ok: true });
    expect(got).toEqual([{ response: true, id: 1, ok: true, data: {} }]);
  });

  it('is quiet after it was closed here', () => {
    const socket = takeSocket('t');
    const heard = vi.fn();
    socket.on('disconnected', heard);
    socket.close();
    last().onclose?.();
    expect(heard).not.toHaveBeenCalled();
    expect(last().closed).toBe(true);
  });
});
