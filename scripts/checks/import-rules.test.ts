import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const rules: { name: string }[] = createRequire(import.meta.url)(
  join(ROOT, '.dependency-cruiser.cjs'),
).forbidden;

/** One offence for each rule: the file that commits it and what it imports. */
const OFFENCES: [rule: string, file: string, source: string][] = [
  ['no-circles', 'packages/sfu/src/lib/a.ts', `import { b } from './b.ts'; export const a = () => b;`],
  ['resolvable', 'packages/web/src/lost.ts', `import './nowhere.ts';`],
  ['protocol-stands-alone', 'packages/protocol/src/hungry.ts', `import 'pino';`],
  [
    'web-knows-protocol-only',
    'packages/web/src/spy.vue',
    `<script setup lang="ts">\nimport '../../sfu/src/lib/tool.ts';\n</script>`,
  ],
  ['sfu-knows-protocol-only', 'packages/sfu/src/http/borrower.ts', `import '../../../web/src/plain.ts';`],
  ['nothing-imports-tests', 'packages/sfu/src/http/tested.ts', `import '../../../../test/support.ts';`],
  ['lib-knows-no-domain', 'packages/sfu/src/lib/curious.ts', `import '../room/room.ts';`],
  ['room-is-pure', 'packages/sfu/src/room/impatient.ts', `import '../media/host.ts';`],
  [
    'room-is-given-its-runtime',
    'packages/sfu/src/room/late.ts',
    `import { now } from '../runtime.ts'; now();`,
  ],
  ['sides-do-not-know-each-other', 'packages/sfu/src/http/neighbour.ts', `import '../media/host.ts';`],
  ['only-app-sees-everything', 'packages/sfu/src/http/climber.ts', `import '../app.ts';`],
  ['mediasoup-in-media', 'packages/sfu/src/http/media-eater.ts', `import 'mediasoup';`],
  ['protoo-server-in-signalling', 'packages/sfu/src/http/socket-eater.ts', `import 'protoo-server';`],
  ['express-in-http', 'packages/sfu/src/signalling/web-eater.ts', `import 'express';`],
  ['helmet-in-http', 'packages/sfu/src/signalling/head-eater.ts', `import 'helmet';`],
  ['jose-in-auth', 'packages/sfu/src/signalling/token-eater.ts', `import 'jose';`],
  ['call-has-no-components', 'packages/web/src/call/painter.ts', `import '../components/Tile.vue';`],
  [
    'media-libraries-in-call',
    'packages/web/src/components/Wired.vue',
    `<script setup lang="ts">\nimport 'mediasoup-client';\n</script>`,
  ],
  ['declared-packages-only', 'packages/web/src/undeclared.ts', `import 'vitest';`],
];

/** What the offenders import, and files that break no rule although they come near to it. */
const INNOCENT: Record<string, string> = {
  'packages/sfu/src/lib/b.ts': `import { a } from './a.ts'; export const b = () => a;`,
  'packages/sfu/src/lib/tool.ts': `export const tool = 1;`,
  'packages/sfu/src/room/room.ts': `import type { Clock } from '../runtime.ts'; import '../lib/tool.ts'; export let clock: Clock;`,
  'packages/sfu/src/media/host.ts': `import 'mediasoup'; import '../room/room.ts';`,
  'packages/sfu/src/runtime.ts': `export type Clock = () => number; export const now = () => 1;`,
  'packages/sfu/src/app.ts': `import './media/host.ts'; import './room/room.ts';`,
  'packages/web/src/plain.ts': `export const plain = 1;`,
  'packages/web/src/call/session.ts': `import 'mediasoup-client'; import 'protoo-client';`,
  'packages/web/src/components/Tile.vue': `<script setup lang="ts">\nimport { plain } from '../plain.ts';\nconst x = plain;\n</script>\n<template>{{ x }}</template>`,
  'test/support.ts': `import '../packages/sfu/src/app.ts'; import '../packages/web/src/plain.ts';`,
  'tsconfig.json': `{ "compilerOptions": { "module": "ESNext", "moduleResolution": "Bundler", "allowImportingTsExtensions": true, "noEmit": true } }`,
  'package.json': `{ "type": "module", "dependencies": { "mediasoup": "*", "mediasoup-client": "*", "protoo-client": "*" } }`,
};

describe('import rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-import-rules-'));
  let violations: { from: string; rule: { name: string } }[] = [];

  beforeAll(() => {
    const write = (file: string, source: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${source}\n`);
    };
    for (const [file, source] of Object.entries(INNOCENT)) write(file, source);
    for (const [, file, source] of OFFENCES) write(file, source);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        '--config',
        join(ROOT, '.dependency-cruiser.cjs'),
        '--output-type',
        'json',
        'packages',
        'test',
      ],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    expect(stdout, stderr).not.toBe('');
    violations = JSON.parse(stdout).summary.violations;
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has an offence for every rule', () => {
    expect(OFFENCES.map(([rule]) => rule).sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  it.each(OFFENCES)('%s notices %s', (rule, file) => {
    expect(violations.filter(({ from }) => from === file).map((each) => each.rule.name)).toContain(rule);
  });

  it('leaves the innocent alone', () => {
    const guilty = new Set([...OFFENCES.map(([, file]) => file), 'packages/sfu/src/lib/b.ts']);
    expect(violations.filter(({ from }) => !guilty.has(from))).toEqual([]);
  });
});
