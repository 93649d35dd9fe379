import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPage, chromiumPerson, launchChromium } from '../support/chromium.ts';
import type { ChromiumPerson } from '../support/chromium.ts';
import { heardIn, rounded, SILENT, tileOf } from '../support/figures.ts';
import { endAll, enter, part, PATIENCE, showsPeople } from '../support/meeting.ts';
import { measured } from '../support/output.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/wait.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer('devices');
});
afterAll(async () => {
  await endAll(server);
});

/** Device n of the owner shows the mark and plays the tone of person `FIRST + n`. */
const FIRST = 2;

describe('several devices', () => {
  let owner: ChromiumPerson;
  let viewer: ChromiumPerson;

  beforeAll(async () => {
    owner = await chromiumPerson('Owner', FIRST, { injectedDevices: 3 });
    viewer = await chromiumPerson('Viewer', 0);
    await enter(owner, server, 'devices');
    await enter(viewer, server, 'devices');
    await showsPeople(viewer, [owner]);
  }, 120_000);

  afterAll(async () => {
    await endAll(owner, viewer);
  });

  const showsDevice = (index: number) =>
    until(
      async () => {
        const last = tileOf(await viewer.tiles(), 'Owner')?.last;
        return last && last.person === FIRST + index && last.at > Date.now() - 2_000;
      },
      { timeoutMs: PATIENCE, what: `camera ${index + 1} arrives`, explain: () => stories() },
    );
  const soundsDevice = (index: number) =>
    until(async () => String(heardIn(await viewer.sounds(), SILENT)) === String([FIRST + index]), {
      timeoutMs: PATIENCE,
      what: `microphone ${index + 1} arrives, and no other`,
      explain: async () => [rounded(await viewer.sounds()), ...(await stories())],
    });
  const stories = async () => [await owner.story(), await viewer.story()];

  test('the first ones are taken', async () => {
    await showsDevice(0);
    await soundsDevice(0);
  });

  test('another camera and another microphone are chosen during the call', async () => {
    let began = Date.now();
    await choose(owner, 'camera', 'Test camera 3');
    await showsDevice(2);
    measured('other camera arrives after ms', Date.now() - began);
    began = Date.now();
    await choose(owner, 'microphone', 'Test microphone 2');
    await soundsDevice(1);
    measured('other microphone arrives after ms', Date.now() - began);
  });

  test('a device that is pulled out is replaced by another one', async () => {
    const began = Date.now();
    await owner.driver.evaluate(`window.__devices.unplug('test-camera-2')`);
    await until(
      async () => {
        const last = tileOf(await viewer.tiles(), 'Owner')?.last;
        return last && last.at > Date.now() - 2_000 && [FIRST, FIRST + 1].includes(last.person);
      },
      { timeoutMs: PATIENCE, what: 'another camera arrives', explain: () => stories() },
    );
    measured('camera pulled out: another one arrives after ms', Date.now() - began);
    await owner.driver.evaluate(`window.__devices.unplug('test-microphone-1')`);
    await until(
      async () => {
        const heard = heardIn(await viewer.sounds(), SILENT);
        return heard.length === 1 && [FIRST, FIRST + 2].includes(heard[0] ?? -1);
      },
      { timeoutMs: PATIENCE, what: 'another microphone arrives', explain: () => stories() },
    );
  });

  test('the pages had nothing to complain about', async () => {
    expect([...(await owner.collect()), ...(await viewer.collect())]).toEqual([]);
  });
});

describe("the browser's own devices", () => {
  test('a fake camera of Chromium is switched for another and pictures go on', async () => {
    const browser = await launchChromium({ args: ['--use-fake-device-for-media-stream=device-count=3'] });
    const owner = await chromiumPage(browser, 'Owner', 0, {}, browser);
    const viewer = await chromiumPage(browser, 'Viewer', 0);
    try {
      await enter(owner, server, 'real-devices');
      await enter(viewer, server, 'real-devices', { mic: 0, cam: 0 });
      await picturesGoOn(viewer);
      const before = await cameraIn(owner);
      // Not device 1: Chromium never encodes what that one makes, not even on a bare page.
      await choose(owner, 'camera', 'fake_device_2');
      await until(async () => (await cameraIn(owner)) !== before, {
        timeoutMs: PATIENCE,
        what: 'another camera',
      });
      await picturesGoOn(viewer);
      expect([...(await owner.collect()), ...(await viewer.collect())]).toEqual([]);
    } finally {
      await endAll(viewer, owner);
    }
  });
});

describe('no device, no permission', () => {
  test('the pre-join page says that there is no camera, and one can go in all the same', async () => {
    const person = await chromiumPerson('Nobody', 0, { fakeDevices: false });
    try {
      await joinsAllTheSame(person, 'no-device', /No camera|no camera|not found|found/);
    } finally {
      await person.close();
    }
  });

  test('the pre-join page says that permission was denied, and one can go in all the same', async () => {
    const person = await chromiumPerson('Denied', 0, { consent: false, args: ['--deny-permission-prompts'] });
    try {
      await joinsAllTheSame(person, 'denied', /allow|permission|blocked|denied/i);
    } finally {
      await person.close();
    }
  });

  async function joinsAllTheSame(person: ChromiumPerson, slug: string, says: RegExp): Promise<void> {
    const { page } = person.driver;
    await person.goto(`${server.url}/m/${slug}`);
    await page.getByText(says).first().waitFor();
    await page.locator(part('name')).fill(person.name);
    await page.locator(part('join')).click();
    await showsPeople(person, []);
    await page.locator(part('mic')).waitFor();
    expect(person.problems.errors).toEqual([]);
  }
});

/** Picks a device in the menu beside a control. */
async function choose(
  owner: ChromiumPerson,
  control: 'microphone' | 'camera',
  label: string | RegExp,
): Promise<void> {
  const { page } = owner.driver;
  await owner.driver.click(part(`${control}-menu`));
  const item = page
    .getByRole('menuitemcheckbox', { name: label })
    .or(page.getByRole('menuitemradio', { name: label }));
  await item
    .or(page.getByRole('menuitem', { name: label }))
    .first()
    .click();
}

/** Label of the camera whose picture the own tile shows. */
async function cameraIn(owner: ChromiumPerson): Promise<string> {
  const expression = `document.querySelector('[data-testid="tile"][data-self="true"] video')?.srcObject
    ?.getVideoTracks()[0]?.label ?? ''`;
  return await owner.driver.evaluate<string>(expression);
}

/** Chromium's own fake picture has no mark: count the frames that the tile of somebody else decodes. */
async function picturesGoOn(viewer: ChromiumPerson): Promise<void> {
  const frames = `(() => {
    const video = document.querySelector('[data-testid="tile"][data-name="Owner"] video');
    return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  })()`;
  let first: number | null = null;
  await until(
    async () => {
      const now = await viewer.driver.evaluate<number>(frames);
      if (first === null || now < first) first = now;
      return now > first + 15;
    },
    {
      timeoutMs: PATIENCE,
      what: 'pictures go on',
      explain: async () => [await viewer.story(), await viewer.driver.evaluate('window.parley.stats()')],
    },
  );
}
