import { describe, expect, it } from 'vitest';
import { CHECKS, PROJECTS, choose } from './suites.mjs';
import { closingLine, suiteResult } from './totals.mjs';

const everything = [...CHECKS.map(({ name }) => name), ...PROJECTS];
const report = (passed: number, failed = 0, skipped = 0) => ({
  passed,
  failed,
  skipped,
  failures: [],
  skips: [],
});
const run = { name: 'unit', ms: 1, code: 0, filtered: false, report: report(2) };

describe('npm test -- arguments', () => {
  it('runs everything when nothing is named', () => {
    expect([...choose([]).parts]).toEqual(everything);
  });

  it('runs the parts that are named and hands the rest to Vitest', () => {
    const { parts, rest } = choose(['e2e', 'unit', '-t', 'late join']);
    expect([...parts]).toEqual(['e2e', 'unit']);
    expect(rest).toEqual(['-t', 'late join']);
    expect([...choose(['checks']).parts]).toEqual(CHECKS.map(({ name }) => name));
    expect([...choose(['tests']).parts]).toEqual(PROJECTS);
    expect([...choose(['long']).parts]).toEqual(['long']);
  });

  it('takes a filter alone as one for all tests', () => {
    expect([...choose(['-t', 'mute']).parts]).toEqual(PROJECTS);
  });
});

describe('the closing line', () => {
  it('sums all suites in a fixed form', () => {
    const results = [suiteResult(run), suiteResult({ ...run, code: 1, report: report(3, 1, 2) })];
    expect(closingLine(results)).toBe('5 passed, 1 failed, 2 skipped');
  });

  it('is red when the runner ended without a report', () => {
    expect(suiteResult({ ...run, code: null, report: null }).failed).toBe(1);
  });

  it('is red when the runner failed although no test did', () => {
    expect(suiteResult({ ...run, code: 1 }).failed).toBe(1);
  });

  it('is red when a whole suite ran nothing, unless a part was asked for', () => {
    expect(suiteResult({ ...run, report: report(0, 0, 3) }).failed).toBe(1);
    expect(suiteResult({ ...run, code: 1, filtered: true, report: report(0) }).failed).toBe(0);
  });
});
