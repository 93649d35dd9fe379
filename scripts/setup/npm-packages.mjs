import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { excerpt, runLogged } from './command.mjs';
import { NODE_24, ROOT, hostPath, userCache } from './paths.mjs';
import { SetupProblem } from './problem.mjs';

/**
 * Brings node_modules to what package-lock.json says. Development packages belong to it always: the web client is built
 * on the machine that serves it, and types and rules are worth having there too.
 *
 * No package may run install scripts here: mediasoup's would download (the worker step does that better) and the others
 * only compile what is not needed. The one that must run is that of `node`, which fetches the Node 24 binary.
 */
export async function installNpmPackages(report) {
  const lock = readJson('package-lock.json');
  if (!lock) throw new SetupProblem('package-lock.json is missing.', 'git checkout package-lock.json');
  const missing = difference(lock.packages, readJson('node_modules/.package-lock.json')?.packages ?? {});
  const count = Object.entries(lock.packages).filter(
    ([key, entry]) => isTopLevel(key) && !entry.optional,
  ).length;

  if (missing.length > 0) {
    const some =
      missing.length < 4
        ? missing.map((key) => key.replace(/^.*node_modules\//, '')).join(', ')
        : missing.length;
    report.say(
      existsSync(join(ROOT, 'node_modules')) ? `npm ci (changed: ${some})` : `npm ci (${count} packages)`,
    );
    await npmCi(report, count);
  }
  if (!existsSync(NODE_24)) {
    report.progress('fetching Node 24');
    await fetchNode24();
  }
  return missing.length > 0 ? `${count} packages installed` : 'up to date';
}

/**
 * Which packages of the lock file are not installed in that version. npm keeps its own record of what it has put into
 * node_modules as the last thing it does, so an interrupted installation counts as missing.
 */
export function difference(wanted, present) {
  return Object.entries(wanted)
    .filter(([key, entry]) => {
      if (!isInstalled(key)) return false;
      const there = present[key];
      if (!there) return !entry.optional && !entry.devOptional;
      return there.version !== entry.version;
    })
    .map(([key]) => key);
}

const isTopLevel = (key) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(key);
const isInstalled = (key) => key.startsWith('node_modules/') || key.includes('/node_modules/');

function readJson(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
  } catch {
    return null;
  }
}

/** npm's own settings of the outer `npm start` (prefix, workspace, script shell) must not reach an inner npm. */
function cleanEnvironment() {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(lifecycle|package|command|config_(global|local)_prefix)/i.test(name),
    ),
  );
  delete env['npm_config_ignore_scripts'];
  return { ...env, PATH: hostPath(), NODE_ENV: '' };
}

async function npmCi(report, count) {
  const log = freshLog('npm-ci.log');
  const watch = setInterval(
    () => report.progress(`${Math.min(countPackages(), count)} of ${count} packages`),
    1000,
  );
  report.progress('reading the lock file');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { code, tail } = await runLogged('npm', args, { cwd: ROOT, env: cleanEnvironment(), log });
  clearInterval(watch);
  if (code !== 0) throw npmProblem('npm ci', tail, log);
}

async function fetchNode24() {
  const log = freshLog('npm-node.log');
  const folder = join(ROOT, 'node_modules', 'node');
  const { code, tail } = await runLogged('node', ['installArchSpecificPackage.js'], {
    cwd: folder,
    env: { ...cleanEnvironment(), npm_config_audit: 'false', npm_config_fund: 'false' },
    log,
  });
  // npm has found nothing to link to when it unpacked the package.
  if (code === 0 && !existsSync(NODE_24)) symlinkSync(join('..', 'node', 'bin', 'node'), NODE_24);
  if (code !== 0 || !existsSync(NODE_24)) throw npmProblem('fetching Node 24 with npm', tail, log);
}

function freshLog(name) {
  const log = userCache('logs', name);
  mkdirSync(join(log, '..'), { recursive: true });
  rmSync(log, { force: true });
  return log;
}

/** Packages unpacked so far: npm makes all folders first and fills them as the archives come in. */
function countPackages() {
  let count = 0;
  const visit = (folder, scoped) => {
    let names;
    try {
      names = readdirSync(folder);
    } catch {
      return;
    }
    for (const name of names) {
      if (name.startsWith('.')) continue;
      if (!scoped && name.startsWith('@')) visit(join(folder, name), true);
      else if (existsSync(join(folder, name, 'package.json'))) count += 1;
    }
  };
  visit(join(ROOT, 'node_modules'), false);
  return count;
}

const CAUSES = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH/,
    'check the network, or name your proxy or mirror: npm config set proxy|registry <address>',
  ],
  [
    /UNABLE_TO_GET_ISSUER_CERT|SELF_SIGNED_CERT|CERT_/,
    'tell npm your certificate authority: npm config set cafile <file.pem>',
  ],
  [/ENOSPC/, 'make room on the disk'],
  [/EACCES|EPERM|EROFS/, 'make the folder of the repository writable for this user'],
  [
    /can only install packages when your package\.json/,
    'run `npm install --ignore-scripts` to bring the lock file in step',
  ],
  [/E40[134]/, 'the registry refused a package: check `npm config get registry` and your access to it'],
];

function npmProblem(what, tail, log) {
  const fix =
    CAUSES.find(([pattern]) => pattern.test(tail))?.[1] ?? `read the log and run the command again: ${log}`;
  return new SetupProblem(`${what} failed:\n${excerpt(tail)}`, fix);
}
