import { mkdirSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withLock } from '../../infra/worker/cache.mjs';
import { checkNode } from './node-version.mjs';
import { installNpmPackages } from './npm-packages.mjs';
import { TEST_PACKAGES } from './packages.mjs';
import { CHECKOUT, userCache } from './paths.mjs';
import { SetupProblem } from './problem.mjs';
import { explain, line, step, sums } from './screen.mjs';
import { installSystemPackages } from './system-packages.mjs';
import { buildWebClient } from './web-client.mjs';
import { packagesForWorker, provideWorker } from './worker.mjs';

/**
 * What each purpose takes. `start` and `test` are the commands of those names, `code` is for checks and unit tests,
 * `worker` is the part that an image build can keep.
 */
const PURPOSES = {
  code: { system: [], worker: false, web: false },
  worker: { system: [], worker: true, web: false },
  start: { system: [], worker: true, web: true },
  test: { system: TEST_PACKAGES, worker: true, web: true },
};

/**
 * Everything between a bare clone and a server that can start, or tests that can run. Each step looks first and does
 * nothing when nothing has changed. Needs no npm package: it is what installs them.
 *
 * @param {keyof typeof PURPOSES} purpose
 * @throws {SetupProblem} when a person has to do something
 */
export async function setUp(purpose) {
  const { system, worker, web } = PURPOSES[purpose];
  const cacheDir = userCache('setup');
  mkdirSync(cacheDir, { recursive: true });
  const onWait = (holder) => line(`Another set-up of this folder is running (${holder}): waiting for it.`);
  // Two set-ups of one checkout would pull node_modules from under each other.
  await withLock({ cacheDir, key: CHECKOUT, onWait }, async () => {
    line('Set-up');
    await step('Node.js', checkNode);
    await step('npm packages', installNpmPackages);
    if (worker) {
      await step('system packages', async (report) =>
        installSystemPackages([...system, ...(await packagesForWorker(report))], report),
      );
      await step('media worker', provideWorker);
    }
    if (web) await step('web client', buildWebClient);
  });
  sums('all');
}

/** Runs the set-up for a command: ends the process with code 1 when it cannot go on. */
export async function setUpOrExit(purpose) {
  try {
    await setUp(purpose);
  } catch (error) {
    explain(error);
    process.exit(1);
  }
}

// npm run setup [-- purpose]
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const purpose = process.argv[2] ?? 'start';
  if (!Object.hasOwn(PURPOSES, purpose)) {
    explain(
      new SetupProblem(`There is no set-up for "${purpose}".`, `one of: ${Object.keys(PURPOSES).join(', ')}`),
    );
    process.exit(1);
  }
  await setUpOrExit(purpose);
}
