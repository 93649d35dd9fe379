import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { excerpt, runLogged } from './command.mjs';
import { NODE_24, ROOT, userCache } from './paths.mjs';
import { SetupProblem } from './problem.mjs';

const SOURCES = ['packages/web', 'packages/protocol', 'package-lock.json', 'tsconfig.json'];
const NOT_SOURCES = new Set(['node_modules', 'dist', '.vite']);
const STAMP = join(ROOT, 'node_modules', '.cache', 'parley', 'web-client.json');
const RESULT = join(ROOT, 'packages', 'web', 'dist', 'index.html');

/** Builds the web client with Vite when a source has changed since the last build. */
export async function buildWebClient(report) {
  const files = sourceFiles();
  const known = readStamp();
  const outline = outlineOf(files);
  const ready = existsSync(RESULT);
  // Sizes and times are enough to see that nothing was touched; content decides when something was (a `git checkout`).
  if (ready && known?.outline === outline) return 'up to date';
  const content = contentOf(files);
  if (ready && known?.content === content) {
    writeStamp({ outline, content });
    return 'up to date';
  }

  report.progress('vite build');
  rmSync(STAMP, { force: true });
  const log = userCache('logs', 'web-client.log');
  mkdirSync(join(log, '..'), { recursive: true });
  rmSync(log, { force: true });
  const { code, tail } = await runLogged(NODE_24, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build'], {
    cwd: join(ROOT, 'packages', 'web'),
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    log,
  });
  if (code !== 0) {
    throw new SetupProblem(
      `Building the web client failed:\n${excerpt(tail)}`,
      `mend what the lines above name; all output is in ${log}`,
    );
  }
  writeStamp({ outline, content });
  return 'built';
}

function sourceFiles() {
  const found = [];
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isFile()) {
      found.push({ path: relative(ROOT, path), size: stat.size, at: stat.mtimeMs });
      return;
    }
    for (const name of readdirSync(path)) {
      if (!NOT_SOURCES.has(name) && !/\.test\.ts$/.test(name)) visit(join(path, name));
    }
  };
  for (const each of SOURCES) visit(join(ROOT, each));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const outlineOf = (files) =>
  digest((hash) => files.forEach((f) => hash.update(`${f.path} ${f.size} ${f.at}\n`)));

const contentOf = (files) =>
  digest((hash) =>
    files.forEach((f) =>
      hash
        .update(`${f.path}\0`)
        .update(readFileSync(join(ROOT, f.path)))
        .update('\0'),
    ),
  );

function digest(feed) {
  const hash = createHash('sha256');
  feed(hash);
  return hash.digest('hex');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return null;
  }
}

function writeStamp(stamp) {
  mkdirSync(join(STAMP, '..'), { recursive: true });
  writeFileSync(STAMP, JSON.stringify(stamp));
}
