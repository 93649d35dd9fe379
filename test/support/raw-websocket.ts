import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** WebSocket opcodes (RFC 6455 section 5.2). */
export const OP = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The server answered the upgrade with something other than 101. */
export class UpgradeRefused extends Error {
  readonly status: number;
  /** What the server gave as its reason: the key of the error table. */
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(`upgrade refused: ${status} ${reason}`);
    this.name = 'UpgradeRefused';
    this.status = status;
    this.reason = reason;
  }
}

export interface RawOptions {
  readonly origin?: string | undefined;
  /** Sub-protocol; null asks for none. */
  readonly protocol?: string | null | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface FrameOptions {
  readonly fin?: boolean;
  /** Reserved bits, 0 to 7. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Length that the header claims, when it is not that of the payload. */
  readonly claims?: number;
}

export interface Closing {
  /** Code of the close frame; 1006 when the connection ended without one. */
  readonly code: number;
  readonly reason: string;
}

/**
 * A WebSocket client that sends whatever it is told to: wrong frames, half of a frame, nothing at all. Answers pings
 * unless it is told to be dead. Emits `text` for each text message of the server, `pong` for each answer to a ping.
 */
export class RawWebSocket extends EventEmitter<{ text: [string]; pong: [string]; closed: [Closing] }> {
  readonly socket: Socket;
  readonly closed: Promise<Closing>;
  /** Leaves pings unanswered. */
  dead = false;
  #closing: Closing = { code: 1006, reason: '' };
  #buffer: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];

  private constructor(socket: Socket, rest: Buffer) {
    super();
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve(this.#closing);
        this.emit('closed', this.#closing);
      });
    });
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    // After the caller of open() had its turn to listen.
    if (rest.length > 0) setImmediate(() => this.#take(rest));
  }

  /** @throws UpgradeRefused, or the error of the socket */
  static open(url: string, options: RawOptions = {}): Promise<RawWebSocket> {
    const { hostname, port, pathname, search, host } = new URL(url);
    const { protocol = 'protoo' } = options;
    const headers = {
      Host: host,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
      ...(protocol === null ? {} : { 'Sec-WebSocket-Protocol': protocol }),
      ...(options.origin === undefined ? {} : { Origin: options.origin }),
      ...options.headers,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port) });
      let head = Buffer.alloc(0);
      const read = (bytes: Buffer) => {
        head = Buffer.concat([head, bytes]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', read);
        const text = head.toString('latin1', 0, end);
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
        if (status === 101) {
          resolve(new RawWebSocket(socket, head.subarray(end + 4)));
        } else {
          socket.destroy();
          reject(new UpgradeRefused(status, /^x-websocket-reject-reason: (.*)$/im.exec(text)?.[1] ?? ''));
        }
      };
      socket.on('data', read);
      socket.on('error', reject);
      socket.once('close', () => reject(new Error('connection closed during the upgrade')));
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    });
  }

  text(message: string): void {
    this.frame(OP.text, Buffer.from(message));
  }

  frame(opcode: number, payload: Buffer, options: FrameOptions = {}): void {
    this.bytes(frameOf(opcode, payload, options));
  }

  bytes(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** True when the server has taken everything that was sent so far; false when it closed before. */
  delivered(): Promise<boolean> {
    const mark = randomBytes(8).toString('hex');
    return new Promise((resolve) => {
      const end = (taken: boolean) => {
        this.off('pong', hear);
        this.off('closed', gone);
        resolve(taken);
      };
      const hear = (payload: string) => {
        if (payload === mark) end(true);
      };
      const gone = () => end(false);
      this.on('pong', hear);
      this.on('closed', gone);
      if (this.socket.destroyed) end(false);
      else this.frame(OP.ping, Buffer.from(mark));
    });
  }

  /** Says goodbye as a browser does. */
  close(code = 1000): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.frame(OP.close, payload);
  }

  /** Vanishes without a close frame. */
  destroy(): void {
    this.socket.destroy();
  }

  #take(bytes: Buffer): void {
    this.#buffer = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, bytes]) : bytes;
    for (;;) {
      const frame = readFrame(this.#buffer);
      if (!frame) return;
      this.#buffer = this.#buffer.subarray(frame.size);
      this.#handle(frame);
    }
  }

  #handle({ opcode, fin, payload }: Frame): void {
    if (opcode === OP.ping) {
      if (!this.dead) this.frame(OP.pong, payload);
    } else if (opcode === OP.pong) {
      this.emit('pong', payload.toString('latin1'));
    } else if (opcode === OP.close) {
      this.#closing = {
        code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005,
        reason: payload.toString('utf8', 2),
      };
      if (this.dead) return;
      this.frame(OP.close, payload.subarray(0, 2));
      this.socket.end();
    } else if (opcode === OP.text || opcode === OP.continuation) {
      this.#parts.push(payload);
      if (!fin) return;
      const text = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.emit('text', text);
    }
  }
}

interface Frame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly payload: Buffer;
  readonly size: number;
}

/** The first frame of what a server sent (never masked), or null when it is not whole yet. */
function readFrame(buffer: Buffer): Frame | null {
  if (buffer.length < 2) return null;
  const [first = 0, second = 0] = buffer;
  let length = second & 0x7f;
  let at = 2;
  if (length === 126) {
    if (buffer.length < 4) return null;
    length = buffer.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (buffer.length < 10) return null;
    length = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  if (buffer.length < at + length) return null;
  return {
    opcode: first & 0x0f,
    fin: (first & 0x80) !== 0,
    payload: buffer.subarray(at, at + length),
    size: at + length,
  };
}

/** A frame as a client sends it; masked with zeros, which is as good as any mask here and keeps bytes readable. */
export function frameOf(opcode: number, payload: Buffer, options: FrameOptions = {}): Buffer {
  const { fin = true, reserved = 0, masked = true, claims = payload.length } = options;
  const size = claims < 126 ? 0 : claims < 65536 ? 2 : 8;
  const head = Buffer.alloc(2 + size + (masked ? 4 : 0));
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (size === 0 ? claims : size === 2 ? 126 : 127);
  if (size === 2) head.writeUInt16BE(claims, 2);
  if (size === 8) head.writeBigUInt64BE(BigInt(claims), 2);
  return Buffer.concat([head, payload]);
}
