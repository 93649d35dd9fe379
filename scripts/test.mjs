import { mkdirSync } from 'node:fs';
import { setUpOrExit } from './setup/main.mjs';
import { line, seconds } from './setup/screen.mjs';
import { CHECKS, NEEDS_CODE_ONLY, PROJECTS, choose } from './test/suites.mjs';
import { OUTPUT, runCheck, runProject } from './test/run.mjs';
import { closingLine } from './test/totals.mjs';

// npm test [-- part ...] [-- Vitest arguments]: sets up what is missing, runs everything (a failing part does not keep
// the others from running), and ends with one line of sums.
const { parts, rest } = choose(process.argv.slice(2));
await setUpOrExit([...parts].every((name) => NEEDS_CODE_ONLY.has(name)) ? 'code' : 'test');
mkdirSync(OUTPUT, { recursive: true });
const results = [];

// Two at a time: type checkers and linters each use one core.
const waiting = CHECKS.filter(({ name }) => parts.has(name));
const checkers = [1, 2].map(async () => {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const result = await runCheck(check);
    results.push(result);
    line(
      `  ${check.title.padEnd(17)} ${(result.failed ? 'FAILED' : 'ok').padEnd(52)} ${seconds(result.ms).padStart(8)}`,
    );
    result.failures.forEach((text) => line(text));
  }
});
await Promise.all(checkers);

for (const name of [...PROJECTS, 'long']) {
  if (!parts.has(name)) continue;
  line(`\n${name}`);
  results.push(await runProject(name, rest));
}

line();
for (const { name, passed, failed, skipped, ms } of results) {
  const figures = `${passed} passed${failed ? `, ${failed} FAILED` : ''}${skipped ? `, ${skipped} skipped` : ''}`;
  line(`  ${name.padEnd(17)} ${figures.padEnd(52)} ${seconds(ms).padStart(8)}`);
}
for (const { name, skips } of results) {
  // With a filter everything else counts as skipped, which nobody wants to read.
  if (rest.length === 0)
    skips.forEach((skip) => line(`  skipped (${name}): ${skip.name}: ${skip.reason || 'no reason given'}`));
}
for (const { name, failures } of results) {
  failures.forEach((text) => line(`  failed (${name}): ${text.split('\n')[0]}`));
}
line(closingLine(results));
process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
