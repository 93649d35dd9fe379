import type { Browser, Page } from 'playwright-core';
import { ERRORS } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zhCN } from '../../packages/web/src/i18n/zh-CN.ts';
import { chromiumPage, launchChromium } from '../support/chromium.ts';
import { startGallery } from '../support/gallery.ts';
import type { Gallery } from '../support/gallery.ts';
import { endAll, part, PATIENCE } from '../support/meeting.ts';
import { measured } from '../support/output.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { latinWords, spokenTexts } from '../support/words.ts';

/** Words that are the same in every language: our name, units, what is exact in the network panel. */
const ALLOWED = ['Parley', 'kbit', 'Mbit', 'ms', 'udp', 'tcp', 'VP8', 'VP9', 'AV1', 'H264'];
/** Names of meetings stand in the title of the window, where nothing can be marked. */
const GALLERY_SLUG = 'quiet-river-k7m2xp';
const SLUG = 'zhong-wen';

const STATES = [
  'landing',
  'recent',
  'notFound',
  'prejoin',
  'starting',
  'connecting',
  'call',
  'alone',
  'speaker',
  'pinned',
  'screen',
  'sharing',
  'chat',
  'chatEmpty',
  'people',
  'network',
  'settings',
  'shortcuts',
  'more',
  'micMenu',
  'unread',
  'off',
  'pending',
  'reconnecting',
  'sound',
  'toasts',
  'talking',
  'disabled',
  'left',
];
const PROBLEMS = Object.keys(zhCN.problem);
const FAILURES = [...Object.keys(ERRORS), 'NETWORK', 'UNSUPPORTED_BROWSER'];

describe('every page in Chinese', () => {
  let browser: Browser;
  let page: Page;
  let gallery: Gallery;
  let server: TestServer;
  let rendered = 0;

  beforeAll(async () => {
    gallery = await startGallery();
    server = await startServer('language');
    browser = await launchChromium();
    page = await browser.newPage({
      locale: 'zh-CN',
      viewport: { width: 800, height: 560 },
      reducedMotion: 'reduce',
    });
  }, 120_000);

  afterAll(async () => {
    await endAll(browser, gallery, server);
  });

  /** Shows a state and returns the Latin words that do not belong there. */
  const foreignWords = async (wish: Record<string, string>): Promise<string[]> => {
    await gallery.show(page, { lang: 'zh-CN', ...wish });
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    const texts = await spokenTexts(page);
    expect(
      texts.some(({ text }) => /\p{Script=Han}/u.test(text)),
      `Chinese on ${JSON.stringify(wish)}`,
    ).toBe(true);
    rendered += 1;
    return latinWords(texts, ALLOWED, [...(await namesOn(page)), GALLERY_SLUG]).map(
      (line) => `${Object.values(wish).join(' ')}: ${line}`,
    );
  };

  test('every state of the product', async () => {
    const found: string[] = [];
    for (const state of STATES) found.push(...(await foreignWords({ state })));
    for (const key of ['ticket', 'socket', 'join', 'media'])
      found.push(...(await foreignWords({ state: 'connecting', key })));
    for (const key of PROBLEMS) {
      for (const device of ['camera', 'microphone'])
        found.push(...(await foreignWords({ state: 'problem', key, device })));
    }
    measured('states rendered in zh-CN', rendered);
    expect(found).toEqual([]);
  });

  test('every error code has its own sentence', async () => {
    const found: string[] = [];
    const titles = new Set<string>();
    for (const key of FAILURES) {
      found.push(...(await foreignWords({ state: 'error', key })));
      const said = (await page.locator(part('failure')).textContent()) ?? '';
      const { title, text, advice } = zhCN.error[key as keyof typeof zhCN.error];
      for (const sentence of [title, text, advice]) expect(said, key).toContain(sentence);
      titles.add(title);
    }
    measured('error codes rendered in zh-CN', FAILURES.length);
    expect(found).toEqual([]);
    expect(titles.size).toBe(FAILURES.length);
  });

  test('the served product chooses Chinese for a Chinese browser, from the start page to the page after the call', async () => {
    const person = await chromiumPage(browser, '访客', 0, { locale: 'zh-CN' });
    const { page: real } = person.driver;
    const clean = async (where: string) => {
      expect(await real.getAttribute('html', 'lang')).toBe('zh-CN');
      // Labels of devices come from the system.
      const devices = (
        await real.evaluate<string>(
          `navigator.mediaDevices.enumerateDevices().then((all) => all.map(({ label }) => label).join('\\n'))`,
        )
      )
        .split('\n')
        .filter(Boolean);
      expect(latinWords(await spokenTexts(real), ALLOWED, [...devices, SLUG]), where).toEqual([]);
    };
    try {
      await person.goto(`${server.url}/`);
      await real.locator(part('start')).waitFor({ timeout: PATIENCE });
      await clean('start page');
      await person.goto(`${server.url}/m/${SLUG}`);
      await real.locator(part('join')).waitFor({ timeout: PATIENCE });
      await clean('pre-join page');
      await real.locator(part('name')).fill('访客');
      await real.locator(part('join')).click();
      await real.locator(part('leave')).waitFor({ timeout: PATIENCE });
      await clean('call');
      await person.driver.click(part('leave'));
      await real.locator(part('rejoin')).waitFor({ timeout: PATIENCE });
      await clean('left');
      await person.goto(`${server.url}/m/!!`);
      await real.getByRole('heading').first().waitFor({ timeout: PATIENCE });
      await clean('wrong link');
    } finally {
      await person.close();
    }
  });

  test('the search for Latin words finds one', () => {
    const texts = [{ where: 'p', text: '你好 world，Parley' }];
    expect(latinWords(texts, ALLOWED, [])).toEqual(['p: "你好 world，Parley" has world']);
  });
});

/** What the page itself marks as not to be translated: names that may stand inside of sentences too. */
async function namesOn(page: Page): Promise<string[]> {
  const expression = `[...document.querySelectorAll('[translate="no"], [data-name]')]
    .flatMap((one) => [one.dataset.name, one.textContent.trim()])
    .filter((text) => text && text.length > 1)`;
  return (await page.evaluate<string[]>(expression)).sort((a, b) => b.length - a.length);
}
