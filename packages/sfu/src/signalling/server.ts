import type { IncomingMessage, Server } from 'node:http';
import { Room as ProtooRoom, WebSocketServer } from 'protoo-server';
import type { ConnectionInfo, WebSocketTransport } from 'protoo-server';
import type { ErrorKey, RtpCapabilities, SessionId } from '@parley/protocol';
import { ERRORS, LIMITS, PROTOCOL_VERSION, ParleyError, SIGNALLING_PATH } from '@parley/protocol';
import { KeyedBuckets } from '../lib/token-bucket.ts';
import type { Clock, Logger } from '../runtime.ts';
import type { Admission, Tickets } from '../auth/tickets.ts';
import type { Registry } from '../room/registry.ts';
import type { Room } from '../room/room.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { CONNECTS } from './rates.ts';
import { Session } from './session.ts';

/** A silent peer is noticed within two of these. Milliseconds. */
const KEEPALIVE_MS = 4000;

export interface SignallingOptions {
  readonly tickets: Tickets;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: Clock;
  readonly newId: () => string;
  readonly serverVersion: string;
  readonly maxSocketsPerAddress: number;
  /** Address of the client, seen through the trusted proxies. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly originAllowed: (request: IncomingMessage, origin: string | undefined) => boolean;
  readonly onRefused: (key: ErrorKey, method: string) => void;
}

/** The WebSocket door: nothing is accepted before origin, ticket and rate have been looked at. */
export class SignallingServer {
  readonly #options: SignallingOptions;
  readonly #protooRoom = new ProtooRoom();
  readonly #sessions = new Set<Session>();
  readonly #socketsOf = new Map<string, number>();
  readonly #connects: KeyedBuckets;
  readonly #messages: KeyedBuckets;
  #wsServer: WebSocketServer | null = null;
  #closed: { error: ParleyError; retryAfterMs: number | null } | null = null;

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#connects = new KeyedBuckets(options.now);
    this.#messages = new KeyedBuckets(options.now);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  attach(server: Server): void {
    this.#wsServer = new WebSocketServer(server, {
      maxReceivedFrameSize: LIMITS.messageBytes,
      maxReceivedMessageSize: LIMITS.messageBytes,
      keepalive: true,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveGracePeriod: KEEPALIVE_MS,
      dropConnectionOnKeepaliveTimeout: true,
      closeTimeout: 2000,
      ignoreXForwardedFor: true,
    });
    this.#wsServer.on('connectionrequest', (info, accept, reject) => {
      // protoo answers a throw here by rejecting once more, which ends the process if it came after accept().
      this.#admit(info, accept).catch((error: unknown) => {
        const known = error instanceof ParleyError ? error : new ParleyError('INTERNAL');
        if (known !== error) this.#options.logger.error({ err: error }, 'connection request failed');
        this.#options.onRefused(known.key, '(connect)');
        try {
          reject(ERRORS[known.key].status, known.key);
        } catch (late) {
          this.#options.logger.debug({ err: late }, 'socket was gone before it could be refused');
        }
      });
    });
  }

  /** Says goodbye to everybody; nobody gets in from here on. */
  close(error: ParleyError, retryAfterMs: number | null): void {
    this.#closed = { error, retryAfterMs };
    this.#wsServer?.stop();
    for (const session of [...this.#sessions]) session.close(error, retryAfterMs);
  }

  async #admit(info: ConnectionInfo, accept: () => WebSocketTransport | undefined): Promise<void> {
    const { request } = info;
    // `//` and the like are no address at all.
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    if (this.#closed) throw this.#closed.error;
    if (url?.pathname !== SIGNALLING_PATH) throw new ParleyError('NOT_FOUND');
    if (!this.#options.originAllowed(request, info.origin)) throw new ParleyError('ORIGIN_REFUSED');
    const address = this.#options.addressOf(request);
    const open = this.#socketsOf.get(address) ?? 0;
    if (open >= this.#options.maxSocketsPerAddress || !this.#connects.take(address, CONNECTS)) {
      throw new ParleyError('TOO_MANY_ATTEMPTS');
    }
    // Counted before the first `await`: of many that come at once, no more than the limit get through.
    this.#socketsOf.set(address, open + 1);
    let session: Session | null = null;
    try {
      session = await this.#letIn(url, info, address, accept);
    } finally {
      if (session === null) this.#release(address);
    }
  }

  /** @returns null when the socket is gone already */
  async #letIn(
    url: URL,
    info: ConnectionInfo,
    address: string,
    accept: () => WebSocketTransport | undefined,
  ): Promise<Session | null> {
    const ticket = url.searchParams.get('ticket') ?? '';
    if (ticket.length === 0 || ticket.length > LIMITS.token) throw new ParleyError('TICKET_INVALID');
    const admission = await this.#options.tickets.spend(ticket);
    const room = this.#options.registry.open(admission.slug);
    if (room.full && !room.peer(admission.peerId)) throw new ParleyError('MEETING_FULL');
    const [media, resumeKey] = await Promise.all([
      room.media(),
      this.#options.tickets.issueResumeKey(admission),
    ]);
    // Not an assertion: the server may have begun to close during the await.
    const closing = this.#closed as { error: ParleyError } | null;
    if (closing) throw closing.error;
    if (room.closed) throw new ParleyError('MEETING_ENDED');
    if (info.socket.destroyed) return null;
    const transport = accept();
    return transport
      ? this.#welcome(transport, admission, room, address, resumeKey, media.rtpCapabilities)
      : null;
  }

  #release(address: string): void {
    const left = (this.#socketsOf.get(address) ?? 1) - 1;
    if (left > 0) this.#socketsOf.set(address, left);
    else this.#socketsOf.delete(address);
  }

  #welcome(
    transport: WebSocketTransport,
    admission: Admission,
    room: Room,
    address: string,
    resumeKey: string,
    routerRtpCapabilities: RtpCapabilities,
  ): Session {
    const { logger, now, newId, serverVersion, onRefused } = this.#options;
    const id = newId() as SessionId;
    const socket = new GuardedSocket(transport);
    const session = new Session({
      id,
      peerId: admission.peerId,
      role: admission.role,
      address,
      room,
      socket,
      protoo: this.#protooRoom.createPeer(id, socket),
      logger,
      now,
      addressBuckets: this.#messages,
      onRefused,
    });
    this.#sessions.add(session);
    socket.on('close', () => {
      this.#sessions.delete(session);
      this.#release(address);
    });
    session.notify('welcome', {
      protocolVersion: PROTOCOL_VERSION,
      serverVersion,
      slug: admission.slug,
      sessionId: id,
      peerId: admission.peerId,
      resumeKey,
      phase: 'admitted',
      role: admission.role,
      capabilities: [...session.capabilities],
      routerRtpCapabilities,
    });
    return session;
  }
}
