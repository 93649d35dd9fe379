import {
  METHODS,
  ParleyError,
  isMethod,
  type ClientNotificationName,
  type ClientRequestName,
  type MethodName,
  type Params,
  type ParamsInput,
  type Reply,
  type ServerNotificationName,
  type ServerRequestName,
} from '@parley/protocol';
import { Peer, type ProtooRequest } from 'protoo-client';
import { fromProtoo, messageOf } from './failure.ts';
import { takeSocket } from './socket.ts';

const REQUEST_TIMEOUT_MS = 15_000;

/** Large RTP descriptions are checked again by mediasoup-client; parsing them twice would delay the first picture. */
const UNPARSED: ReadonlySet<MethodName> = new Set(['welcome', 'newConsumer', 'mediaReset']);

export type SignalRequests = {
  [K in ServerRequestName]: (params: Params<K>) => Promise<Reply<K>>;
};
export type SignalNotifications = {
  [K in ServerNotificationName]: (params: Params<K>) => void;
};

export interface SignalHandlers {
  requests: SignalRequests;
  notifications: SignalNotifications;
  /** Once, when the socket is gone for whatever reason; every pending request has been rejected by then. */
  closed(): void;
  /** A message of the server that could not be used. */
  trouble(error: unknown): void;
}

/** The part of protoo's peer that is used here, so that tests can put something else in its place. */
export type SignalPeer = Pick<Peer, 'closed' | 'close' | 'request' | 'notify' | 'on'>;

/** One signalling socket: it lives once, is never reopened, and belongs to one ticket. */
export class Signal {
  readonly #peer: SignalPeer;
  readonly #handlers: SignalHandlers;
  readonly #pending = new Set<(error: Error) => void>();
  #closed = false;

  constructor(ticket: string, handlers: SignalHandlers, connect: (ticket: string) => SignalPeer = openPeer) {
    this.#handlers = handlers;
    const peer = connect(ticket);
    this.#peer = peer;
    // Nobody opens this socket again: the ticket in its URL is spent.
    peer.on('disconnected', () => this.close());
    peer.on('failed', () => this.close());
    peer.on('close', () => this.close());
    peer.on('request', (request, accept, reject) => void this.#answer(request, accept, reject));
    peer.on('notification', ({ method, data }) => this.#notified(method, data));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * @throws {ParleyError} with the key of the server's refusal, `TIMEOUT` when no answer came within `timeoutMs`, or
   * `CLOSED` when the socket went away first.
   */
  request<K extends ClientRequestName>(
    method: K,
    params: ParamsInput<K>,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<Reply<K>> {
    if (this.#closed) return Promise.reject(new ParleyError('CLOSED', method));
    return new Promise<Reply<K>>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#pending.delete(fail);
      };
      const fail = (error: Error): void => {
        settle();
        reject(error);
      };
      const timer = setTimeout(() => fail(new ParleyError('TIMEOUT', method)), timeoutMs);
      this.#pending.add(fail);
      this.#peer.request(method, params).then(
        (reply) => {
          settle();
          resolve(reply as Reply<K>);
        },
        (error: unknown) => fail(fromProtoo(error)),
      );
    });
  }

  /** Best effort: a notification to a closed socket is dropped. */
  notify<K extends ClientNotificationName>(method: K, params: ParamsInput<K>): void {
    if (this.#closed) return;
    this.#peer.notify(method, params).catch((error: unknown) => this.#handlers.trouble(error));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#peer.closed) this.#peer.close();
    for (const fail of [...this.#pending]) fail(new ParleyError('CLOSED'));
    this.#handlers.closed();
  }

  async #answer(
    request: ProtooRequest,
    accept: (data?: unknown) => void,
    reject: (code: number, reason: string) => void,
  ): Promise<void> {
    try {
      const { method } = request;
      if (!isMethod(method) || METHODS[method].from !== 'server' || METHODS[method].kind !== 'request') {
        throw new ParleyError('UNKNOWN_METHOD', method);
      }
      const handler = this.#handlers.requests[method as ServerRequestName];
      accept(await handler(parse(method, request.data) as Params<ServerRequestName>));
    } catch (error) {
      const known = error instanceof ParleyError ? error : new ParleyError('INTERNAL', messageOf(error));
      if (known.key !== 'STALE_EPOCH') this.#handlers.trouble(known);
      if (!this.#closed) reject(known.code, known.message.slice(0, 256));
    }
  }

  #notified(method: string, data: unknown): void {
    if (this.#closed) return;
    try {
      if (!isMethod(method) || METHODS[method].from !== 'server' || METHODS[method].kind !== 'notification') {
        throw new ParleyError('UNKNOWN_METHOD', method);
      }
      const handler = this.#handlers.notifications[method as ServerNotificationName] as (
        params: unknown,
      ) => void;
      handler(parse(method, data));
    } catch (error) {
      this.#handlers.trouble(error);
    }
  }
}

function parse(method: MethodName, data: unknown): unknown {
  if (UNPARSED.has(method)) return data;
  const parsed = METHODS[method].params.safeParse(data);
  if (!parsed.success)
    throw new ParleyError('BAD_REQUEST', `${method}: ${parsed.error.message.slice(0, 200)}`);
  return parsed.data;
}

function openPeer(ticket: string): SignalPeer {
  return new Peer(takeSocket(ticket));
}
