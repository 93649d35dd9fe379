import { SIGNALLING_PATH, WS_SUBPROTOCOL } from '@parley/protocol/version';
import { mark } from './marks.ts';

/** Nobody came for an early socket: its session should not wait at the server for ever. */
const UNCLAIMED_MS = 20_000;

export interface SocketEvents {
  open: [];
  message: [message: object];
  /** It was open and is gone. */
  disconnected: [];
  /** It never opened. */
  failed: [currentAttempt: number];
  close: [];
}

type Listener = (...args: never[]) => void;

/**
 * The transport under protoo-client's `Peer`. Its own WebSocketTransport opens the same URL again after a loss, and the
 * ticket in ours is spent by then; it also cannot be opened before its code is loaded. This one lives once, and keeps
 * what arrives until somebody listens.
 */
export class Socket {
  readonly #socket: WebSocket;
  readonly #listeners = new Map<keyof SocketEvents, Listener[]>();
  #held: object[] | null = [];
  #opened = false;
  #closed = false;

  /** @param held Sees the messages that arrive before anybody listens. */
  constructor(url: string, held: (message: object) => void = () => undefined) {
    mark('socketSent');
    this.#socket = new WebSocket(url, WS_SUBPROTOCOL);
    this.#socket.onopen = () => {
      mark('socket');
      this.#opened = true;
      this.#emit('open');
    };
    this.#socket.onclose = () => {
      if (this.#closed) return;
      this.#closed = true;
      if (this.#opened) this.#emit('disconnected');
      else this.#emit('failed', 1);
      this.#emit('close');
    };
    this.#socket.onmessage = ({ data }) => {
      const message = parse(data);
      if (!message) return;
      if (!this.#held) {
        this.#emit('message', message);
        return;
      }
      this.#held.push(message);
      held(message);
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  on<K extends keyof SocketEvents>(event: K, listener: (...args: SocketEvents[K]) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener as Listener]);
    // Whoever listens has its other listeners set by the end of this turn.
    if (event === 'message' && this.#held) queueMicrotask(() => this.#release());
    return this;
  }

  /** Rejects when the socket is not open. */
  async send(message: object): Promise<void> {
    if (this.#closed) throw new Error('transport closed');
    this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#held = null;
    this.#socket.onopen = null;
    this.#socket.onclose = null;
    this.#socket.onmessage = null;
    this.#socket.close();
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    if (this.#opened && !this.#closed) this.#emit('open');
    for (const message of held) this.#emit('message', message);
  }

  #emit<K extends keyof SocketEvents>(event: K, ...args: SocketEvents[K]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(args as never[]));
  }
}

const early = new Map<string, Socket>();

/** Opens the socket of a ticket before the code that will use it is there. */
export function openEarly(ticket: string, held: (message: object) => void): void {
  const socket = new Socket(urlOf(ticket), held);
  early.set(ticket, socket);
  setTimeout(() => {
    if (early.get(ticket) !== socket) return;
    early.delete(ticket);
    socket.close();
  }, UNCLAIMED_MS);
}

/** The socket of a ticket, opened early or now. */
export function takeSocket(ticket: string): Socket {
  const socket = early.get(ticket);
  early.delete(ticket);
  return socket ?? new Socket(urlOf(ticket));
}

/** Whether the ticket went into an early socket that is gone again. */
export function isSpent(ticket: string): boolean {
  return early.get(ticket)?.closed ?? false;
}

function urlOf(ticket: string): string {
  const url = new URL(SIGNALLING_PATH, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = `?ticket=${encodeURIComponent(ticket)}`;
  return url.href;
}

/** protoo's own parser makes absent data an empty object, and so does this. */
function parse(data: unknown): object | null {
  try {
    const message: unknown = JSON.parse(String(data));
    if (message === null || typeof message !== 'object') return null;
    return { ...message, data: (message as { data?: unknown }).data ?? {} };
  } catch {
    return null;
  }
}
