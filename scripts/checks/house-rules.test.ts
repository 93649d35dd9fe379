import { describe, expect, it } from 'vitest';
import { MAX_LINES, problemsOf } from './house-rules-of-a-file.mjs';

const of = (path: string, text: string) => problemsOf(path, () => text);

describe('house rules', () => {
  it('counts lines of source, not of prose or of generated files', () => {
    const long = 'x\n'.repeat(MAX_LINES + 1);
    expect(of('packages/sfu/src/a.ts', long)).toHaveLength(1);
    expect(of('packages/web/src/A.vue', long)).toHaveLength(1);
    expect(of('packages/sfu/src/a.ts', 'x\n'.repeat(MAX_LINES))).toEqual([]);
    expect(of('README.md', long)).toEqual([]);
    expect(of('package-lock.json', long)).toEqual([]);
  });

  it.each([
    ['a loose end', '// TO' + 'DO: later'],
    ['a path of one machine', `const cache = '/ho` + `me/somebody/cache';`],
    ['a merge conflict', '<<<<<<< ' + 'HEAD'],
  ])('notices %s', (_, text) =>
    expect(of('packages/a.ts', `one\n${text}\n`)).toEqual([expect.stringContaining('packages/a.ts:2')]),
  );

  it('does not read pictures', () => {
    expect(problemsOf('docs/a.png', () => expect.fail('was read'))).toEqual([]);
  });
});
