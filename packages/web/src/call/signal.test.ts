import { ERRORS, ParleyError } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Signal, type SignalHandlers, type SignalPeer } from './signal.ts';

type Listener = (...args: never[]) => void;

/** Stands in for protoo's peer: the test plays the server. */
class FakePeer {
  closed = false;
  readonly sent: {
    method: string;
    data: unknown;
    resolve(data: unknown): void;
    reject(error: unknown): void;
  }[] = [];
  readonly notified: { method: string; data: unknown }[] = [];
  readonly #listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }
  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]));
  }
  request(method: string, data: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => void this.sent.push({ method, data, resolve, reject }));
  }
  notify(method: string, data: unknown): Promise<void> {
    this.notified.push({ method, data });
    return Promise.resolve();
  }
  close(): void {
    this.closed = true;
    this.emit('close');
  }
  /** A request of the server; resolves with what the client answered. */
  ask(method: string, data: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      const reject = (code: number, reason: string): void => resolve({ code, reason });
      this.emit('request', { id: 1, method, data }, (reply: unknown) => resolve({ reply }), reject);
    });
  }
}

let peer: FakePeer;
let tickets: string[];
let handlers: {
  requests: Record<string, unknown>;
  notifications: Record<string, unknown>;
  closed(): void;
  trouble(error: unknown): void;
};
let signal: Signal;

beforeEach(() => {
  peer = new FakePeer();
  tickets = [];
  handlers = { requests: {}, notifications: {}, closed: vi.fn(), trouble: vi.fn() };
  signal = new Signal('a.b/c', handlers as unknown as SignalHandlers, (ticket) => {
    tickets.push(ticket);
    return peer as unknown as SignalPeer;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('requests', () => {
  it('resolve with the answer and reject with the error of the table', async () => {
    const good = signal.request('sendChat', { text: 'hello' });
    peer.sent[0]!.resolve({ id: 'c1' });
    await expect(good).resolves.toEqual({ id: 'c1' });
    const bad = signal.request('sendChat', { text: 'hello' });
    peer.sent[1]!.reject(Object.assign(new Error('slow down'), { code: ERRORS.RATE_LIMITED.code }));
    await expect(bad).rejects.toMatchObject({ key: 'RATE_LIMITED' });
  });

  it('end with TIMEOUT when nobody answers', async () => {
    vi.useFakeTimers();
    const late = expect(signal.request('sendChat', { text: 'hello' }, 3_000)).rejects.toMatchObject({
      key: 'TIMEOUT',
    });
    await vi.advanceTimersByTimeAsync(3_000);
    await late;
  });

  it('are all settled when the socket goes, and refused after that', async () => {
    vi.useFakeTimers();
    const pending = [signal.request('sendChat', { text: 'a' }), signal.request('sendChat', { text: 'b' })];
    const settled = Promise.allSettled(pending);
    peer.emit('disconnected');
    expect(
      (await settled).map((one) => one.status === 'rejected' && (one.reason as ParleyError).key),
    ).toEqual(['CLOSED', 'CLOSED']);
    await expect(signal.request('sendChat', { text: 'c' })).rejects.toMatchObject({ key: 'CLOSED' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the end of the socket', () => {
  it.each(['disconnected', 'failed', 'close'])('%s closes it for good, for its ticket is spent', (event) => {
    peer.emit(event);
    expect(peer.closed || event === 'close').toBe(true);
    expect(signal.closed).toBe(true);
    expect(handlers.closed).toHaveBeenCalledOnce();
    peer.emit('close');
    signal.close();
    expect(handlers.closed).toHaveBeenCalledOnce();
    expect(tickets).toEqual(['a.b/c']);
  });

  it('silences what is still on the way', () => {
    handlers.notifications.activeSpeaker = vi.fn();
    signal.close();
    peer.emit('notification', { method: 'activeSpeaker', data: { peerId: null } });
    signal.notify('leave', {});
    expect(handlers.notifications.activeSpeaker).not.toHaveBeenCalled();
    expect(peer.notified).toEqual([]);
  });
});

describe('messages of the server', () => {
  it('are checked against the table before they are believed', () => {
    handlers.notifications.activeSpeaker = vi.fn();
    peer.emit('notification', { method: 'activeSpeaker', data: { peerId: 'ann' } });
    peer.emit('notification', { method: 'activeSpeaker', data: { peerId: 7 } });
    peer.emit('notification', { method: 'sendChat', data: {} });
    peer.emit('notification', { method: 'toString', data: {} });
    expect(handlers.notifications.activeSpeaker).toHaveBeenCalledExactlyOnceWith({ peerId: 'ann' });
    expect(handlers.trouble).toHaveBeenCalledTimes(3);
  });

  it('are answered by their handler, also with its refusal', async () => {
    handlers.requests.newConsumer = vi.fn(() => Promise.resolve({}));
    await expect(peer.ask('newConsumer', { consumerId: 'c' })).resolves.toEqual({ reply: {} });
    handlers.requests.newConsumer = () => Promise.reject(new ParleyError('STALE_EPOCH'));
    await expect(peer.ask('newConsumer', {})).resolves.toMatchObject({ code: ERRORS.STALE_EPOCH.code });
    await expect(peer.ask('join', {})).resolves.toMatchObject({ code: ERRORS.UNKNOWN_METHOD.code });
  });
});
