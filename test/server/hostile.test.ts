import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Attacker, Findings, flood, garbage } from '../support/attacker.ts';
import { Conversation, rosterOf } from '../support/conversation.ts';
import { Inspector } from '../support/inspector.ts';
import { metricsOf, refusalsIn, residentMib } from '../support/metrics.ts';
import { measured } from '../support/output.ts';
import { Person } from '../support/person.ts';
import { Random } from '../support/random.ts';
import { SignallingClient } from '../support/signalling-client.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { median, until } from '../support/wait.ts';

const FRAMES = 10_000;
const WARM_UP_FRAMES = 2_500;
const AT_ONCE = 12;
/** Another one repeats other attacks; a failure names the one of its attacker. */
const SEED = Number(process.env.TEST_SEED ?? 20261);
const MIB = 1024 * 1024;

let server: TestServer;
beforeAll(async () => {
  server = await startServer('server-hostile', {
    PARLEY_TRUSTED_PROXIES: '1',
    PARLEY_WORKERS: '2',
    PARLEY_LOG_LEVEL: 'warn',
    NODE_OPTIONS: '--inspect=0',
  });
});
afterAll(() => server?.stop());

/** Attacks until so many frames have been sent, many sockets at a time, half of them in the meeting of the two. */
async function attack(frames: number, findings: Findings, seed: number): Promise<void> {
  let next = 0;
  const attacker = async () => {
    while (findings.frames < frames) {
      const own = seed + (next += 1);
      const random = new Random(own);
      const options = {
        url: server.url,
        slug: random.chance(0.5) ? 'garden' : `den-${random.int(0, 9)}`,
        address: `203.0.113.${random.int(1, 60)}`,
        seed: own,
        frames: random.int(20, 140),
        findings,
      };
      await new Attacker(options).run();
      if (own % 4 === 0) await garbage(server.url, own);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, attacker));
}

/** Sockets that are opened and go at once: what the server keeps of each would add up. */
async function comeAndGo(count: number): Promise<void> {
  for (let index = 0; index < count; index += 10) {
    await Promise.all(
      Array.from({ length: 10 }, async (_, offset) => {
        const address = `192.0.2.${10 + ((index + offset) % 200)}`;
        const { socket } = await SignallingClient.open(server.url, 'garden', { address });
        socket.close();
        await socket.closed;
      }),
    );
  }
}

/** Waits until nothing of the attackers is left on the server. */
async function alone(): Promise<void> {
  await until(
    async () => {
      const metrics = await metricsOf(server.url);
      return metrics.get('parley_signalling_sockets') === 2 && metrics.get('parley_people') === 2;
    },
    {
      timeoutMs: 40_000,
      what: 'only the two are left',
      explain: async () => [...(await metricsOf(server.url))].filter(([name]) => name.startsWith('parley')),
    },
  );
}

it(`${FRAMES} hostile frames disturb nobody, and each refusal has a code`, { timeout: 180_000 }, async () => {
  const { url } = server;
  const pid = server.process.pid ?? 0;
  const inspector = await until(() => Inspector.attach(readFileSync(server.logFile, 'utf8')), {
    timeoutMs: 5_000,
    what: 'the inspector',
  });
  const workers = server.workerPids();
  const anna = await Person.enter(url, 'garden', 'Anna', { address: '198.51.100.1' });
  const ben = await Person.enter(url, 'garden', 'Ben', { address: '198.51.100.2' });
  const talk = await Conversation.begin(anna, ben);

  const warmUp = new Findings();
  await attack(WARM_UP_FRAMES, warmUp, SEED);
  for (const socket of warmUp.hanging) socket.destroy();
  await alone();
  const before = {
    heap: await inspector.heapInUse(),
    rss: residentMib(pid),
    refusals: refusalsIn(await metricsOf(url)),
  };

  const findings = new Findings();
  const began = performance.now();
  await attack(FRAMES, findings, SEED + 1_000_000);
  const floods = [1, 2, 3].map((index) =>
    flood(
      { url, slug: 'garden', address: `192.0.2.${index}`, seed: SEED + index, frames: 0, findings },
      16 * MIB,
    ),
  );
  await Promise.all(floods);
  await comeAndGo(400);
  const seconds = (performance.now() - began) / 1000;
  // Not destroyed from here: the server must get rid of sockets that are half-open or never read by itself.
  await alone();
  for (const socket of findings.hanging) socket.destroy();
  const after = {
    heap: await inspector.heapInUse(),
    rss: residentMib(pid),
    refusals: refusalsIn(await metricsOf(url)),
  };
  await talk.end();

  const latencies = talk.latencies().sort((a, b) => a - b);
  const sound = talk.sound();
  measured('hostile frames', `${findings.frames} in ${seconds.toFixed(1)} s, ${findings.answered} answers`);
  measured('frames by kind', findings.sent);
  measured('refusals by key, as attackers saw them', findings.refusals);
  measured('refusals by key, as the server counted them', after.refusals);
  measured('closes', findings.closes);
  measured('sockets left half-open or unread', findings.hanging.length);
  measured(
    'heap in use before and after, MiB',
    [before.heap / MIB, after.heap / MIB].map((mib) => Number(mib.toFixed(2))),
  );
  measured(
    'resident before and after, MiB',
    [before.rss, after.rss].map((mib) => Number(mib.toFixed(1))),
  );
  measured(
    'chat latency of the undisturbed, ms (median, 95 %, most)',
    [median(latencies), latencies[Math.floor(latencies.length * 0.95)] ?? 0, latencies.at(-1) ?? 0].map(
      (ms) => Number(ms.toFixed(1)),
    ),
  );
  measured('their sound: longest gap in ms, share that arrived', [
    Math.round(sound.longestGapMs),
    Number(sound.arrived.toFixed(4)),
  ]);

  // Up, and the very same processes.
  expect(server.process.exitCode).toBeNull();
  expect(server.workerPids()).toEqual(workers);
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  // Every refusal had a code of the table, every request an answer.
  expect([...warmUp.strange, ...findings.strange]).toEqual([]);
  expect(findings.frames).toBeGreaterThanOrEqual(FRAMES);
  expect(Object.keys(findings.refusals).length).toBeGreaterThan(8);
  expect(after.refusals.INTERNAL, 'errors of our own').toBeUndefined();
  expect(Object.keys(after.refusals).sort()).toEqual(
    [...new Set([...Object.keys(before.refusals), ...Object.keys(findings.refusals)])].sort(),
  );
  // The two were not disturbed.
  expect(talk.problems).toEqual([]);
  expect(rosterOf(anna).names()).toEqual(['Anna', 'Ben']);
  expect(rosterOf(anna).state()).toEqual(rosterOf(ben).state());
  expect(latencies.length).toBeGreaterThan(20);
  expect(latencies.at(-1)).toBeLessThan(5_000);
  expect(sound.arrived).toBeGreaterThan(0.98);
  expect(sound.longestGapMs).toBeLessThan(3_000);
  // Memory is flat. Over ten times as many frames and sockets the heap goes up and down by some MiB (meetings linger for
  // a minute); a server that kept each of these five hundred connections ended 8 MiB above.
  expect(after.heap - before.heap).toBeLessThan(5 * MIB);
  expect(after.rss - before.rss).toBeLessThan(64);

  inspector.close();
  for (const person of [anna, ben]) person.leave();
});
