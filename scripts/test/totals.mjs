/**
 * Sums of a run.
 * @typedef {{ name: string, passed: number, failed: number, skipped: number, ms: number, failures: string[],
 *   skips: { name: string, reason: string }[] }} SuiteResult
 */

/** The one line that the run ends with; other tools read it, so its form is fixed. */
export function closingLine(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`;
}

/**
 * What a Vitest run comes to. It fails when Vitest says so even if no test did (an error outside of tests), and when
 * there was nothing to run although nobody asked for a part: an empty suite must not look green.
 * @param {{ name: string, ms: number, code: number | null, filtered: boolean,
 *   report: Omit<SuiteResult, 'name' | 'ms'> | null }} run `report` as written by reporter.mjs; null when there is none
 * @returns {SuiteResult}
 */
export function suiteResult({ name, ms, code, filtered, report }) {
  const result = { name, ms, passed: 0, failed: 0, skipped: 0, failures: [], skips: [], ...report };
  const fail = (why) => {
    result.failed += 1;
    result.failures = [...result.failures, why];
  };
  if (!report) fail(`the test runner ended without a report (exit code ${code})`);
  else if (!filtered && result.passed + result.failed === 0) fail('no test was run');
  else if (code !== 0 && result.failed === 0 && !(filtered && result.passed === 0))
    fail(`the test runner ended with code ${code}`);
  return result;
}
