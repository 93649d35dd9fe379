import type { Violation } from './page/report.ts';

/** Whatever a page complained about; a test asserts that `all()` is empty at its end. */
export class PageProblems {
  readonly errors: string[] = [];
  readonly console: string[] = [];
  readonly foreign: string[] = [];
  readonly violations: Violation[] = [];
  readonly #own = new Set<string>();

  /** Requests to this origin (and its WebSocket) are the page's own. */
  allow(origin: string): void {
    this.#own.add(origin);
    this.#own.add(origin.replace(/^http/, 'ws'));
  }

  request(url: string): void {
    if (/^(data|blob|about|chrome-error|chrome):/.test(url)) return;
    if (!this.#own.has(new URL(url).origin)) this.foreign.push(url);
  }

  /** Everything, one line each; `present` is what the present document noted. */
  all(present: readonly Violation[] = []): string[] {
    const violations = [...this.violations, ...present];
    return [
      ...this.errors.map((text) => `page error: ${text}`),
      ...this.console.map((text) => `console error: ${text}`),
      ...this.foreign.map((url) => `foreign request: ${url}`),
      ...violations.map((one) => `CSP ${one.directive} blocked ${one.blocked} ${one.sample}`),
    ];
  }
}
