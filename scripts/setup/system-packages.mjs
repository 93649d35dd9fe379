import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { excerpt, runLogged } from './command.mjs';
import { ROOT, userCache } from './paths.mjs';
import { SetupProblem } from './problem.mjs';

/**
 * Installs those of the named Debian packages that are missing. At a terminal a person is asked first; without one it
 * goes on by itself.
 * @param {string[]} wanted
 * @param {{ say: (text: string) => void, progress: (text: string) => void }} report
 */
export async function installSystemPackages(wanted, report) {
  if (wanted.length === 0) return 'none needed';
  const present = presentPackages(wanted);
  if (!present) {
    report.say(
      `this is no Debian-like system, so nothing was checked. Needed, by their Debian names: ${wanted.join(' ')}`,
    );
    return 'not checked';
  }
  const missing = wanted.filter((name) => !present.has(name));
  if (missing.length === 0) return `all ${wanted.length} there`;

  report.say(`missing: ${missing.join(' ')}`);
  const prefix = administrator(missing);
  if (!(await agreed()))
    throw new SetupProblem('These packages are needed and were not installed.', aptLine(missing));
  await apt(prefix, missing, report);
  return `${missing.length} installed`;
}

/** The command that a person can copy. */
export const aptLine = (names) =>
  `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;

/** @returns {Set<string> | null} null where there is no dpkg */
function presentPackages(names) {
  const { stdout, error } = spawnSync(
    'dpkg-query',
    ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...names],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  if (error) return null;
  return new Set(
    stdout
      .split('\n')
      .filter((row) => row.endsWith(' installed'))
      .map((row) => row.split(' ')[0]),
  );
}

/** How to become root: nothing when we are, else sudo where it asks nothing or there is somebody to ask. */
function administrator(missing) {
  if (process.getuid?.() === 0) return [];
  const sudo = (args, stdio) => spawnSync('sudo', args, { stdio }).status === 0;
  if (sudo(['-n', 'true'], 'ignore')) return ['sudo', '-n'];
  // Asks for the password now, so that the installation itself can run with its output in a log.
  if (process.stdin.isTTY && sudo(['-v'], 'inherit')) return ['sudo', '-n'];
  throw new SetupProblem(
    'System packages can only be installed by root, and sudo did not work.',
    aptLine(missing),
  );
}

async function agreed() {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = (await lines.question('  Install them now? [Y/n] ')).trim().toLowerCase();
  lines.close();
  return answer === '' || answer.startsWith('y');
}

async function apt(prefix, missing, report) {
  const log = userCache('logs', 'apt.log');
  mkdirSync(join(log, '..'), { recursive: true });
  rmSync(log, { force: true });
  const run = (args) => {
    // `env` because sudo drops variables; the status lines go to descriptor 3, which sudo would close, so only for root.
    const status = prefix.length === 0 ? ['-o', 'APT::Status-Fd=3'] : [];
    const [program, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'LC_ALL=C.UTF-8',
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=300',
      '-o',
      'Dpkg::Use-Pty=0',
      '-o',
      'Acquire::Retries=3',
      ...status,
      ...args,
    ];
    const options = { cwd: ROOT, log, ...(status.length > 0 && { status: (row) => show(row, report) }) };
    return runLogged(program, rest, options);
  };

  report.progress('apt-get update');
  const update = await run(['update']);
  report.progress('apt-get install');
  const install = await run(['install', '-y', '--no-install-recommends', ...missing]);
  if (install.code === 0) return;

  const tail = update.code === 0 ? install.tail : `${update.tail}\n${install.tail}`;
  const unreachable = /Temporary failure resolving|Could not connect|Unable to connect|Failed to fetch/.test(
    tail,
  );
  throw new SetupProblem(
    `apt-get install failed:\n${excerpt(tail)}`,
    unreachable
      ? 'check the network and the mirrors in /etc/apt, then run the command again'
      : `see ${log}, or try: ${aptLine(missing)}`,
  );
}

/** One line of apt's status output: `dlstatus:1:42.7:Retrieving …` or `pmstatus:ffmpeg:81.2:Unpacking …`. */
function show(row, report) {
  const [kind, , percent, text] = row.split(':');
  if (kind !== 'dlstatus' && kind !== 'pmstatus') return;
  report.progress(
    `${kind === 'dlstatus' ? 'downloading' : 'installing'} ${Math.round(Number(percent))} %  ${text ?? ''}`,
  );
}
