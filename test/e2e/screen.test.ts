import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPage, chromiumPerson, launchChromium } from '../support/chromium.ts';
import type { ChromiumPerson } from '../support/chromium.ts';
import { heardIn, rounded, tileOf } from '../support/figures.ts';
import { endAll, enter, part, PATIENCE, showsPeople } from '../support/meeting.ts';
import { measured } from '../support/output.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { startSharedPage } from '../support/shared-page.ts';
import type { SharedPage } from '../support/shared-page.ts';
import { until } from '../support/wait.ts';

/** Number of the "person" whose mark and tone are in the shared tab. */
const SHARED = 7;

/** Screen share with the browser's real tab capture: the browser is told by title which tab to take. */
describe('screen share', () => {
  let server: TestServer;
  let shared: SharedPage;
  let sharer: ChromiumPerson;
  let viewer: ChromiumPerson;

  beforeAll(async () => {
    server = await startServer('screen');
    shared = await startSharedPage(SHARED);
    const browser = await launchChromium({
      consent: false,
      args: [`--auto-select-tab-capture-source-by-title=${shared.title}`],
      ignoreDefaultArgs: ['--mute-audio'],
    });
    const permissions = ['camera', 'microphone'];
    sharer = await chromiumPage(browser, 'Sharer', 0, { permissions }, browser);
    const tab = await sharer.driver.context.newPage();
    await tab.goto(shared.url);
    await sharer.driver.page.bringToFront();
    viewer = await chromiumPerson('Viewer', 1);
    await enter(sharer, server, 'screen', { mic: 0, cam: 0 });
    await enter(viewer, server, 'screen');
    await showsPeople(viewer, [sharer]);
  }, 180_000);

  afterAll(async () => {
    await endAll(sharer, viewer, shared, server);
  });

  test('the shared tab is on the stage of the others, with its sound', async () => {
    const began = Date.now();
    await sharer.driver.click(part('screen'));
    await confirmShare(sharer);
    const tile = await until(
      async () => {
        const seen = tileOf(await viewer.tiles(), 'Sharer', 'screen');
        return seen?.last?.person === SHARED ? seen : null;
      },
      { timeoutMs: PATIENCE, what: 'the shared tab is decoded', explain: () => stories() },
    );
    measured('screen share: first decoded picture after ms', Date.now() - began);
    const first = tile.last?.counter ?? 0;
    await until(
      async () => (tileOf(await viewer.tiles(), 'Sharer', 'screen')?.last?.counter ?? 0) > first + 10,
      { timeoutMs: PATIENCE, what: 'the shared tab goes on', explain: () => stories() },
    );
    const tiles = await viewer.tiles();
    const stage = tileOf(tiles, 'Sharer', 'screen');
    const cameras = tiles.filter(({ source }) => source === 'camera').map(({ tileWidth }) => tileWidth);
    measured('shared tab', {
      decoded: `${stage?.last?.width ?? 0}x${stage?.last?.height ?? 0}`,
      onStage: stage?.tileWidth,
    });
    expect(stage?.tileWidth).toBeGreaterThan(2 * Math.max(...cameras));
    await until(async () => heardIn(await viewer.sounds()).includes(SHARED), {
      timeoutMs: PATIENCE,
      what: 'the sound of the tab is heard',
      explain: async () => ({ sounds: rounded(await viewer.sounds()), stories: await stories() }),
    });
  });

  test('it goes from every stage when sharing stops', async () => {
    const began = Date.now();
    await sharer.driver.click(part('screen'));
    await until(async () => !tileOf(await viewer.tiles(), 'Sharer', 'screen'), {
      timeoutMs: PATIENCE,
      what: 'the shared screen is gone',
      explain: () => stories(),
    });
    measured('screen share: gone after ms', Date.now() - began);
    await until(async () => !heardIn(await viewer.sounds()).includes(SHARED), {
      timeoutMs: PATIENCE,
      what: 'silence',
    });
    await showsPeople(viewer, [sharer]);
  });

  test('the pages had nothing to complain about', async () => {
    expect([...(await sharer.collect()), ...(await viewer.collect())]).toEqual([]);
  });

  const stories = async () => [await sharer.story(), await viewer.story()];
});

/** Where the share button opens a choice (text or film), takes the first. */
async function confirmShare(sharer: ChromiumPerson): Promise<void> {
  const choice = sharer.driver.page.getByRole('menuitem').first();
  if (await choice.isVisible()) await choice.click();
}
