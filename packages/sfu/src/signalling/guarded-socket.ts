import { EventEmitter } from 'node:events';
import type { ProtooTransport, WebSocketTransport, RawConnection } from 'protoo-server';
import type { ErrorKey } from '@parley/protocol';
import { ERRORS, LIMITS } from '@parley/protocol';

/** Bytes that wait in the socket: from here on, news that a newer one replaces is held back (one of each key). */
const COALESCE_ABOVE = 64 * 1024;
/** From here on, what may be lost is dropped. */
const DROP_ABOVE = 512 * 1024;
/** From here on the reader is hopeless: the socket is closed, the client comes back and takes a fresh snapshot. */
const CLOSE_ABOVE = 4 * 1024 * 1024;
/** Malformed frames of one socket before it is closed. */
const MAX_BAD_FRAMES = 20;
/** What a socket may still send after the close frame before it is cut off. Bytes. */
const LATE_BYTES = 256 * 1024;
/** How long the other side may take to hang up after the close frame. Milliseconds. */
const HANG_UP_MS = 2000;
/** Close codes with which the `websocket` package ends a connection by itself, and what they are called here. */
const ENDED_BELOW: Readonly<Record<number, ErrorKey>> = {
  1002: 'BAD_FRAME',
  1007: 'BAD_FRAME',
  1009: 'TOO_LARGE',
};

/** How a message may be treated when the reader is slow. */
export type Urgency =
  { readonly kind: 'must' } | { readonly kind: 'latest'; readonly key: string } | { readonly kind: 'may' };
const MUST: Urgency = { kind: 'must' };

interface Message {
  readonly request?: boolean;
  readonly response?: boolean;
  readonly notification?: boolean;
  readonly id?: number;
  readonly method?: string;
  readonly data?: unknown;
  readonly ok?: boolean;
  readonly errorCode?: number;
  readonly errorReason?: string;
}

/**
 * Stands between protoo's Peer and the WebSocket. protoo's own transport throws in the socket's data handler, and so
 * ends the process, for the frame `null`; it drops other malformed frames in silence and writes without a look at what
 * the reader can take. This one answers each bad frame with its code, and bounds what waits to be sent.
 *
 * Emits `message` (protoo's form), `close` (WebSocket close code, whether it was closed from here), `bad` (error key).
 */
export class GuardedSocket extends EventEmitter implements ProtooTransport {
  readonly #connection: RawConnection;
  readonly #held = new Map<string, string>();
  #closed = false;
  #badFrames = 0;
  /** Messages that were replaced or dropped because the reader was slow. */
  skipped = 0;

  constructor(transport: WebSocketTransport) {
    super();
    const connection = transport._connection;
    this.#connection = connection;
    // Not those of `close`: the WebSocket server needs its own to forget the connection.
    connection.removeAllListeners('message');
    const drop = connection.drop.bind(connection);
    connection.drop = (code, reason, skipCloseFrame) => {
      const key = ENDED_BELOW[code ?? 0];
      if (key === undefined) {
        drop(code, reason, skipCloseFrame);
        return;
      }
      this.emit('bad', key);
      this.refuse(key);
    };
    connection.on('message', (raw: { type: string; utf8Data?: string }) => this.#receive(raw));
    connection.on('close', (code: number) => this.#ended(code, false));
    connection.on('drain', () => this.#flush());
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes that the kernel has not taken yet. */
  get waiting(): number {
    return this.#connection.socket.writableLength;
  }

  /** protoo sends requests and responses here. */
  async send(message: object): Promise<void> {
    if (this.#closed) throw new Error('socket closed');
    this.write(JSON.stringify(message), MUST);
  }

  /** Sends a ready-made frame, as urgently as it deserves. */
  write(text: string, urgency: Urgency): void {
    if (this.#closed) return;
    const { waiting } = this;
    if (waiting > CLOSE_ABOVE) {
      this.refuse('SLOW_READER');
      return;
    }
    if (urgency.kind === 'latest' && waiting > COALESCE_ABOVE) {
      if (this.#held.has(urgency.key)) this.skipped += 1;
      this.#held.set(urgency.key, text);
      return;
    }
    if (urgency.kind === 'may' && waiting > DROP_ABOVE) {
      this.skipped += 1;
      return;
    }
    // A newer one of the same key must not be overtaken by the one that is held.
    if (urgency.kind === 'latest') this.#held.delete(urgency.key);
    this.#connection.sendUTF(text);
  }

  /** protoo closes with this; 4000 tells protoo-client not to reconnect with the same, spent ticket. */
  close(): void {
    this.shut(4000, 'closed by the server');
  }

  /** Closes for a fault of the other side; the code of the table is the WebSocket close code. */
  refuse(key: ErrorKey): void {
    this.shut(ERRORS[key].code, key);
  }

  shut(code: number, reason: string): void {
    if (this.#closed) return;
    const slow = this.waiting > CLOSE_ABOVE;
    // First, because the connection tells its end while it is being dropped, as if the other side had begun.
    this.#ended(code, true);
    // A slow reader will not take a close frame either, and what waits for it must not stay in memory.
    if (slow) this.#connection.drop(code, reason, true);
    else this.#connection.close(code, reason);
    this.#hangUp();
  }

  /** After its close frame the `websocket` package keeps what comes and does not look at it; here it is let go. */
  #hangUp(): void {
    const { socket } = this.#connection;
    let late = 0;
    socket.removeAllListeners('data');
    socket.on('data', (bytes: Buffer) => {
      late += bytes.length;
      if (late > LATE_BYTES) socket.destroy();
    });
    socket.once('end', () => socket.end());
    const timer = setTimeout(() => socket.destroy(), HANG_UP_MS);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }

  #ended(code: number, ours: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#held.clear();
    this.emit('close', code, ours);
  }

  #flush(): void {
    for (const [key, text] of this.#held) {
      if (this.#closed || this.waiting > COALESCE_ABOVE) return;
      this.#held.delete(key);
      this.#connection.sendUTF(text);
    }
  }

  #receive(raw: { type: string; utf8Data?: string }): void {
    if (this.#closed) return;
    const message = raw.type === 'utf8' ? parse(raw.utf8Data ?? '') : null;
    if (message) {
      this.emit('message', message);
      return;
    }
    this.#badFrames += 1;
    this.emit('bad', 'BAD_FRAME' satisfies ErrorKey);
    if (this.#badFrames >= MAX_BAD_FRAMES) this.refuse('BAD_FRAME');
  }
}

/** The frame as protoo's Peer wants it, or null when it is none. */
function parse(text: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { request, response, notification, id, method, data, ok, errorCode, errorReason } = value as Message;
  const validId = Number.isSafeInteger(id);
  const validMethod = typeof method === 'string' && method.length <= LIMITS.id;
  if (request === true) return validId && validMethod ? { request, id, method, data: data ?? {} } : null;
  if (notification === true) return validMethod ? { notification, method, data: data ?? {} } : null;
  if (response === true && validId) {
    return ok === true
      ? { response, id, ok, data: data ?? {} }
      : {
          response,
          id,
          ok: false,
          errorCode: Number(errorCode),
          errorReason: String(errorReason).slice(0, 256),
        };
  }
  return null;
}
