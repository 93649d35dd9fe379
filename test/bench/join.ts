/**
 * bench:join: how long until a newcomer sees somebody.
 *
 * Method. One Chromium page publishes camera and microphone (320x180 at 30 pictures a second from a file, one layer) into
 * a meeting of the real server, always through the SFU. Then, several times, a new page in a fresh context (cold cache)
 * of a running Chromium opens the link with `join=1&mic=0&cam=0`. Measured in that page, by a script that is there before
 * the product: from the start of the navigation to the first presented frame of a remote video
 * (requestVideoFrameCallback), and from `join` sent to that frame. The steps are the marks of `window.parley`.
 *
 * Beside it, in turns within the same run, the floor: a bare page with mediasoup-client on a bare mediasoup server with
 * the same worker, the same codecs and candidates, one round trip fewer (no ticket) and no interface (test/bench/bare).
 * The first round warms up both and does not count. Medians; ratios, because the machine is shared.
 *
 * Usage: npm run bench:join [-- --rounds 9] [-- --json]
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { launchChromium } from '../support/chromium.ts';
import { ROOT } from '../support/output.ts';
import { endProcess, spawnTied } from '../support/processes.ts';
import { startServer } from '../support/server.ts';
import { median, until } from '../support/wait.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, json: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
const say = (line: string) => {
  if (!values.json) process.stdout.write(`${line}\n`);
};

interface Run {
  linkToFrame: number;
  joinToFrame: number;
  marks: Record<string, number>;
}

/** Runs in the page before anything else: notes the first frame of the first video that shows one. */
const WATCH = `(() => {
  const seen = new WeakSet();
  window.firstFrame = new Promise((resolve) => {
    const look = () => {
      for (const video of document.querySelectorAll('video')) {
        if (seen.has(video)) continue;
        seen.add(video);
        video.requestVideoFrameCallback(() => resolve(performance.now()));
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
})()`;

const STEPS = [
  ['page load', null, 'ticketSent'],
  ['ticket', 'ticketSent', 'ticket'],
  ['socket', 'ticket', 'welcome'],
  ['device', 'welcome', 'joinSent'],
  ['join', 'joinSent', 'joined'],
  ['transport', 'joined', 'consumed'],
  ['DTLS', 'consumed', 'dtlsConnected'],
  ['first frame', 'dtlsConnected', 'frame'],
] as const;

const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
const script = await bundleBarePage();
const bare = spawnTied(join(ROOT, 'node_modules/.bin/node'), ['test/bench/bare/server.ts', script], {
  cwd: ROOT,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browsers: Browser[] = [];
const server = await startServer('bench-join', { PARLEY_LOG_LEVEL: 'warn' });
try {
  const bareUrl = await firstLine();
  const publisher = await launchChromium({ camera: { width: 320, height: 180 }, person: 1 });
  const viewer = await launchChromium();
  browsers.push(publisher, viewer);
  const inMeeting = await publisher.newPage();
  await inMeeting.goto(server.meeting('bench', 'Publisher'));
  await ready(inMeeting, `window.parley?.state().producers?.length >= 2`);
  const onBare = await publisher.newPage();
  await onBare.goto(`${bareUrl}/?publish`);
  await ready(onBare, `document.title === 'publishing'`);

  const product: Run[] = [];
  const floor: Run[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const link = server.meeting('bench', `Viewer ${round}`, { mic: 0, cam: 0 });
    const a = await visit(viewer, link, `window.parley.state().timings`);
    const b = await visit(viewer, bareUrl, `window.marks`);
    if (round > 0) {
      product.push(a);
      floor.push(b);
    }
    say(
      `${round === 0 ? 'warm-up' : `round ${round}`}: product ${a.linkToFrame.toFixed(0)} ms, bare ${b.linkToFrame.toFixed(0)} ms`,
    );
  }
  report(product, floor);
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.stop();
  await endProcess(bare);
  rmSync(folder, { recursive: true, force: true });
}

/** By evaluation from outside: the page's policy forbids `eval`, which waitForFunction uses. */
async function ready(page: Page, condition: string): Promise<void> {
  await until(() => page.evaluate<boolean>(condition), { timeoutMs: 60_000, what: condition });
}

async function visit(browser: Browser, url: string, marks: string): Promise<Run> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 640 } });
  try {
    const page: Page = await context.newPage();
    await page.addInitScript({ content: WATCH });
    await page.goto(url, { waitUntil: 'commit' });
    const frame = await page.evaluate<number>(`Promise.race([
      window.firstFrame,
      new Promise((_, reject) => setTimeout(() => reject(new Error('no frame within 30 s')), 30000)),
    ])`);
    const noted = await page.evaluate<Record<string, number>>(marks);
    const joinSent = noted['joinSent'];
    if (joinSent === undefined) throw new Error(`no mark joinSent in ${JSON.stringify(noted)}`);
    return { linkToFrame: frame, joinToFrame: frame - joinSent, marks: { ...noted, frame } };
  } finally {
    await context.close();
  }
}

function report(product: Run[], floor: Run[]): void {
  const of = (runs: Run[], pick: (run: Run) => number) => Math.round(median(runs.map(pick)) * 10) / 10;
  const steps = Object.fromEntries(
    STEPS.map(([name, from, to]) => [
      name,
      of(
        product,
        ({ marks }) => (marks[to] ?? Number.NaN) - (from === null ? 0 : (marks[from] ?? Number.NaN)),
      ),
    ]),
  );
  const linkToFrameMs = of(product, (run) => run.linkToFrame);
  const result = {
    rounds,
    linkToFrameMs,
    joinToFrameMs: of(product, (run) => run.joinToFrame),
    bareLinkToFrameMs: of(floor, (run) => run.linkToFrame),
    bareJoinToFrameMs: of(floor, (run) => run.joinToFrame),
    ratioToBare:
      Math.round(
        median(product.map((run, index) => run.linkToFrame / (floor[index]?.linkToFrame ?? Number.NaN))) *
          100,
      ) / 100,
    joinRatioToBare:
      Math.round(
        median(product.map((run, index) => run.joinToFrame / (floor[index]?.joinToFrame ?? Number.NaN))) *
          100,
      ) / 100,
    steps,
    boundBy: boundBy(steps, linkToFrameMs),
    spread: {
      linkToFrameMs: product.map((run) => Math.round(run.linkToFrame)),
      bareLinkToFrameMs: floor.map((run) => Math.round(run.linkToFrame)),
    },
    machine: { cores: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version },
  };
  if (values.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  say('');
  say(
    `link to first remote frame   ${result.linkToFrameMs} ms   (bare page ${result.bareLinkToFrameMs} ms, ratio ${result.ratioToBare})`,
  );
  say(
    `join to first remote frame   ${result.joinToFrameMs} ms   (bare page ${result.bareJoinToFrameMs} ms, ratio ${result.joinRatioToBare})`,
  );
  for (const [name, ms] of Object.entries(steps)) say(`  ${name.padEnd(14)} ${String(ms).padStart(7)} ms`);
  say(`  most of it: ${result.boundBy}`);
}

/** The steps that make up most of the way, largest first, with their share. */
function boundBy(steps: Record<string, number>, total: number): string {
  return Object.entries(steps)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, ms]) => `${name} ${Math.round((ms / total) * 100)} %`)
    .join(', ');
}

async function firstLine(): Promise<string> {
  if (!bare.stdout) throw new Error('no output to read');
  const [line] = (await once(createInterface({ input: bare.stdout }), 'line')) as [string];
  return line;
}

async function bundleBarePage(): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      lib: {
        entry: fileURLToPath(new URL('bare/page.ts', import.meta.url)),
        formats: ['es'],
        fileName: 'page',
      },
    },
  });
  return join(folder, 'page.js');
}
