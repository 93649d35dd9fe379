import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { excerpt, runLogged } from './command.mjs';
import { nodeProblem } from './node-version.mjs';
import { difference } from './npm-packages.mjs';
import { ROOT, hostPath } from './paths.mjs';

describe('Node.js check', () => {
  it.each(['v20.19.0', 'v20.20.2', 'v22.12.0', 'v24.0.0', 'v26.1.0'])('takes %s', (version) => {
    expect(nodeProblem(version)).toBeNull();
  });

  it.each(['v18.20.0', 'v20.18.3', 'v21.7.0', 'v22.11.0'])('refuses %s and says what to do', (version) => {
    expect(nodeProblem(version)?.message).toContain(version);
    expect(nodeProblem(version)?.fix).toMatch(/install/);
  });
});

describe('what npm has to install', () => {
  const wanted = {
    '': { version: '0.1.0' },
    'packages/web': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
    'node_modules/@parley/web': { link: true },
  };
  const present = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0' },
    'node_modules/@parley/web': { link: true },
  };

  it('is nothing when npm has recorded all of it', () => expect(difference(wanted, present)).toEqual([]));

  it('is what is missing or of another version', () => {
    const { 'node_modules/@parley/web': _link, ...rest } = present;
    const older = { ...rest, 'node_modules/a': { version: '0.9.0' } };
    expect(difference(wanted, older)).toEqual(['node_modules/a', 'node_modules/@parley/web']);
  });

  it('is everything for the platform in a bare clone', () => expect(difference(wanted, {})).toHaveLength(3));
});

describe('programs', () => {
  it('run with their output in a log, and their end is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-setup-test-'));
    const log = join(folder, 'a.log');
    const states: string[] = [];
    const script = `console.log('out'); console.error('err'); require('fs').writeSync(3, 'half\\nway\\n'); process.exitCode = 3`;
    const { code, tail } = await runLogged(process.execPath, ['-e', script], {
      log,
      status: (row) => states.push(row),
    });
    expect(code).toBe(3);
    expect(tail).toContain('out');
    expect(readFileSync(log, 'utf8')).toContain('err');
    expect(states).toEqual(['half', 'way']);
    expect((await runLogged('/no/such/program', [], { log })).code).toBeNull();
    rmSync(folder, { recursive: true });
  });

  it('are shown by their last telling lines', () => {
    expect(excerpt('one\n    at stack (file.js:1:1)\nnpm notice news\n\ntwo\n')).toBe('    one\n    two');
  });

  it('never come from the node_modules that is being replaced', () => {
    const before = process.env['PATH'];
    process.env['PATH'] = `${ROOT}/node_modules/.bin:/usr/bin:${ROOT}/packages/web/node_modules/.bin`;
    try {
      expect(hostPath()).not.toContain(`${ROOT}/node_modules`);
      expect(hostPath()).toContain('/usr/bin');
    } finally {
      process.env['PATH'] = before;
    }
  });
});

it('an unknown purpose is told in two lines, with exit code 1', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/setup/main.mjs'), 'nonsense'], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    'Error: There is no set-up for "nonsense".',
    'Fix:   one of: code, worker, start, test',
  ]);
});
