import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFaults } from '../support/axe.ts';
import { chromiumPage, chromiumPerson, launchChromium } from '../support/chromium.ts';
import type { ChromiumPerson } from '../support/chromium.ts';
import { startGallery } from '../support/gallery.ts';
import type { Gallery } from '../support/gallery.ts';
import { endAll, enter, part, PATIENCE, showsPeople } from '../support/meeting.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/wait.ts';

/** axe-core on every page of the product as it is served, in both themes. It must find nothing serious. */
describe.each(['light', 'dark'] as const)('accessibility, %s', (colorScheme) => {
  let server: TestServer;
  let person: ChromiumPerson;
  let other: ChromiumPerson;

  beforeAll(async () => {
    server = await startServer(`a11y-${colorScheme}`);
    const browser = await launchChromium();
    const screen = { colorScheme, viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' } as const;
    person = await chromiumPage(browser, 'Person', 0, screen, browser);
    other = await chromiumPerson('Other', 1);
  }, 120_000);

  afterAll(async () => {
    await endAll(person, other, server);
  });

  const clean = async (what: string) => {
    expect(await seriousFaults(person.driver.page), what).toEqual([]);
  };

  test('start page', async () => {
    await person.goto(`${server.url}/`);
    await person.driver.page.locator(part('start')).waitFor({ timeout: PATIENCE });
    await clean('start page');
  });

  test('page that does not exist, wrong link', async () => {
    const { page } = person.driver;
    for (const path of ['/no/such/page', '/m/!!']) {
      await person.goto(server.url + path);
      await page.getByRole('heading').first().waitFor({ timeout: PATIENCE });
      await clean(path);
    }
  });

  test('pre-join page', async () => {
    const { page } = person.driver;
    await person.goto(`${server.url}/m/a11y`);
    await page.locator(part('name')).waitFor({ timeout: PATIENCE });
    await until(async () => page.evaluate(`(document.querySelector('video')?.videoWidth ?? 0) > 0`), {
      timeoutMs: PATIENCE,
      what: 'the preview shows a picture',
    });
    await clean('pre-join page');
  });

  test('call: alone, with others, each panel and menu', async () => {
    const { page } = person.driver;
    await enter(person, server, 'a11y');
    await showsPeople(person, []);
    await clean('alone');
    await enter(other, server, 'a11y');
    await showsPeople(person, [other]);
    await clean('with others');
    for (const panel of ['chat', 'people'] as const) {
      await person.driver.click(part(panel));
      await until(async () => (await page.locator(part(panel)).getAttribute('aria-expanded')) === 'true', {
        timeoutMs: PATIENCE,
        what: `${panel} opens`,
      });
      if (panel === 'chat') {
        await person.driver.fill(part('chat-input'), 'Hello', true);
        await page.locator(part('chat-message')).first().waitFor({ timeout: PATIENCE });
      }
      await clean(panel);
      await page.keyboard.press('Escape');
    }
    await person.driver.click(part('more'));
    await page.getByRole('menuitem').first().waitFor({ timeout: PATIENCE });
    await clean('menu');
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await page.getByRole('dialog').waitFor({ timeout: PATIENCE });
    await clean('settings');
    await page.keyboard.press('Escape');
  });

  test('page after leaving', async () => {
    await person.driver.click(part('leave'));
    await person.driver.page.locator(part('rejoin')).waitFor({ timeout: PATIENCE });
    await clean('left');
  });

  test('the pages had nothing to complain about', async () => {
    expect([...(await person.collect()), ...(await other.collect())]).toEqual([]);
  });
});

/** States that a real meeting shows only when something goes wrong, or with more people than fit a test. */
const RARE = [
  'connecting',
  'problem',
  'screen',
  'speaker',
  'network',
  'reconnecting',
  'sound',
  'toasts',
  'disabled',
  'error',
];

describe('accessibility of rare states', () => {
  let gallery: Gallery;
  let browser: Browser;

  beforeAll(async () => {
    gallery = await startGallery();
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await endAll(browser, gallery);
  });

  test.each(['light', 'dark'])('%s', async (theme) => {
    const page = await browser.newPage({ viewport: { width: 1024, height: 640 }, reducedMotion: 'reduce' });
    const faults: string[] = [];
    for (const state of RARE) {
      await gallery.show(page, { state, theme, n: 5 });
      faults.push(...(await seriousFaults(page)).map((fault) => `${state}: ${fault}`));
    }
    expect(faults).toEqual([]);
    await page.close();
  });
});
