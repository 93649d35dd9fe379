import { SetupProblem } from './problem.mjs';

/** What the set-up looks like: one line per step, a progress line while it works, its time, and one line of sums. */

const LABEL = 17;
/** Without a terminal a progress line is written at most this often, so that logs stay readable. */
const PROGRESS_EVERY_MS = 10_000;

const out = process.stdout;
const live = () => Boolean(out.isTTY) && process.env['TERM'] !== 'dumb';

/** @param {number} ms */
export const seconds = (ms) => (ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${minutes(ms)}`);

function minutes(ms) {
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** @param {string} text */
export const line = (text = '') => out.write(`${text}\n`);

const times = [];

/**
 * Runs one step.
 * @param {string} title a few words, e.g. `npm packages`
 * @param {(report: { say: (text: string) => void, progress: (text: string) => void }) => Promise<string>} work
 *   resolves to what there is to say when all is well, e.g. `up to date`; throws a `SetupProblem` when it cannot go on
 */
export async function step(title, work) {
  const begun = performance.now();
  const label = title.padEnd(LABEL);
  let shown = '';
  let lastWritten = 0;

  const clear = () => {
    if (live() && shown) out.write('\r\x1b[2K');
  };
  const draw = () => {
    const width = Math.max(20, (out.columns ?? 80) - 1);
    const text = `  ${label} ${seconds(performance.now() - begun)}  ${shown}`;
    out.write(`\r\x1b[2K${text.slice(0, width)}`);
  };
  const ticker = setInterval(() => {
    if (!shown) return;
    if (live()) draw();
    else if (performance.now() - lastWritten >= PROGRESS_EVERY_MS) {
      lastWritten = performance.now();
      line(`  ${label} ${seconds(performance.now() - begun)}  ${shown}`);
    }
  }, 250);

  const report = {
    say(text) {
      clear();
      line(`  ${label} ${text}`);
    },
    progress(text) {
      if (!shown) lastWritten = performance.now();
      shown = text;
    },
  };

  try {
    const note = await work(report);
    const ms = performance.now() - begun;
    times.push({ title, ms });
    clear();
    line(`  ${label} ${note.padEnd(52)}  ${seconds(ms).padStart(8)}`);
  } catch (error) {
    clear();
    line(`  ${label} stopped after ${seconds(performance.now() - begun)}`);
    throw error;
  } finally {
    clearInterval(ticker);
  }
}

/** One line with the time of every step so far. */
export function sums(what) {
  const total = times.reduce((sum, each) => sum + each.ms, 0);
  const parts = times.map(({ title, ms }) => `${title} ${seconds(ms)}`);
  line(`  ${what.padEnd(LABEL)} ${seconds(total)}  (${parts.join(', ')})`);
}

/** Says on stderr what went wrong; the exit code is the caller's business. */
export function explain(error) {
  if (error instanceof SetupProblem) {
    process.stderr.write(`\nError: ${error.message}\nFix:   ${error.fix}\n`);
  } else {
    process.stderr.write(
      `\nError: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
