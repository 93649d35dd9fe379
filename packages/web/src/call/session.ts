import {
  PROTOCOL_VERSION,
  ParleyError,
  type DeviceKind,
  type ParamsInput,
  type Params,
  type Reply,
} from '@parley/protocol';
import type { Device } from 'mediasoup-client';
import { Backoff, pause } from './backoff.ts';
import { NetworkError, finalFailure, givingUp, isErrorKey } from './failure.ts';
import { mark } from './marks.ts';
import { watchPulse } from './pulse.ts';
import type { Signal, SignalHandlers } from './signal.ts';
import type { CallFailure, ConnectStep } from './types.ts';

/** So often the way in is tried before the person is told that it does not work. Who is inside is not given up. */
const TRIES_AT_THE_DOOR = 5;
const WELCOME_MS = 10_000;
/** The server may have to wait for a media worker that is just being started. */
const JOIN_MS = 20_000;
/** A session that held this long starts again with short waits. */
const STABLE_MS = 10_000;

export type Welcome = Params<'welcome'>;
export type Joined = Reply<'join'>;
export type SessionNotifications = Omit<SignalHandlers['notifications'], 'welcome' | 'goodbye'>;

/** What the session needs from the world, and what it tells the rest of the call. */
export interface SessionHost {
  takeTicket(
    slug: string,
    resumeKey: string | undefined,
  ): Promise<{ ticket: string; protocolVersion: number }>;
  openSignal(ticket: string, handlers: SignalHandlers): Signal;
  loadDevice(welcome: Welcome): Promise<Device>;
  view(): ParamsInput<'join'>['view'];
  deviceKind(): DeviceKind;
  name(): string;

  step(step: ConnectStep): void;
  welcomed(welcome: Welcome): void;
  /** Called in the same turn in which the answer to `join` arrived: what follows on the socket finds everything ready. */
  joined(joined: Joined, welcome: Welcome, device: Device, signal: Signal): void;
  /** The session is gone and a new one is being made. */
  lost(): void;
  failed(failure: CallFailure): void;
  trouble(error: unknown): void;
  /** Client and server speak different versions: load the page anew. Returns false when that was tried already. */
  reload(): boolean;

  requests: SignalHandlers['requests'];
  notifications: SessionNotifications;
}

interface Ending {
  error: Error;
  /** Milliseconds to wait as the server said; null where it said nothing. */
  retryAfterMs: number | null;
  final: CallFailure | null;
}

/** One stay in a meeting: ticket, socket, welcome, join, and all of it again whenever the connection is lost. */
export class Session {
  readonly #slug: string;
  readonly #host: SessionHost;
  readonly #backoff = new Backoff({ baseMs: 400, capMs: 8_000 });
  #signal: Signal | null = null;
  #resumeKey: string | undefined;
  #everJoined = false;
  #over = false;
  #wake = new AbortController();

  constructor(slug: string, host: SessionHost) {
    this.#slug = slug;
    this.#host = host;
  }

  get signal(): Signal | null {
    return this.#signal;
  }

  /** Resolves when the person is inside for the first time, or when it is certain that this will not happen. */
  async run(): Promise<void> {
    await new Promise<void>((entered) => void this.#loop(entered).finally(entered));
  }

  /** The network is back: the next attempt need not wait. */
  wake(): void {
    this.#wake.abort();
  }

  /** The present state cannot be trusted or repaired: take everything anew, as the same peer. */
  restart(error: unknown): void {
    this.#host.trouble(error);
    this.#signal?.close();
  }

  leave(): void {
    if (this.#over) return;
    this.#over = true;
    this.#signal?.notify('leave', {});
    this.#signal?.close();
    this.#wake.abort();
  }

  async #loop(entered: () => void): Promise<void> {
    while (!this.#over) {
      const ending = await this.#stay(entered);
      this.#signal = null;
      if (this.#over) return;
      this.#host.trouble(ending.error);
      if (
        ending.error instanceof ParleyError &&
        ending.error.key === 'VERSION_MISMATCH' &&
        this.#host.reload()
      )
        return;
      const hopeless = !this.#everJoined && this.#backoff.attempts + 1 >= TRIES_AT_THE_DOOR;
      const final = ending.final ?? (hopeless ? givingUp(ending.error) : null);
      if (final) {
        this.#over = true;
        this.#host.failed(final);
        return;
      }
      if (this.#everJoined) this.#host.lost();
      this.#wake = new AbortController();
      const own = this.#backoff.next();
      await pause(ending.retryAfterMs === null ? own : Math.max(ending.retryAfterMs, own), this.#wake.signal);
    }
  }

  /** One socket, from its ticket to its end. Never rejects. */
  async #stay(entered: () => void): Promise<Ending> {
    let goodbye: Params<'goodbye'> | null = null;
    let signal: Signal | null = null;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    try {
      this.#host.step('ticket');
      const { ticket, protocolVersion } = await this.#host.takeTicket(this.#slug, this.#resumeKey);
      if (this.#over) throw new ParleyError('CLOSED');
      checkVersion(protocolVersion);

      this.#host.step('socket');
      let greet: (welcome: Welcome) => void = () => undefined;
      const greeted = new Promise<Welcome>((resolve) => (greet = resolve));
      signal = this.#host.openSignal(ticket, {
        requests: this.#host.requests,
        notifications: {
          ...this.#host.notifications,
          welcome: greet,
          goodbye: (params) => {
            goodbye = params;
            signal?.close();
          },
        },
        closed: () => end(),
        trouble: (error) => this.#host.trouble(error),
      });
      this.#signal = signal;
      const welcome = await Promise.race([greeted, ended, timeout(WELCOME_MS)]);
      if (!welcome) throw new NetworkError('no welcome');
      mark('welcome');
      checkVersion(welcome.protocolVersion);
      this.#resumeKey = welcome.resumeKey;
      this.#host.welcomed(welcome);

      this.#host.step('join');
      const device = await this.#host.loadDevice(welcome);
      mark('capabilities');
      mark('joinSent');
      const joined = await signal.request(
        'join',
        {
          protocolVersion: PROTOCOL_VERSION,
          displayName: this.#host.name(),
          device: this.#host.deviceKind(),
          rtpCapabilities: device.recvRtpCapabilities as ParamsInput<'join'>['rtpCapabilities'],
          view: this.#host.view(),
        },
        JOIN_MS,
      );
      mark('joined');
      this.#everJoined = true;
      this.#host.joined(joined, welcome, device, signal);
      entered();
      const since = Date.now();
      const stopPulse = watchPulse(signal, (error) => this.restart(error));
      await ended;
      stopPulse();
      if (Date.now() - since > STABLE_MS) this.#backoff.reset();
      return this.#ending(new NetworkError('socket closed'), goodbye);
    } catch (error) {
      signal?.close();
      return this.#ending(error instanceof Error ? error : new NetworkError(error), goodbye);
    }
  }

  #ending(error: Error, goodbye: Params<'goodbye'> | null): Ending {
    if (!goodbye) return { error, retryAfterMs: null, final: finalFailure(error, this.#everJoined) };
    const key = isErrorKey(goodbye.key) ? goodbye.key : 'INTERNAL';
    const said = new ParleyError(key);
    // The server says itself whether a return makes sense.
    const final =
      goodbye.retryAfterMs === null ? (finalFailure(said, this.#everJoined) ?? { key, retry: true }) : null;
    return { error: said, retryAfterMs: goodbye.retryAfterMs, final };
  }
}

function checkVersion(version: number): void {
  if (version !== PROTOCOL_VERSION) throw new ParleyError('VERSION_MISMATCH', `server ${version}`);
}

function timeout(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
