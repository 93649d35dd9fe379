import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Vitest reporter that writes the figures which the closing line of `npm test` is summed from, with the reason of every
 * skip (Vitest's own JSON has no reasons) and every failure that belongs to no test. Goes to the file that
 * TEST_FIGURES_FILE names.
 */
export default class FiguresReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const figures = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
    const fail = (name, errors) => {
      figures.failed += 1;
      figures.failures.push(`${name}${errors?.[0]?.message ? `: ${errors[0].message.split('\n')[0]}` : ''}`);
    };

    for (const module of modules) {
      const file = module.relativeModuleId ?? module.moduleId;
      // Errors of the file itself and of its hooks: tests that never ran because of them count once, here.
      if (module.errors().length > 0) fail(file, module.errors());
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) fail(`${file} > ${suite.fullName}`, suite.errors());
      }
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') figures.passed += 1;
        else if (result.state === 'failed') fail(name, result.errors);
        else if (result.state === 'pending') fail(name, [{ message: 'did not finish' }]);
        else {
          figures.skipped += 1;
          figures.skips.push({
            name,
            reason: result.note ?? (test.options.mode === 'todo' ? 'to be written' : ''),
          });
        }
      }
    }
    for (const error of unhandledErrors) fail('outside of any test', [error]);

    const file = process.env['TEST_FIGURES_FILE'];
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  }
}
