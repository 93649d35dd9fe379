import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPage, chromiumPerson, launchChromium } from '../support/chromium.ts';
import type { ChromiumPerson } from '../support/chromium.ts';
import { heardIn, seesPicture, SILENT, tileOf } from '../support/figures.ts';
import { keyboardHands, touchHands } from '../support/hands.ts';
import { endAll, enter, part, PATIENCE, readsMessage, showsPeople } from '../support/meeting.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { startSharedPage } from '../support/shared-page.ts';
import type { SharedPage } from '../support/shared-page.ts';
import { until } from '../support/wait.ts';

const ACTOR = 1;
const SHARED = 7;

/** One person joins, unmutes, shares, chats and leaves without a mouse; another one sees and hears that it worked. */
describe('a whole meeting without a mouse', () => {
  let server: TestServer;
  let shared: SharedPage;
  let witness: ChromiumPerson;
  let browser: Awaited<ReturnType<typeof launchChromium>>;

  beforeAll(async () => {
    server = await startServer('hands');
    shared = await startSharedPage(SHARED);
    witness = await chromiumPerson('Witness', 0);
    browser = await launchChromium({
      consent: false,
      person: ACTOR,
      camera: { width: 320, height: 180 },
      args: [`--auto-select-tab-capture-source-by-title=${shared.title}`],
      ignoreDefaultArgs: ['--mute-audio'],
    });
  }, 120_000);

  afterAll(async () => {
    await endAll(witness, browser, shared, server);
  });

  test.each([
    ['by keyboard alone', keyboardHands, { viewport: { width: 1280, height: 800 } }],
    [
      'by touch at 390 px',
      touchHands,
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ],
  ])('%s', async (_, handsOf, screen) => {
    const actor = await chromiumPage(browser, 'Actor', ACTOR, {
      ...screen,
      permissions: ['camera', 'microphone'],
    });
    const { page, context } = actor.driver;
    const hands = handsOf(page);
    const slug = `hands-${hands.name}`;
    try {
      const tab = await context.newPage();
      await tab.goto(shared.url);
      await page.bringToFront();
      await enter(witness, server, slug);

      // Join: from the start page by the name of the meeting, through the pre-join page, muted.
      await actor.goto(`${server.url}/`);
      await hands.write('meeting-input', slug);
      await page.locator(part('name')).first().waitFor({ timeout: PATIENCE });
      await hands.press('mic');
      await hands.write('name', 'Actor');
      await page.locator(part('leave')).waitFor({ timeout: PATIENCE });
      await showsPeople(witness, [actor]);
      await seesPicture(witness, actor, { timeoutMs: PATIENCE });
      expect(heardIn(await witness.sounds(), SILENT)).toEqual([]);

      // Unmute.
      await hands.press('mic');
      await until(async () => heardIn(await witness.sounds()).includes(ACTOR), {
        timeoutMs: PATIENCE,
        what: 'the witness hears the actor',
        explain: async () => [await actor.story(), await witness.story()],
      });

      // Share, and stop sharing.
      await hands.press('screen');
      await until(async () => tileOf(await witness.tiles(), 'Actor', 'screen')?.last?.person === SHARED, {
        timeoutMs: PATIENCE,
        what: 'the witness sees the shared tab',
        explain: async () => [await actor.story(), await witness.story()],
      });
      await hands.press('screen');
      await until(async () => !tileOf(await witness.tiles(), 'Actor', 'screen'), {
        timeoutMs: PATIENCE,
        what: 'the share ends',
      });

      // Chat.
      await hands.press('chat');
      await hands.write('chat-input', `Written ${hands.name}`);
      await witness.driver.evaluate(
        `document.querySelector('${part('chat-input')}') || document.querySelector('${part('chat')}').click()`,
      );
      await readsMessage(witness, `Written ${hands.name}`);
      await page.keyboard.press('Escape');

      // Leave.
      await hands.press('leave');
      await page.locator(part('rejoin')).waitFor({ timeout: PATIENCE });
      await showsPeople(witness, []);
      expect([...(await actor.collect()), ...(await witness.collect())]).toEqual([]);
    } finally {
      await actor.close();
    }
  });

  test('single keys work in the call, and do nothing while one writes', async () => {
    const actor = await chromiumPage(browser, 'Actor', ACTOR, { permissions: ['camera', 'microphone'] });
    const { page } = actor.driver;
    const state = (control: string) => page.locator(part(control)).getAttribute('data-state');
    try {
      await enter(actor, server, 'keys');
      await until(async () => (await state('mic')) === 'on', {
        timeoutMs: PATIENCE,
        what: 'the microphone is on',
      });
      await page.keyboard.press('m');
      await until(async () => (await state('mic')) === 'off', { timeoutMs: PATIENCE, what: 'M mutes' });
      await page.keyboard.press('v');
      await until(async () => (await state('camera')) === 'off', {
        timeoutMs: PATIENCE,
        what: 'V ends the picture',
      });
      await page.keyboard.press('c');
      await page.locator(part('chat-input')).waitFor({ timeout: PATIENCE });
      await until(
        async () => page.evaluate(`document.activeElement?.closest('${part('chat-input')}') !== null`),
        {
          timeoutMs: PATIENCE,
          what: 'the focus goes into the chat',
        },
      );
      await page.keyboard.type('mv mv');
      expect([await state('mic'), await state('camera')]).toEqual(['off', 'off']);
      await page.keyboard.press('Escape');
      await page.locator(part('chat-input')).waitFor({ state: 'detached', timeout: PATIENCE });
      expect(await actor.collect()).toEqual([]);
    } finally {
      await actor.close();
    }
  });
});
