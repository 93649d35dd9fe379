/** Parts of `npm test`, in the order in which they run: the quick ones that say most first. */

/** Checks without a test runner. Each is a program that ends with 0 when all is well, and counts as one test. */
export const CHECKS = [
  {
    name: 'lint',
    title: 'eslint',
    script: 'node_modules/eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0'],
  },
  {
    name: 'format',
    title: 'prettier',
    script: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--log-level=warn', '.'],
  },
  { name: 'types', title: 'tsc', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  {
    name: 'types-web',
    title: 'vue-tsc',
    script: 'node_modules/vue-tsc/bin/vue-tsc.js',
    args: ['--noEmit', '-p', 'packages/web'],
  },
  {
    name: 'imports',
    title: 'import rules',
    script: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
      'packages',
      'test',
      'scripts',
      'infra',
    ],
  },
  { name: 'house', title: 'house rules', script: 'scripts/checks/house-rules.mjs', args: [] },
];

/** Projects of vitest.config.ts. `long` is not here: it has a command of its own. */
export const PROJECTS = ['unit', 'worker', 'server', 'e2e'];

/** Parts that need neither browsers nor a media worker nor the built client. */
export const NEEDS_CODE_ONLY = new Set([...CHECKS.map(({ name }) => name), 'unit']);

/** Names that `npm test -- <name>` understands, with what they stand for. */
export const GROUPS = { checks: CHECKS.map(({ name }) => name), tests: PROJECTS };

/**
 * Splits the arguments of `npm test -- ...` into the parts to run and what Vitest gets.
 * @param {string[]} args
 * @returns {{ parts: Set<string>, rest: string[] }} parts: all when none is named
 */
export function choose(args) {
  const known = [...GROUPS.checks, ...GROUPS.tests, 'long'];
  const parts = new Set();
  let index = 0;
  for (; index < args.length; index += 1) {
    const word = args[index];
    if (GROUPS[word]) GROUPS[word].forEach((name) => parts.add(name));
    else if (known.includes(word)) parts.add(word);
    else break;
  }
  const rest = args.slice(index);
  // A filter without a part means tests, since checks cannot be filtered.
  if (parts.size === 0)
    [...(rest.length > 0 ? [] : GROUPS.checks), ...PROJECTS].forEach((name) => parts.add(name));
  return { parts, rest };
}
