import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPage, launchChromium } from '../support/chromium.ts';
import type { ChromiumPerson } from '../support/chromium.ts';
import { startGallery } from '../support/gallery.ts';
import type { Gallery } from '../support/gallery.ts';
import { portraitFile } from '../support/media/portrait.ts';
import { soundFile } from '../support/media/sound.ts';
import { endAll, enter, openChat, part, PATIENCE, showsPeople } from '../support/meeting.ts';
import { measured } from '../support/output.ts';
import { ContactSheet } from '../support/screens.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/wait.ts';

const DESKTOP = { width: 1440, height: 900 };
const TABLET = { width: 1024, height: 768 };
const PHONE = { width: 390, height: 844 };

type Size = { width: number; height: number };
interface Wanted {
  state: string;
  caption: string;
  sizes: Size[];
  themes: ('light' | 'dark')[];
  more?: Record<string, string | number>;
}

/** States from the gallery: the product's own components with painted people. */
const WANTED: Wanted[] = [
  { state: 'landing', caption: 'Start page', sizes: [DESKTOP, TABLET, PHONE], themes: ['light', 'dark'] },
  {
    state: 'prejoin',
    caption: 'Before the call',
    sizes: [DESKTOP, TABLET, PHONE],
    themes: ['light', 'dark'],
  },
  {
    state: 'problem',
    caption: 'Camera denied',
    sizes: [DESKTOP, PHONE],
    themes: ['light'],
    more: { key: 'denied' },
  },
  { state: 'alone', caption: '1 person', sizes: [DESKTOP, PHONE], themes: ['light'], more: { n: 1 } },
  { state: 'call', caption: '2 people', sizes: [DESKTOP, PHONE], themes: ['light'], more: { n: 2 } },
  { state: 'call', caption: '3 people', sizes: [DESKTOP], themes: ['light'], more: { n: 3 } },
  { state: 'call', caption: '5 people', sizes: [DESKTOP, TABLET, PHONE], themes: ['light'], more: { n: 5 } },
  {
    state: 'call',
    caption: '12 people',
    sizes: [DESKTOP, TABLET, PHONE],
    themes: ['light'],
    more: { n: 12 },
  },
  { state: 'call', caption: '30 people', sizes: [DESKTOP], themes: ['light'], more: { n: 30 } },
  { state: 'speaker', caption: 'Speaker view', sizes: [DESKTOP, PHONE], themes: ['light'], more: { n: 5 } },
  {
    state: 'screen',
    caption: 'Screen share',
    sizes: [DESKTOP, TABLET, PHONE],
    themes: ['light'],
    more: { n: 5 },
  },
  {
    state: 'chat',
    caption: 'Chat',
    sizes: [DESKTOP, TABLET, PHONE],
    themes: ['light', 'dark'],
    more: { n: 5 },
  },
  { state: 'people', caption: 'People', sizes: [DESKTOP], themes: ['light', 'dark'], more: { n: 5 } },
  { state: 'network', caption: 'Connection', sizes: [DESKTOP], themes: ['light'], more: { n: 5 } },
  {
    state: 'settings',
    caption: 'Settings',
    sizes: [DESKTOP, PHONE],
    themes: ['light', 'dark'],
    more: { n: 5 },
  },
  { state: 'reconnecting', caption: 'Reconnecting', sizes: [DESKTOP], themes: ['light'], more: { n: 5 } },
  { state: 'sound', caption: 'Tap to hear', sizes: [DESKTOP, PHONE], themes: ['light'], more: { n: 5 } },
  { state: 'left', caption: 'After leaving', sizes: [DESKTOP, PHONE], themes: ['light', 'dark'] },
  {
    state: 'error',
    caption: 'Meeting full',
    sizes: [DESKTOP],
    themes: ['light'],
    more: { key: 'MEETING_FULL' },
  },
  { state: 'chat', caption: '聊天', sizes: [DESKTOP], themes: ['light'], more: { n: 5, lang: 'zh-CN' } },
];

describe('screenshots', () => {
  const sheet = new ContactSheet();
  let browser: Browser;
  let gallery: Gallery;
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer('screens');
    gallery = await startGallery();
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await endAll(browser, gallery, server);
  });

  test('a real meeting: alone, with two, with a chat', async () => {
    const people = await Promise.all([
      realPerson('Ada', 0, DESKTOP),
      realPerson('Ben', 1, { width: 800, height: 500 }),
    ]);
    const [ada, ben] = people;
    try {
      await enter(ada, server, 'design-review');
      await showsPicture(ada, 'Ada');
      await calm(ada.driver.page);
      await sheet.take(ada.driver.page, 'real-1', 'Real meeting, alone');
      await enter(ben, server, 'design-review');
      await showsPeople(ada, [ben]);
      await showsPicture(ada, 'Ben', 640);
      await calm(ada.driver.page);
      await sheet.take(ada.driver.page, 'real-2', 'Real meeting of two');
      await openChat(ada);
      await ada.driver.fill(part('chat-input'), 'Shall we begin with the start page?', true);
      await openChat(ben);
      await ben.driver.fill(part('chat-input'), 'Yes. I have two notes on it.', true);
      await ada.driver.page.locator(part('chat-message')).nth(1).waitFor({ timeout: PATIENCE });
      await calm(ada.driver.page);
      await sheet.take(ada.driver.page, 'real-chat', 'Real meeting of two, chat');
    } finally {
      await endAll(...people);
    }
  });

  test('every state at the three sizes, in both themes', async () => {
    const began = Date.now();
    const faults: string[] = [];
    for (const size of [DESKTOP, TABLET, PHONE]) {
      const phone = size === PHONE ? { hasTouch: true, isMobile: true } : {};
      const context = await browser.newContext({
        viewport: size,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        ...phone,
      });
      const page = await context.newPage();
      for (const { state, caption, sizes, themes, more = {} } of WANTED) {
        if (!sizes.includes(size)) continue;
        for (const theme of themes) {
          await gallery.show(page, { state, theme, ...more });
          const name = [state, more['n'], more['lang'], size.width, theme].filter(Boolean).join('-');
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          if (wide > 0) faults.push(`${name} is ${wide} px wider than its window`);
          await sheet.take(page, name, `${caption}, ${theme}`);
        }
      }
      await context.close();
    }
    measured('screenshots taken', `${sheet.shots.length} in ${Math.round((Date.now() - began) / 1000)} s`);
    expect(faults).toEqual([]);
  });

  test('all of them on one page', async () => {
    const page = await browser.newPage();
    const picture = await sheet.write(page, 'Parley: every state');
    measured('contact sheet', picture);
    expect(sheet.shots.length).toBeGreaterThan(40);
  });

  /** Somebody with a painted face. */
  async function realPerson(name: string, look: number, viewport: Size): Promise<ChromiumPerson> {
    const own = await launchChromium({
      args: [
        `--use-file-for-fake-video-capture=${await portraitFile(look)}`,
        `--use-file-for-fake-audio-capture=${await soundFile(look)}`,
      ],
    });
    return await chromiumPage(own, name, look, { viewport }, own);
  }
});

/** Waits until the tile of somebody shows pictures of at least a width. */
async function showsPicture(person: ChromiumPerson, name: string, width = 1): Promise<void> {
  await until(
    async () => (await person.tiles()).some((tile) => tile.name === name && tile.videoWidth >= width),
    {
      timeoutMs: PATIENCE,
      what: `${name} is seen at least ${width} wide`,
      explain: () => person.story(),
    },
  );
}

/** Notices have gone by, the bar is in sight, and no tooltip covers anything. */
async function calm(page: Page): Promise<void> {
  await until(async () => (await page.locator(part('toast')).count()) === 0, {
    timeoutMs: PATIENCE,
    what: 'notices are gone',
  });
  await page.mouse.move(720, 300);
  await page.mouse.move(730, 310);
  await until(async () => (await page.getByRole('tooltip').count()) === 0, {
    timeoutMs: 10_000,
    what: 'tooltips are gone',
  });
}
