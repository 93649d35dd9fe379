/**
 * Brings what is to what is wanted, one step at a time. However often something is toggled, at most one step runs, and
 * after the last toggle the loop runs until `step` has nothing left to do.
 */
export class Reconciler {
  readonly #step: () => Promise<boolean>;
  readonly #settled: () => void;
  #running = false;
  #again = false;

  /**
   * @param step Reads the desired state anew each time, does one thing, and says whether it should be called again. It
   * must not throw.
   * @param settled Called whenever the loop comes to rest.
   */
  constructor(step: () => Promise<boolean>, settled: () => void = () => undefined) {
    this.#step = step;
    this.#settled = settled;
  }

  get running(): boolean {
    return this.#running;
  }

  kick(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      while (await this.#step()) {
        // Each step looks at the desired state for itself.
      }
    } while (this.#again);
    this.#running = false;
    this.#settled();
  }
}
