import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_24, ROOT } from '../setup/paths.mjs';
import { suiteResult } from './totals.mjs';

export const OUTPUT = join(ROOT, 'test-output');

/** Runs one check; its output is shown only when it fails. @returns {Promise<import('./totals.mjs').SuiteResult>} */
export function runCheck({ name, title, script, args }) {
  const begun = performance.now();
  return new Promise((settle) => {
    const child = spawn(NODE_24, [script, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk) => (output += chunk);
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', (error) => take(error.message));
    child.once('close', (code) => {
      const failed = code === 0 ? 0 : 1;
      if (failed) writeFileSync(join(OUTPUT, `${name}.log`), output);
      settle({
        name,
        passed: 1 - failed,
        failed,
        skipped: 0,
        skips: [],
        ms: performance.now() - begun,
        failures: failed ? [`${title}\n${output.trimEnd()}`] : [],
      });
    });
  });
}

/** Runs one Vitest project on the screen. @returns {Promise<import('./totals.mjs').SuiteResult>} */
export function runProject(name, rest) {
  const begun = performance.now();
  const figures = join(OUTPUT, `${name}.figures.json`);
  rmSync(figures, { force: true });
  mkdirSync(OUTPUT, { recursive: true });
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    name,
    ...rest,
    '--reporter=default',
    '--reporter=junit',
    `--outputFile.junit=${join(OUTPUT, `${name}.junit.xml`)}`,
    `--reporter=${join(ROOT, 'scripts/test/reporter.mjs')}`,
  ];
  return new Promise((settle) => {
    const child = spawn(NODE_24, args, {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TEST_FIGURES_FILE: figures },
    });
    const end = (code) => {
      let report = null;
      try {
        report = JSON.parse(readFileSync(figures, 'utf8'));
      } catch {
        // Told by suiteResult: the runner did not come to its end.
      }
      settle(suiteResult({ name, ms: performance.now() - begun, code, filtered: rest.length > 0, report }));
    };
    child.once('error', () => end(null));
    child.once('close', end);
  });
}
