import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withConfigTable } from './config-table.ts';

it('README.md has the configuration table that `npm run docs` would write now', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  expect(withConfigTable(readme) === readme, 'out of step with config.ts: run `npm run docs`').toBe(true);
});
