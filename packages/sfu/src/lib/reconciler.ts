/**
 * Brings what is the case towards what is wanted, one pass at a time. However often `poke` is called during a pass, one
 * more pass follows: fast toggling costs two passes, not one for each press.
 */
export class Reconciler {
  readonly #pass: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #running = false;
  #again = false;
  #stopped = false;

  constructor(pass: () => Promise<void>, onError: (error: unknown) => void) {
    this.#pass = pass;
    this.#onError = onError;
  }

  poke(): void {
    if (this.#stopped) return;
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  /** No further pass begins; one that runs must look at its own closed flags. */
  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#pass();
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#running = false;
  }
}
