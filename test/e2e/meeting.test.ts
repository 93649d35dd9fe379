import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPerson } from '../support/chromium.ts';
import {
  HEARD,
  hearsExactly,
  lateness,
  seesPicture,
  SILENT,
  staysSilent,
  tileOf,
} from '../support/figures.ts';
import type { Lateness } from '../support/figures.ts';
import { firefoxPerson } from '../support/firefox.ts';
import {
  endAll,
  enter,
  openChat,
  part,
  PATIENCE,
  picturesEnd,
  readsMessage,
  showsPeople,
} from '../support/meeting.ts';
import { ordinaryNetwork } from '../support/net.ts';
import type { OrdinaryNetwork } from '../support/net.ts';
import { measured } from '../support/output.ts';
import type { PersonPage } from '../support/person-page.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/wait.ts';

/**
 * Four people in real browsers, three in Chromium and one in Firefox. Each test goes on where the one before ended, as a
 * meeting does; what counts is what the receiving page decodes and hears.
 */
/** No promise about time is made on a shared machine; a picture older than this is not live by any measure. */
const STALE_MS = 15_000;
/** Small windows: two cores paint four of them in software. */
const context = { viewport: { width: 720, height: 450 } };

describe('a meeting of four', () => {
  let network: OrdinaryNetwork;
  let server: TestServer;
  let ada: PersonPage;
  let ben: PersonPage;
  let cleo: PersonPage;
  let dora: PersonPage;
  const everybody = () => [ada, ben, cleo, dora];
  const othersOf = (one: PersonPage) => everybody().filter((other) => other !== one);

  beforeAll(async () => {
    network = ordinaryNetwork();
    measured('ordinary network address', network.how);
    server = await startServer('meeting');
    ada = await chromiumPerson('Ada', 0, { camera: { width: 320, height: 180, fps: 15 }, context });
    ben = await chromiumPerson('Ben', 1, { camera: { width: 640, height: 360, fps: 15 }, context });
    cleo = await chromiumPerson('Cleo', 2, { camera: { width: 480, height: 270, fps: 15 }, context });
    dora = await firefoxPerson('Dora', 3, { camera: { width: 320, height: 180 }, ...context });
  }, 240_000);

  afterAll(async () => {
    await endAll(ada, ben, cleo, dora, server);
    network?.release();
  }, 60_000);

  test('two people see and hear each other', async () => {
    await enter(ada, server, 'four');
    await enter(ben, server, 'four');
    await Promise.all([
      showsPeople(ada, [ben]),
      showsPeople(ben, [ada]),
      seesPicture(ada, ben, { timeoutMs: PATIENCE }),
      seesPicture(ben, ada, { timeoutMs: PATIENCE }),
    ]);
    await hearsExactly(ada, [ben], { timeoutMs: PATIENCE });
    await hearsExactly(ben, [ada], { timeoutMs: PATIENCE });
    measured('two people, Ada <- Ben', await comparedFrames(ada, ben));
    measured('two people, Ben <- Ada', await comparedFrames(ben, ada));
  });

  test('who comes late sees and hears those who are there, and they the late one', async () => {
    for (const [late, there] of [
      [cleo, [ada, ben]],
      [dora, [ada, ben, cleo]],
    ] as const) {
      const began = Date.now();
      await enter(late, server, 'four');
      for (const one of there) await seesPicture(late, one, { timeoutMs: PATIENCE });
      measured(
        `${late.name} (${late.driver.browser}): from link to moving pictures of all, ms`,
        Date.now() - began,
      );
      for (const one of there) await seesPicture(one, late, { timeoutMs: PATIENCE });
    }
  });

  test('each of the four decodes every other picture and hears every other tone, and no other', async () => {
    await Promise.all(everybody().map((one) => showsPeople(one, othersOf(one))));
    for (const one of everybody()) {
      for (const other of othersOf(one)) await seesPicture(one, other, { timeoutMs: PATIENCE });
      await hearsExactly(one, othersOf(one), { timeoutMs: PATIENCE });
    }
    for (const one of everybody()) {
      for (const other of othersOf(one)) {
        const late = await comparedFrames(one, other);
        const last = tileOf(await one.tiles(), other.name)?.last;
        const size = `${last?.width ?? 0}x${last?.height ?? 0}`;
        measured(`${one.name} <- ${other.name}`, { counter: last?.counter, size, ...late });
        expect(late.medianMs).toBeGreaterThan(-100);
        expect(late.medianMs).toBeLessThan(STALE_MS);
      }
    }
  });

  test.each([
    ['Chromium', () => ben],
    ['Firefox', () => dora],
  ])('mute ends the sound at every receiver, unmute brings it back (%s)', async (_, who) => {
    const muted = who();
    const others = othersOf(muted);
    const pressed = await muted.press(part('mic'));
    await Promise.all(
      others.map((one) =>
        hearsExactly(
          one,
          othersOf(one).filter((other) => other !== muted),
          { timeoutMs: PATIENCE },
        ),
      ),
    );
    const lasts = await Promise.all(others.map((one) => one.heard(muted.person, SILENT, pressed - 2_000)));
    measured(
      `${muted.name} muted: last heard at each receiver, ms after the press`,
      lasts.map((one) => (one?.last ?? 0) - pressed),
    );
    await staysSilent(ada === muted ? ben : ada, muted, 1_500);
    const again = await muted.press(part('mic'));
    await Promise.all(others.map((one) => hearsExactly(one, othersOf(one), { timeoutMs: PATIENCE })));
    const firsts = await Promise.all(others.map((one) => one.heard(muted.person, HEARD, again)));
    measured(
      `${muted.name} unmuted: first heard at each receiver, ms after the press`,
      firsts.map((one) => (one?.first ?? 0) - again),
    );
  });

  test('a camera that is switched off is not shown any more, and comes back', async () => {
    await ben.driver.click(part('camera'));
    await Promise.all([picturesEnd(ada, ben), picturesEnd(dora, ben)]);
    await ben.driver.click(part('camera'));
    const took = await seesPicture(ada, ben, { timeoutMs: PATIENCE });
    measured('camera on again: moving picture after ms', took);
    await seesPicture(dora, ben, { timeoutMs: PATIENCE });
  });

  test('chat goes both ways and counts what is unread', async () => {
    await openChat(ada);
    await ada.driver.fill(part('chat-input'), 'Hello from Ada', true);
    await readsMessage(ada, 'Hello from Ada');
    const badge = `document.querySelector('${part('chat')}').getAttribute('aria-label') + ' ' +
      (document.querySelector('${part('chat')}').parentElement?.textContent ?? '')`;
    await until(async () => /\bone unread|\b1\b/.test(await ben.driver.evaluate<string>(badge)), {
      timeoutMs: PATIENCE,
      what: 'Ben has one unread message',
      explain: () => ben.driver.evaluate<string>(badge),
    });
    await openChat(ben);
    await readsMessage(ben, 'Hello from Ada');
    await until(async () => !/unread/.test(await ben.driver.evaluate<string>(badge)), {
      timeoutMs: PATIENCE,
      what: 'nothing is unread once the chat is open',
    });
    await openChat(dora);
    await readsMessage(dora, 'Hello from Ada');
    await dora.driver.fill(part('chat-input'), '你好 from Firefox', true);
    await Promise.all([ada, ben, dora].map((one) => readsMessage(one, '你好 from Firefox')));
  });

  test('a reload comes back, without leaving a ghost', async () => {
    await cleo.reload();
    await cleo.listen();
    await Promise.all(everybody().map((one) => showsPeople(one, othersOf(one))));
    for (const other of othersOf(cleo)) {
      await seesPicture(cleo, other, { timeoutMs: PATIENCE });
      await seesPicture(other, cleo, { timeoutMs: PATIENCE });
    }
    await hearsExactly(cleo, othersOf(cleo), { timeoutMs: PATIENCE });
    await hearsExactly(ada, othersOf(ada), { timeoutMs: PATIENCE });
  });

  test('who leaves is gone for everybody, and can come back with one press', async () => {
    await cleo.driver.click(part('leave'));
    const rest = [ada, ben, dora];
    const took = await Promise.all(
      rest.map((one) =>
        showsPeople(
          one,
          rest.filter((other) => other !== one),
        ),
      ),
    );
    measured('leave: tile gone everywhere after ms', Math.max(...took));
    await hearsExactly(ada, [ben, dora], { timeoutMs: PATIENCE });
    expect(await cleo.tiles()).toEqual([]);
    await cleo.driver.click(part('rejoin'));
    await cleo.listen();
    await Promise.all(everybody().map((one) => showsPeople(one, othersOf(one))));
    await seesPicture(cleo, dora, { timeoutMs: PATIENCE });
    await seesPicture(ada, cleo, { timeoutMs: PATIENCE });
    await hearsExactly(ada, othersOf(ada), { timeoutMs: PATIENCE });
  });

  test('two meetings do not see or hear each other', async () => {
    await enter(cleo, server, 'other-two');
    await enter(dora, server, 'other-two');
    for (const [one, other] of [
      [ada, ben],
      [ben, ada],
      [cleo, dora],
      [dora, cleo],
    ] as const) {
      await showsPeople(one, [other]);
      await seesPicture(one, other, { timeoutMs: PATIENCE });
      await hearsExactly(one, [other], { timeoutMs: PATIENCE });
    }
    await staysSilent(ada, cleo, 1_000);
    await staysSilent(cleo, ada, 1_000);
  });

  test('no page had anything to complain about', async () => {
    const complaints = await Promise.all(everybody().map((one) => one.collect()));
    expect(complaints.flat()).toEqual([]);
  });
});

/** Lateness over the last seconds, as soon as there are enough frames that both pages have decoded. */
async function comparedFrames(viewer: PersonPage, shown: PersonPage): Promise<Lateness> {
  return await until(
    async () => {
      const figures = await lateness(viewer, shown, 6_000);
      return figures.frames >= 5 ? figures : null;
    },
    { timeoutMs: PATIENCE, what: `frames of ${shown.name} at ${viewer.name} to compare` },
  );
}
