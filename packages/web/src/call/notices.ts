import { ParleyError, type TrackSource } from '@parley/protocol';
import { messageOf } from './failure.ts';
import type { CallNotice, CallState, MediaProblem } from './types.ts';

/** More than these are of no use to anybody; the oldest go. */
const KEEP = 20;
const KEEP_ERRORS = 30;

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
export type NewNotice = Without<CallNotice, 'id'>;

export interface RecordedError {
  /** Milliseconds since navigation started. */
  at: number;
  key: string;
  message: string;
}

/** News for the person (toasts, live region) and a memory of errors for `window.parley`. */
export class Notices {
  readonly #state: Pick<CallState, 'notices'>;
  readonly #errors: RecordedError[] = [];
  #nextId = 1;

  constructor(state: Pick<CallState, 'notices'>) {
    this.#state = state;
  }

  get errors(): readonly RecordedError[] {
    return this.#errors;
  }

  add(notice: NewNotice): void {
    this.#state.notices.push({ ...notice, id: this.#nextId } as CallNotice);
    this.#nextId += 1;
    if (this.#state.notices.length > KEEP) this.#state.notices.splice(0, this.#state.notices.length - KEEP);
  }

  problem(source: TrackSource, problem: MediaProblem): void {
    this.add({ kind: 'problem', source, problem });
  }

  dismiss(id: number): void {
    const index = this.#state.notices.findIndex((notice) => notice.id === id);
    if (index >= 0) this.#state.notices.splice(index, 1);
  }

  /** Remembers without showing. */
  record(error: unknown): void {
    const key = error instanceof ParleyError ? error.key : error instanceof Error ? error.name : 'unknown';
    this.#errors.push({ at: Math.round(performance.now()), key, message: messageOf(error).slice(0, 300) });
    if (this.#errors.length > KEEP_ERRORS) this.#errors.shift();
  }
}
