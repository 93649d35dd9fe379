import type { ProbeApi } from './page/probe.ts';
import type { ProbeReport, SoundReport, TileReport, TileSample } from './page/report.ts';
import type { PageProblems } from './problems.ts';

/** The few things that the tests need of a page, whichever browser it is in. */
export interface Driver {
  readonly browser: 'chromium' | 'firefox';
  readonly problems: PageProblems;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Evaluates an expression in the page; promises are awaited. Counts as a gesture in Chromium. */
  evaluate<T>(expression: string): Promise<T>;
  click(selector: string): Promise<void>;
  /** Types into a field and presses Enter when `enter` is set. */
  fill(selector: string, text: string, enter?: boolean): Promise<void>;
  screenshot(path: string): Promise<void>;
  setViewport(width: number, height: number): Promise<void>;
  /** Ends the browser process too where it belongs to this page alone. */
  close(): Promise<void>;
}

/** One person of a test: a page with its probe, and who it plays. */
export class PersonPage {
  readonly name: string;
  readonly person: number;
  readonly driver: Driver;

  constructor(name: string, person: number, driver: Driver) {
    this.name = name;
    this.person = person;
    this.driver = driver;
  }

  get problems(): PageProblems {
    return this.driver.problems;
  }

  async goto(url: string): Promise<void> {
    await this.#keepViolations();
    this.problems.allow(new URL(url).origin);
    await this.driver.goto(url);
  }

  async reload(): Promise<void> {
    await this.#keepViolations();
    await this.driver.reload();
  }

  /** Begins to measure sound in the present document. */
  async listen(): Promise<void> {
    await this.#probe('listen');
  }

  async tiles(): Promise<TileReport[]> {
    return await this.#probe('tiles');
  }

  async report(): Promise<ProbeReport> {
    return await this.#probe('report');
  }

  /** Loudest amplitudes within the last `windowMs` (at most 40 s). */
  async sounds(windowMs = 1_500): Promise<SoundReport[]> {
    return await this.#probe('sounds', windowMs);
  }

  /** When the tone of a person was heard first and last since `since` (at most 40 s ago). */
  async heard(person: number, level: number, since: number): Promise<{ first: number; last: number } | null> {
    return await this.#probe('heard', person, level, since);
  }

  async history(peer: string, source: string, since: number): Promise<TileSample[]> {
    return await this.#probe('history', peer, source, since);
  }

  /** The product's own story, to explain a failure; never a proof. */
  async story(): Promise<unknown> {
    const state = '(window.parley ? window.parley.state() : "no window.parley")';
    const problems = this.problems.all();
    return { name: this.name, problems, tiles: await this.tiles(), state: await this.driver.evaluate(state) };
  }

  /** Everything that this and the earlier documents of the page complained about, one line each. */
  async collect(): Promise<string[]> {
    const { violations } = await this.report();
    return this.problems.all(violations).map((text) => `${this.name}: ${text}`);
  }

  /** Presses a control and returns when the page felt it; a driver may need a second until it comes to pressing. */
  async press(selector: string): Promise<number> {
    await this.driver.click(selector);
    return await this.driver.evaluate<number>('window.__probe.pressedAt');
  }

  async close(): Promise<void> {
    await this.driver.close();
  }

  /** What a document noted goes with it, so it is taken over before the next one comes. */
  async #keepViolations(): Promise<void> {
    if (await this.driver.evaluate<boolean>('Boolean(window.__probe)')) {
      this.problems.violations.push(...(await this.report()).violations);
    }
  }

  async #probe<T>(method: keyof ProbeApi, ...args: unknown[]): Promise<T> {
    const call = `window.__probe.${method}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
    return await this.driver.evaluate<T>(call);
  }
}
