import type { Peer as ProtooPeer, ProtooNotification, ProtooRequest } from 'protoo-server';
import type {
  Capability,
  ErrorKey,
  LeaveReason,
  Params,
  PeerId,
  Phase,
  Role,
  ServerNotificationName,
  SessionId,
} from '@parley/protocol';
import { ERRORS, ParleyError, ROLE_CAPABILITIES } from '@parley/protocol';
import { withDeadline } from '../lib/deadline.ts';
import { KeyedBuckets } from '../lib/token-bucket.ts';
import type { Logger } from '../runtime.ts';
import type { Peer } from '../room/peer.ts';
import type { Broadcast, PeerLink } from '../room/ports.ts';
import type { Room } from '../room/room.ts';
import { dispatch } from './dispatch.ts';
import type { GuardedSocket, Urgency } from './guarded-socket.ts';
import { REFUSALS } from './rates.ts';

/** A client that does not acknowledge a consumer within this is not going to. Milliseconds. */
const ANSWER_MS = 10_000;
/** A socket that is opened and then does not join is a waste of a seat. Milliseconds. */
const JOIN_WITHIN_MS = 60_000;

export interface SessionInit {
  readonly id: SessionId;
  readonly peerId: PeerId;
  readonly role: Role;
  readonly address: string;
  readonly room: Room;
  readonly socket: GuardedSocket;
  readonly protoo: ProtooPeer;
  readonly logger: Logger;
  readonly now: () => number;
  /** Buckets of the address, shared by its sessions. */
  readonly addressBuckets: KeyedBuckets;
  readonly onRefused: (key: ErrorKey, method: string) => void;
}

/** How urgent the notifications of the server are when a reader is slow; what is not named must arrive. */
const URGENCY: Partial<Record<ServerNotificationName, (data: never) => Urgency>> = {
  audioLevels: () => ({ kind: 'latest', key: 'audioLevels' }),
  activeSpeaker: () => ({ kind: 'latest', key: 'activeSpeaker' }),
  consumerLayersChanged: (data: Params<'consumerLayersChanged'>) => ({
    kind: 'latest',
    key: `layers/${data.consumerId}`,
  }),
  peerQualities: () => ({ kind: 'may' }),
};
const MUST: Urgency = { kind: 'must' };

/** One socket of one person: phase, rates, and the way messages take in and out. */
export class Session implements PeerLink {
  readonly id: SessionId;
  readonly peerId: PeerId;
  readonly role: Role;
  readonly address: string;
  readonly room: Room;
  readonly logger: Logger;
  readonly buckets: KeyedBuckets;
  readonly addressBuckets: KeyedBuckets;
  phase: Phase = 'admitted';
  /** Set by `join`. */
  peer: Peer | null = null;
  readonly #socket: GuardedSocket;
  readonly #protoo: ProtooPeer;
  readonly #onRefused: SessionInit['onRefused'];
  readonly #refusals: KeyedBuckets;
  readonly #closing: Promise<never>;
  #rejectClosing!: (error: ParleyError) => void;
  #joinTimer: NodeJS.Timeout;
  /** What waits for the reply to `join` to go first; null when nothing has to wait. */
  #held: { text: string; urgency: Urgency }[] | null = null;

  constructor(init: SessionInit) {
    this.id = init.id;
    this.peerId = init.peerId;
    this.role = init.role;
    this.address = init.address;
    this.room = init.room;
    this.logger = init.logger.child({ session: init.id, peerId: init.peerId });
    this.buckets = new KeyedBuckets(init.now);
    this.addressBuckets = init.addressBuckets;
    this.#refusals = new KeyedBuckets(init.now);
    this.#onRefused = init.onRefused;
    this.#socket = init.socket;
    this.#protoo = init.protoo;
    this.#closing = new Promise((_, reject) => {
      this.#rejectClosing = reject;
    });
    this.#closing.catch(() => undefined);
    this.#joinTimer = setTimeout(() => this.close(new ParleyError('TIMEOUT'), null), JOIN_WITHIN_MS);
    this.#joinTimer.unref();

    init.socket.on('close', (code: number, ours: boolean) => this.#closed(code, ours));
    init.socket.on('bad', (key: ErrorKey) => this.refused(key, null, null));
    init.protoo.on(
      'request',
      (
        request: ProtooRequest,
        accept: (data: object) => void,
        reject: (code: number, reason: string) => void,
      ) => {
        void dispatch(this, 'request', request.method, request.data).then(
          (reply) => {
            accept(reply ?? {});
            this.#release();
          },
          (error: unknown) => {
            const known = this.translate(error, request.method);
            reject(known.code, known.detail === undefined ? known.key : `${known.key}: ${known.detail}`);
            this.#release();
            this.#count(known.key, request.method);
          },
        );
      },
    );
    init.protoo.on('notification', ({ method, data }: ProtooNotification) => {
      void dispatch(this, 'notification', method, data).catch((error: unknown) => {
        const known = this.translate(error, method);
        this.refused(known.key, method, known.detail ?? null);
      });
    });
  }

  get closed(): boolean {
    return this.#socket.closed;
  }

  get capabilities(): readonly Capability[] {
    return ROLE_CAPABILITIES[this.role];
  }

  /**
   * A peer gets room events from the moment at which it is added, but the client can make nothing of them before it has
   * the snapshot: from here until the next reply they are kept back.
   */
  joining(): void {
    this.phase = 'waiting';
    this.#held = [];
  }

  joined(peer: Peer): void {
    clearTimeout(this.#joinTimer);
    this.peer = peer;
    this.phase = 'joined';
  }

  notify<K extends ServerNotificationName>(method: K, data: Params<K>): void {
    if (!this.closed)
      this.#send(JSON.stringify({ notification: true, method, data }), urgencyOf(method, data));
  }

  broadcast(message: Broadcast): void {
    if (!this.closed) this.#send(message.text, urgencyOf(message.method, message.data));
  }

  async requestNewConsumer(data: Params<'newConsumer'>): Promise<void> {
    if (this.closed) throw new ParleyError('CLOSED');
    // protoo leaves requests pending when the socket closes by itself, so the closing is raced with.
    const answer = Promise.race([this.#protoo.request('newConsumer', data), this.#closing]);
    await withDeadline(answer, ANSWER_MS, () => new ParleyError('TIMEOUT', 'newConsumer'));
  }

  close(error: ParleyError, retryAfterMs: number | null, reason: LeaveReason | null = null): void {
    if (this.closed) return;
    this.#held = null;
    this.notify('goodbye', { code: error.code, key: error.key, reason, retryAfterMs });
    this.#socket.shut(error.code, error.key);
  }

  /** Tells the client that something it sent was not taken, as long as it does not make a sport of it. */
  refused(key: ErrorKey, method: string | null, detail: string | null): void {
    this.#count(key, method ?? '(frame)');
    this.notify('refused', { code: ERRORS[key].code, key, method: method?.slice(0, 64) ?? null, detail });
  }

  /** The edge between our errors and the client: known ones pass, others are logged and become INTERNAL. */
  translate(error: unknown, method: string): ParleyError {
    if (error instanceof ParleyError) return error;
    this.logger.error({ err: error, method }, 'request failed');
    return new ParleyError('INTERNAL');
  }

  #send(text: string, urgency: Urgency): void {
    if (this.#held) this.#held.push({ text, urgency });
    else this.#socket.write(text, urgency);
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const { text, urgency } of held) this.#socket.write(text, urgency);
  }

  #count(key: ErrorKey, method: string): void {
    // Work that ends after its socket has gone is nobody's refusal.
    if (this.closed) return;
    this.#onRefused(key, method);
    if (!this.#refusals.take('all', REFUSALS)) this.close(new ParleyError('RATE_LIMITED'), null);
  }

  #closed(code: number, ours: boolean): void {
    clearTimeout(this.#joinTimer);
    this.#rejectClosing(new ParleyError('CLOSED'));
    const { peer } = this;
    if (!peer) return;
    // A slow reader comes back and takes a fresh snapshot; whoever else we closed does not.
    if (ours) {
      if (code === ERRORS.SLOW_READER.code) this.room.lose(peer);
      else this.room.leave(peer, 'removed');
      return;
    }
    // 1000, 1001 (page left), 1005 (closed without a code) and codes of one's own are said on purpose; all else is a loss.
    if (code === 1000 || code === 1001 || code === 1005 || code >= 4000) this.room.leave(peer, 'left');
    else this.room.lose(peer);
  }
}

function urgencyOf(method: ServerNotificationName, data: unknown): Urgency {
  return URGENCY[method]?.(data as never) ?? MUST;
}
