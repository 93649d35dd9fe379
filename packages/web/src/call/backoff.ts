/** Waiting times between attempts: exponential, with jitter, without an end. */
export interface BackoffOptions {
  /** Milliseconds before the first repeat. */
  baseMs: number;
  /** Milliseconds that a wait never exceeds. */
  capMs: number;
  /** 0 to 1; replaced in tests. */
  random?: () => number;
}

export class Backoff {
  readonly #options: Required<BackoffOptions>;
  #attempts = 0;

  constructor(options: BackoffOptions) {
    this.#options = { random: Math.random, ...options };
  }

  get attempts(): number {
    return this.#attempts;
  }

  /**
   * Milliseconds to wait now. The upper half of the exponential step is random: a server that restarts must not meet
   * all its clients in the same moment.
   */
  next(): number {
    const { baseMs, capMs, random } = this.#options;
    const step = Math.min(capMs, baseMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts += 1;
    return Math.round(step / 2 + (step / 2) * random());
  }

  reset(): void {
    this.#attempts = 0;
  }
}

/** Resolves after `ms`, or at once when `wake` aborts (for example because the network is back). */
export function pause(ms: number, wake: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (wake.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      wake.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    wake.addEventListener('abort', done);
  });
}
