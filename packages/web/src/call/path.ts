import { ParleyError } from '@parley/protocol/errors';
import type { Transport } from 'mediasoup-client/types';

/** `disconnected` often heals by itself within a second or two (a Wi-Fi hand-over, a lost second). */
const PATIENCE_MS = 1_500;
/** How long a restarted path may take before the transport is given up. */
const RESTART_MS = 8_000;

export interface PathActions {
  /** ICE restart, both sides. */
  restart(): Promise<void>;
  /** A new transport in place of this one. */
  replace(): Promise<void>;
  lost(error: unknown): void;
  trouble(error: unknown): void;
}

/**
 * Keeps one transport connected: waits a moment, restarts ICE, then replaces the transport, then gives up. Single
 * flight: whatever states the browser reports meanwhile, one attempt is under way at a time.
 */
export class PathKeeper {
  readonly #transport: Pick<Transport, 'connectionState' | 'closed' | 'on'>;
  readonly #actions: PathActions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #closed = false;

  constructor(transport: Pick<Transport, 'connectionState' | 'closed' | 'on'>, actions: PathActions) {
    this.#transport = transport;
    this.#actions = actions;
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') this.#healthy();
      else if (state === 'disconnected') this.#later(PATIENCE_MS);
      else if (state === 'failed') this.#later(0);
    });
  }

  /** For a transport that can never connect. */
  async replaceNow(): Promise<void> {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    await this.#replace();
  }

  /** For a path that is known to be lost before the browser says so. */
  async restartNow(): Promise<void> {
    if (this.#transport.connectionState === 'new') return;
    clearTimeout(this.#timer);
    await this.#restart();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #healthy(): void {
    clearTimeout(this.#timer);
    this.#busy = false;
  }

  #later(ms: number): void {
    if (this.#closed || this.#busy) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#transport.connectionState !== 'connected') void this.#restart();
    }, ms);
  }

  async #restart(): Promise<void> {
    if (this.#over() || this.#busy) return;
    this.#busy = true;
    try {
      await this.#actions.restart();
    } catch (error) {
      if (this.#over()) return;
      if (isSilence(error)) {
        // It is the socket that is dead, and a new transport would be asked for over the same one.
        this.#actions.lost(error);
        return;
      }
      this.#actions.trouble(error);
      await this.#replace();
      return;
    }
    if (this.#over() || !this.#busy) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#over()) return;
      if (this.#transport.connectionState === 'connected') this.#healthy();
      else void this.#replace();
    }, RESTART_MS);
  }

  async #replace(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#actions.replace();
    } catch (error) {
      if (!this.#over()) this.#actions.lost(error);
    }
  }

  #over(): boolean {
    return this.#closed || this.#transport.closed;
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof ParleyError && (error.key === 'TIMEOUT' || error.key === 'CLOSED');
}
