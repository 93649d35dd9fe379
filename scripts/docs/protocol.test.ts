import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS, METHOD_NAMES } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { AREAS, protocolPage } from './protocol.ts';

describe('docs/protocol.md', () => {
  it('is what `npm run docs` would write now', () => {
    const written = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8');
    expect(written === protocolPage(), 'out of step with packages/protocol: run `npm run docs`').toBe(true);
  });

  it('has every method and every error once', () => {
    const page = protocolPage();
    for (const name of METHOD_NAMES) expect(page.split(`\n### ${name}\n`), name).toHaveLength(2);
    for (const [key, { code }] of Object.entries(ERRORS))
      expect(page.split(`| ${code} | \`${key}\` |`), key).toHaveLength(2);
    expect(AREAS.flatMap(({ methods }) => Object.keys(methods)).sort()).toEqual([...METHOD_NAMES].sort());
  });

  it('links only to headings that it has', () => {
    const page = protocolPage();
    const headings = new Set([...page.matchAll(/^#+ (\S+)$/gm)].map(([, name]) => name!.toLowerCase()));
    for (const [, target] of page.matchAll(/\]\(#(\w+)\)/g)) expect(headings, target).toContain(target);
  });
});
