import type { EventEmitter } from 'node:events';
import { connect } from 'node:net';
import { ERRORS, METHODS, PROTOCOL_VERSION, errorKeyOf } from '@parley/protocol';
import type { ErrorKey } from '@parley/protocol';
import { HTTP_GARBAGE, fatalFrame, hostileFrame } from './hostile-frames.ts';
import type { HostileFrame, Known } from './hostile-frames.ts';
import { Random } from './random.ts';
import { RawWebSocket, UpgradeRefused } from './raw-websocket.ts';
import { CAN_DECODE, signallingUrl, ticketFor } from './signalling-client.ts';

/** What attacks did and how the server answered. */
export class Findings {
  /** Frames that a live session of the server took. What was sent into a closing socket does not count. */
  frames = 0;
  /** Those frames by kind. */
  readonly sent: Record<string, number> = {};
  /** Refusals by error key, as the attackers saw them. */
  readonly refusals: Record<string, number> = {};
  readonly closes: Record<string, number> = {};
  /** Whatever should not have happened, with the seed that repeats it. */
  readonly strange: string[] = [];
  answered = 0;
  /** Sockets that are left half-open or unread; to be destroyed at the end of the test. */
  readonly hanging: RawWebSocket[] = [];

  count(record: Record<string, number>, key: string): void {
    record[key] = (record[key] ?? 0) + 1;
  }
}

export interface AttackOptions {
  readonly url: string;
  readonly slug: string;
  readonly address: string;
  readonly seed: number;
  /** Frames at most; a socket that is closed earlier sends fewer. */
  readonly frames: number;
  readonly findings: Findings;
}

const pause = () => new Promise((resolve) => setImmediate(resolve));
/** Unlike `once` of Node it does not mind errors of the socket, which are to be expected here. */
const event = (emitter: EventEmitter, name: string) =>
  new Promise<void>((resolve) => emitter.once(name, () => resolve()));
const within = <T>(work: Promise<T>, ms: number) =>
  Promise.race([work, new Promise<null>((resolve) => setTimeout(() => resolve(null), ms).unref())]);

/** One socket of an attacker, from the ticket to one of many bad ends. */
export class Attacker {
  readonly #options: AttackOptions;
  readonly #random: Random;
  readonly #open = new Set<number>();
  readonly #known: Known = {
    transportId: [],
    sendTransportId: [],
    producerId: [],
    consumerId: [],
    peerId: [],
  };
  #socket: RawWebSocket | null = null;
  #closed = false;

  constructor(options: AttackOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
  }

  async run(): Promise<void> {
    const { url, slug, address, findings } = this.#options;
    const ticket = await ticketFor(url, slug, { address });
    try {
      this.#socket = await RawWebSocket.open(signallingUrl(url, ticket), {
        headers: { 'X-Forwarded-For': address },
      });
    } catch (error) {
      if (!(error instanceof UpgradeRefused)) throw error;
      findings.count(findings.refusals, error.reason);
      if (!(error.reason in ERRORS)) this.#strange(`upgrade refused with ${error.message}`);
      return;
    }
    const socket = this.#socket;
    socket.on('text', (text) => this.#hear(text));
    void socket.closed.then(({ code, reason }) => {
      this.#closed = true;
      findings.count(findings.closes, `${code} ${reason}`);
      if (reason in ERRORS) findings.count(findings.refusals, reason);
    });
    if (this.#random.chance(0.6)) {
      this.#join();
      // Those who wait for the reply know afterwards what there is to aim at.
      if (this.#random.chance(0.8)) await this.#quiet(5_000);
    }
    await this.#send(socket);
    await this.#end(socket);
  }

  #join(): void {
    const id = 1;
    this.#open.add(id);
    this.#count('proper join');
    const data = { protocolVersion: PROTOCOL_VERSION, displayName: 'Mallory', rtpCapabilities: CAN_DECODE };
    this.#socket?.text(JSON.stringify({ request: true, id, method: 'join', data }));
  }

  async #send(socket: RawWebSocket): Promise<void> {
    let left = this.#options.frames;
    while (left > 0 && !this.#closed) {
      const burst = Array.from({ length: Math.min(left, this.#random.int(1, 25)) }, () =>
        hostileFrame(this.#random, this.#known),
      );
      left -= burst.length;
      for (const frame of burst) {
        this.#frame(frame);
        if (this.#random.chance(0.1)) await pause();
      }
      if (await socket.delivered()) for (const frame of burst) this.#count(frame.what);
    }
  }

  #frame({ asks, bytes }: HostileFrame): void {
    if (asks !== undefined) this.#open.add(asks);
    this.#socket?.bytes(bytes);
  }

  #count(what: string): void {
    const { findings } = this.#options;
    findings.frames += 1;
    findings.count(findings.sent, what);
  }

  async #end(socket: RawWebSocket): Promise<void> {
    const random = this.#random;
    const end = random.pick([
      'answers',
      'answers',
      'answers',
      'fatal',
      'fatal',
      'close',
      'strange close',
      'vanish',
      'half-open',
      'unread',
    ]);
    if (end === 'half-open' || end === 'unread') {
      // Says nothing any more and does not go; the other one does not even read.
      socket.dead = true;
      if (end === 'unread') socket.socket.pause();
      this.#options.findings.hanging.push(socket);
      return;
    }
    if (end === 'answers') await this.#allAnswered();
    if (end === 'fatal' && !this.#closed) {
      const frame = fatalFrame(random);
      this.#frame(frame);
      this.#count(frame.what);
      await this.#closedFor(socket, frame.what);
    }
    if (end === 'close') socket.close(random.pick([1000, 1001, 3000, 4000, 4509]));
    if (end === 'strange close') socket.close(random.pick([0, 999, 1005, 1006, 2999, 65535]));
    if (end === 'vanish') socket.destroy();
    if (end === 'answers') socket.destroy();
    if ((await within(socket.closed, 10_000)) === null) this.#strange(`not closed after "${end}"`);
  }

  /** Every request is answered, or the socket closed with a code of the table. */
  async #allAnswered(): Promise<void> {
    await this.#quiet(15_000);
    if (this.#closed) await this.#closedFor(this.#socket!, 'requests');
    else if (this.#open.size > 0) this.#strange(`${this.#open.size} requests without an answer`);
  }

  /** Waits until no answer is owed. */
  async #quiet(atMostMs: number): Promise<void> {
    const began = Date.now();
    while (this.#open.size > 0 && !this.#closed && Date.now() - began < atMostMs) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #closedFor(socket: RawWebSocket, what: string): Promise<void> {
    const closing = await within(socket.closed, 10_000);
    const known = closing !== null && errorKeyOf(closing.code) === closing.reason;
    if (!known) this.#strange(`${what}: closed with ${JSON.stringify(closing)}`);
  }

  #hear(text: string): void {
    const { findings } = this.#options;
    const frame = JSON.parse(text) as Record<string, unknown>;
    this.#learn(text);
    if (frame.response === true) {
      findings.answered += 1;
      this.#open.delete(frame.id as number);
      if (frame.ok !== true) this.#refused(frame.errorCode, String(frame.errorReason).split(':')[0] ?? '');
    } else if (frame.notification === true && frame.method === 'refused') {
      const notice = METHODS.refused.params.safeParse(frame.data);
      if (notice.success) this.#refused(notice.data.code, notice.data.key);
      else this.#strange(`a notice that does not fit its schema: ${text}`);
    } else if (frame.request === true && this.#random.chance(0.5)) {
      this.#socket?.text(
        JSON.stringify({ response: true, id: frame.id, ok: this.#random.chance(0.5), data: {} }),
      );
    }
  }

  /** Notes the ids that the server names, whoever they belong to. */
  #learn(text: string): void {
    for (const [, name, id] of text.matchAll(/"(transportId|producerId|consumerId|peerId)":"([\w-]+)"/g)) {
      this.#known[name as keyof Known].push(id ?? '');
    }
    for (const [, direction, id = ''] of text.matchAll(/"(send|recv)Transport":\{"id":"([\w-]+)"/g)) {
      this.#known.transportId.push(id);
      if (direction === 'send') this.#known.sendTransportId.push(id);
    }
  }

  #refused(code: unknown, key: string): void {
    const { findings } = this.#options;
    findings.count(findings.refusals, key);
    if (!(key in ERRORS) || ERRORS[key as ErrorKey].code !== code)
      this.#strange(`refused with ${String(code)} ${key}`);
  }

  #strange(what: string): void {
    this.#options.findings.strange.push(`seed ${this.#options.seed}: ${what}`);
  }
}

/** Sends more on one socket than any client ever would, and goes on after it was closed. */
export async function flood(options: AttackOptions, bytes: number): Promise<void> {
  const { url, slug, address } = options;
  const ticket = await ticketFor(url, slug, { address });
  const socket = await RawWebSocket.open(signallingUrl(url, ticket), {
    headers: { 'X-Forwarded-For': address },
  });
  const block = Buffer.concat(
    Array.from({ length: 200 }, () => hostileFrame(new Random(options.seed)).bytes),
  );
  for (let sent = 0; sent < bytes && !socket.socket.destroyed; sent += block.length) {
    socket.bytes(block);
    if (socket.socket.writableNeedDrain) await Promise.race([event(socket.socket, 'drain'), socket.closed]);
    else await pause();
  }
  socket.destroy();
}

/** Says something to the port that is no HTTP, or hardly. */
export async function garbage(url: string, seed: number): Promise<void> {
  const random = new Random(seed);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(random.pick(HTTP_GARBAGE)(random));
  if (random.chance(0.5)) socket.end();
  await within(event(socket, 'close'), 200);
  socket.destroy();
}
