import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPage, chromiumPerson, launchChromium } from '../support/chromium.ts';
import type { ChromiumPerson } from '../support/chromium.ts';
import { hearsExactly } from '../support/figures.ts';
import { endAll, enter, PATIENCE } from '../support/meeting.ts';
import { measured } from '../support/output.ts';
import { QuietPage } from '../support/quiet-page.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const PLAYING = `[...document.querySelectorAll('audio')].filter((one) => one.srcObject && !one.paused).length`;
const REFUSED = `[...document.querySelectorAll('audio')].filter((one) => one.srcObject && one.paused).length`;
const BUTTON = `[...document.querySelectorAll('button')].find((one) => /^Tap to hear/.test(one.textContent.trim()))`;

/**
 * A person who opens a link without camera and microphone has given the browser no gesture, so it refuses sound. The browser
 * runs without the switches that would allow it, and nothing is evaluated in the page as if by a gesture.
 */
describe('sound that the browser refuses', () => {
  let server: TestServer;
  let speaker: ChromiumPerson;
  let listener: ChromiumPerson;
  let quiet: QuietPage;

  beforeAll(async () => {
    server = await startServer('autoplay');
    speaker = await chromiumPerson('Speaker', 1);
    await enter(speaker, server, 'silence');
    const browser = await launchChromium({ autoplay: false });
    listener = await chromiumPage(browser, 'Listener', 0, {}, browser);
    quiet = await QuietPage.of(listener.driver.page);
  }, 120_000);

  afterAll(async () => {
    await endAll(listener, speaker, server);
  });

  test('the call says so with one button, and a press brings the sound', async () => {
    const { page } = listener.driver;
    listener.problems.allow(server.url);
    await page.goto(server.meeting('silence', 'Listener', { mic: 0, cam: 0 }));
    await quiet.until(`${REFUSED} > 0`, PATIENCE, 'sound arrives and is refused');
    const box = await quiet.until<{ x: number; y: number; width: number; height: number }>(
      `(() => { const found = ${BUTTON}; return found ? found.getBoundingClientRect().toJSON() : null; })()`,
      PATIENCE,
      'the button "tap to hear" is shown',
    );
    expect(await quiet.look<number>(PLAYING), 'nothing plays before the press').toBe(0);
    const same = `[...document.querySelectorAll('button')].filter((one) => /^Tap to hear/.test(one.textContent.trim())).length`;
    expect(await quiet.look<number>(same), 'one button, not more').toBe(1);

    const began = Date.now();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await quiet.until(`${PLAYING} > 0 && ${REFUSED} === 0`, PATIENCE, 'sound plays after the press');
    measured('tap to hear: playing after ms', Date.now() - began);
    await quiet.until(`!(${BUTTON})`, PATIENCE, 'the button is gone');
    await listener.listen();
    await hearsExactly(listener, [speaker], { timeoutMs: PATIENCE });
  });

  test('no button where the browser lets sound through', async () => {
    await enter(speaker, server, 'loud');
    const allowed = await chromiumPerson('Allowed', 2);
    try {
      await enter(allowed, server, 'loud', { mic: 0, cam: 0 });
      await hearsExactly(allowed, [speaker], { timeoutMs: PATIENCE });
      expect(await allowed.driver.evaluate<boolean>(`Boolean(${BUTTON})`)).toBe(false);
      expect(await allowed.collect()).toEqual([]);
    } finally {
      await allowed.close();
    }
  });

  test('the pages had nothing to complain about', async () => {
    expect([...(await listener.collect()), ...(await speaker.collect())]).toEqual([]);
  });
});
