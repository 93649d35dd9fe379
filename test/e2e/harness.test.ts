import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPerson } from '../support/chromium.ts';
import { firefoxPerson } from '../support/firefox.ts';
import { HEARD, heardIn, lateness, rounded, SILENT, tileOf } from '../support/figures.ts';
import { startLoopback } from '../support/loopback.ts';
import { measured } from '../support/output.ts';
import type { PersonPage } from '../support/person-page.ts';
import { until } from '../support/wait.ts';

/**
 * The measuring instruments on a page without the product: when this fails, no other result means anything. `lateness()`
 * looks for the sender's name at the viewer, so the person is called as the far tile is.
 */
describe.each([
  ['chromium', 3, () => chromiumPerson('Far', 3)],
  ['firefox', 5, () => firefoxPerson('Far', 5)],
] as const)('instruments in %s', (browser, person, open) => {
  let page: PersonPage;
  let loopback: Awaited<ReturnType<typeof startLoopback>>;

  beforeAll(async () => {
    loopback = await startLoopback();
    page = await open();
    await page.goto(loopback.url);
    await page.listen();
  }, 120_000);

  afterAll(async () => {
    await page?.close();
    await loopback?.stop();
  });

  test('the mark is read from the received picture and its counter goes on', async () => {
    const first = await until(async () => tileOf(await page.tiles(), 'Far')?.last, {
      timeoutMs: 30_000,
      what: 'a mark in the received picture',
      explain: () => page.tiles(),
    });
    expect(first.person).toBe(person);
    const later = await until(
      async () => {
        const last = tileOf(await page.tiles(), 'Far')?.last;
        return last && last.counter > first.counter + 30 && last.at > first.at + 1_500 ? last : null;
      },
      { timeoutMs: 15_000, what: 'the counter goes on' },
    );
    const rate = ((later.counter - first.counter) * 1000) / (later.at - first.at);
    measured(`${browser}: source frames a second`, rate.toFixed(1));
    const far = tileOf(await page.tiles(), 'Far');
    expect(far?.decoded).toBeGreaterThan((far?.unreadable ?? 0) * 4);
  });

  test('the lateness is positive and below a second', async () => {
    const late = await until(
      async () => {
        const figures = await lateness(page, page, 3_000);
        return figures.frames > 10 ? figures : null;
      },
      { timeoutMs: 15_000, what: 'frames to compare' },
    );
    measured(`${browser}: lateness over a loopback connection`, late);
    expect(late.medianMs).toBeGreaterThan(-35);
    expect(late.medianMs).toBeLessThan(1_000);
  });

  test('the tone is heard, only the right one, and muting ends it', async () => {
    await until(async () => heardIn(await page.sounds()).includes(person), {
      timeoutMs: 15_000,
      what: 'the tone is heard',
      explain: async () => rounded(await page.sounds()),
    });
    measured(`${browser}: tones`, rounded(await page.sounds()) as object);
    expect(heardIn(await page.sounds(), SILENT)).toEqual([person]);
    await page.driver.click('#mute');
    await until(async () => heardIn(await page.sounds(500), SILENT).length === 0, {
      timeoutMs: 10_000,
      what: 'the tone is gone',
    });
    expect(HEARD).toBeGreaterThan(SILENT);
  });

  test('the page has no complaints', async () => {
    expect(await page.collect()).toEqual([]);
  });
});
