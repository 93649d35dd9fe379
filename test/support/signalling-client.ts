import { EventEmitter } from 'node:events';
import type {
  ClientRequestName,
  ErrorReply,
  Params,
  ParamsInput,
  PeerId,
  Reply,
  RtpCapabilities,
  ServerNotificationName,
} from '@parley/protocol';
import { PROTOCOL_VERSION, TicketReply } from '@parley/protocol';
import { RawWebSocket } from './raw-websocket.ts';

/** An error answer of the server. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.name = 'Refusal';
    this.code = code;
  }

  /** Key of the error table, without the detail. */
  get key(): string {
    return this.message.split(':')[0] ?? '';
  }
}

export interface DoorOptions {
  /** Address that the server believes in (it must trust one proxy). */
  readonly address?: string | undefined;
  readonly resumeKey?: string | undefined;
  readonly origin?: string | undefined;
}

/** A frame of protoo, of whichever form. */
export interface Frame {
  readonly request?: true;
  readonly response?: true;
  readonly notification?: true;
  readonly id?: number;
  readonly method?: string;
  readonly data?: unknown;
  readonly ok?: boolean;
  readonly errorCode?: number;
  readonly errorReason?: string;
  /** When it arrived, by `performance.now()`. */
  readonly at: number;
}

type Notice<K extends ServerNotificationName> = Params<K>;

const forwarded = (address: string | undefined): Record<string, string> =>
  address === undefined ? {} : { 'X-Forwarded-For': address };

/** Asks for a ticket as a page does. @throws Refusal */
export async function ticketFor(url: string, slug: string, options: DoorOptions = {}): Promise<string> {
  const response = await fetch(`${url}/api/v1/meetings/${slug}/tickets`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...forwarded(options.address) },
    body: JSON.stringify({ resumeKey: options.resumeKey }),
  });
  const body = (await response.json()) as TicketReply & ErrorReply;
  if (!response.ok) throw new Refusal(body.error.code, body.error.key);
  return body.ticket;
}

/** The ticket that the page of a link which enters at once carries. */
export function ticketIn(page: Buffer): TicketReply | null {
  const content = /<meta name="parley-ticket" content="([^"]*)">/.exec(page.toString())?.[1];
  return content === undefined
    ? null
    : TicketReply.parse(JSON.parse(Buffer.from(content, 'base64').toString()));
}

export const signallingUrl = (url: string, ticket: string) =>
  `${url}/signalling?ticket=${encodeURIComponent(ticket)}`;

/** What a client can decode when a test does not care. */
export const CAN_DECODE: RtpCapabilities = {
  codecs: [
    { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2, preferredPayloadType: 100 },
    {
      kind: 'video',
      mimeType: 'video/VP8',
      clockRate: 90000,
      preferredPayloadType: 101,
      rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
    },
    {
      kind: 'video',
      mimeType: 'video/VP9',
      clockRate: 90000,
      preferredPayloadType: 103,
      parameters: { 'profile-id': 0 },
    },
  ],
  headerExtensions: [],
};

/**
 * A client of the signalling protocol with no library between test and wire. Keeps everything that arrived, in order.
 * Acknowledges consumers at once unless `ack` says otherwise.
 */
export class SignallingClient extends EventEmitter<{ frame: [Frame] }> {
  readonly socket: RawWebSocket;
  readonly frames: Frame[] = [];
  /** Called for each `newConsumer`; what it throws is answered as an error, a promise is waited for. */
  ack: (data: Params<'newConsumer'>) => unknown = () => undefined;
  readonly #pending = new Map<number, { resolve: (data: unknown) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  constructor(socket: RawWebSocket) {
    super();
    this.setMaxListeners(100);
    this.socket = socket;
    socket.on('text', (text) => this.#receive({ ...(JSON.parse(text) as object), at: performance.now() }));
    void socket.closed.then(({ code, reason }) => {
      for (const { reject } of this.#pending.values()) reject(new Refusal(code, reason || 'closed'));
      this.#pending.clear();
    });
  }

  /** Ticket, socket, welcome. @throws Refusal, UpgradeRefused */
  static async open(url: string, slug: string, options: DoorOptions = {}): Promise<SignallingClient> {
    const ticket = await ticketFor(url, slug, options);
    const socket = await RawWebSocket.open(signallingUrl(url, ticket), {
      origin: options.origin,
      headers: forwarded(options.address),
    });
    const client = new SignallingClient(socket);
    await client.notice('welcome');
    return client;
  }

  /** Opens and joins with a name. */
  static async enter(
    url: string,
    slug: string,
    name: string,
    more: DoorOptions & { view?: ParamsInput<'join'>['view']; rtpCapabilities?: RtpCapabilities } = {},
  ): Promise<SignallingClient & { joined: Reply<'join'> }> {
    const client = await SignallingClient.open(url, slug, more);
    const joined = await client.join(name, more);
    return Object.assign(client, { joined });
  }

  join(name: string, more: { view?: ParamsInput<'join'>['view']; rtpCapabilities?: RtpCapabilities } = {}) {
    return this.request('join', {
      protocolVersion: PROTOCOL_VERSION,
      displayName: name,
      rtpCapabilities: more.rtpCapabilities ?? CAN_DECODE,
      view: more.view,
    });
  }

  get welcome(): Params<'welcome'> {
    const frame = this.frames.find(({ method }) => method === 'welcome');
    if (!frame) throw new Error('not welcomed yet');
    return frame.data as Params<'welcome'>;
  }

  get peerId(): PeerId {
    return this.welcome.peerId;
  }

  /** @throws Refusal with the code of the table */
  request<K extends ClientRequestName>(method: K, data: ParamsInput<K>): Promise<Reply<K>> {
    return this.ask(method, data) as Promise<Reply<K>>;
  }

  /** A request of any name with any data. */
  ask(method: string, data: unknown): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.send({ request: true, id, method, data });
    });
  }

  notify(method: string, data: unknown): void {
    this.send({ notification: true, method, data });
  }

  send(frame: unknown): void {
    this.socket.text(JSON.stringify(frame));
  }

  notices<K extends ServerNotificationName>(method: K): Notice<K>[] {
    return this.frames
      .filter((frame) => frame.notification && frame.method === method)
      .map(({ data }) => data as Notice<K>);
  }

  /** The first notification of this name that fits, of those that came and those that will come. */
  async notice<K extends ServerNotificationName>(
    method: K,
    fits: (data: Notice<K>) => boolean = () => true,
    timeoutMs = 10_000,
  ): Promise<Notice<K>> {
    const frame = await this.frame(
      (item) => item.notification === true && item.method === method && fits(item.data as Notice<K>),
      method,
      timeoutMs,
    );
    return frame.data as Notice<K>;
  }

  /** The first `newConsumer` that fits. */
  async consumer(
    fits: (data: Params<'newConsumer'>) => boolean = () => true,
    timeoutMs = 10_000,
  ): Promise<Params<'newConsumer'>> {
    const frame = await this.frame(
      (item) =>
        item.request === true && item.method === 'newConsumer' && fits(item.data as Params<'newConsumer'>),
      'newConsumer',
      timeoutMs,
    );
    return frame.data as Params<'newConsumer'>;
  }

  frame(fits: (frame: Frame) => boolean, what: string, timeoutMs = 10_000): Promise<Frame> {
    const found = this.frames.find(fits);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const look = (frame: Frame) => {
        if (fits(frame)) finish(() => resolve(frame));
      };
      const finish = (end: () => void) => {
        clearTimeout(timer);
        this.off('frame', look);
        end();
      };
      const told = () =>
        this.frames
          .slice(-5)
          .map((frame) => JSON.stringify(frame).slice(0, 200))
          .join('\n');
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no ${what} within ${timeoutMs} ms; last:\n${told()}`))),
        timeoutMs,
      );
      void this.socket.closed.then(({ code, reason }) =>
        finish(() => reject(new Error(`closed (${code} ${reason}) before ${what}`))),
      );
      this.on('frame', look);
    });
  }

  /** A round trip that proves that everything sent before it has been handled: an unknown method is always answered. */
  async settle(): Promise<void> {
    await this.ask('settle', {}).catch((error: unknown) => {
      if ((error as Refusal).key !== 'UNKNOWN_METHOD') throw error;
    });
  }

  /** Leaves as a page does and waits until the socket is gone. */
  async leave(): Promise<void> {
    this.notify('leave', {});
    await this.socket.closed;
  }

  #receive(frame: Frame): void {
    this.frames.push(frame);
    if (frame.response && frame.id !== undefined) {
      const pending = this.#pending.get(frame.id);
      this.#pending.delete(frame.id);
      if (frame.ok) pending?.resolve(frame.data);
      else pending?.reject(new Refusal(frame.errorCode ?? 0, frame.errorReason ?? ''));
    } else if (frame.request && frame.id !== undefined) {
      void this.#answer(frame.id, frame.data as Params<'newConsumer'>);
    }
    this.emit('frame', frame);
  }

  async #answer(id: number, data: Params<'newConsumer'>): Promise<void> {
    try {
      await this.ack(data);
      this.send({ response: true, id, ok: true, data: {} });
    } catch (error) {
      this.send({ response: true, id, ok: false, errorCode: 4411, errorReason: String(error) });
    }
  }
}
