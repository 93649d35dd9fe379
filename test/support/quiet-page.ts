import type { CDPSession, Page } from 'playwright-core';
import { until } from './wait.ts';

/**
 * Looks into a page without touching it. Playwright's own `evaluate` counts as a gesture of the person and would let a page
 * play sound that a browser refuses to real people; this one says that it is none.
 */
export class QuietPage {
  readonly #session: CDPSession;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<QuietPage> {
    return new QuietPage(await page.context().newCDPSession(page));
  }

  async look<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#session.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
      userGesture: false,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  }

  async until<T>(expression: string, timeoutMs: number, what: string): Promise<T> {
    const explain = () => this.look('[document.body.innerText, window.parley?.state()]');
    return await until(() => this.look<T>(expression), { timeoutMs, what, explain });
  }
}
