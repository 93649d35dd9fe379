// The source of libsrtp 2, from the distribution itself. Debian's binary package is built on NSS, which needs up to
// four times the processor time for each packet; the same source on OpenSSL does not (figures in README.md).
//
// The machine's own apt configuration does not change: apt runs on a private one, made from it, in which the same
// mirrors with the same keys are asked for sources instead of packages. It needs no root.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

const sourcePackage = 'libsrtp2';

/**
 * @param {{ folder: string, write: (line: string) => void }} options folder: private, emptied by the caller;
 *   write: gets what apt prints
 * @returns {Promise<{ dir: string } | { refused: string }>}
 */
export async function fetchLibsrtp({ folder, write }) {
  const sources = await sourceEntries();

  if (!sources) {
    return { refused: 'no Debian mirror is configured' };
  }

  const aptHome = join(folder, 'apt');
  const parts = join(aptHome, 'sources');
  const target = join(folder, 'source');

  await mkdir(parts, { recursive: true });
  await mkdir(join(aptHome, 'lists', 'partial'), { recursive: true });
  await mkdir(join(aptHome, 'cache', 'archives', 'partial'), { recursive: true });
  await mkdir(target);
  await writeFile(join(parts, 'parley.sources'), sources);

  const config = join(aptHome, 'apt.conf');

  await writeFile(config, await privateConfig({ aptHome, parts }));

  const env = { ...process.env, APT_CONFIG: config };

  for (const args of [['update'], ['source', sourcePackage]]) {
    const { code, error } = await run('apt-get', args, { cwd: target, env, onLine: write });

    if (code !== 0) {
      return { refused: error ? 'apt-get cannot be started' : `apt-get ${args.join(' ')} failed` };
    }
  }

  const unpacked = (await readdir(target, { withFileTypes: true })).find((entry) => entry.isDirectory());
  const dir = unpacked && join(target, unpacked.name);

  return dir && existsSync(join(dir, 'CMakeLists.txt'))
    ? { dir }
    : { refused: `the source of ${sourcePackage} has another form than expected` };
}

/**
 * The machine's configuration (proxies, credentials, time-outs), without the hooks, which touch the system's own
 * folders, and with every folder that apt writes to replaced.
 */
async function privateConfig({ aptHome, parts }) {
  const lines = [];

  await run('apt-config', ['dump'], { onLine: (line) => lines.push(line) });

  return [
    ...lines.filter((line) => !/^(APT::Update::(Pre|Post)-Invoke|DPkg::|Dir)/i.test(line)),
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    'Acquire::Retries "1";',
    // The unprivileged user to which apt changes as root cannot write to a home folder.
    'APT::Sandbox::User "root";',
    // The two places from which apt would otherwise add the machine's configuration again.
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    'Dir::Etc::sourcelist "/dev/null";',
    `Dir::Etc::sourceparts "${parts}";`,
    `Dir::State::lists "${join(aptHome, 'lists')}";`,
    `Dir::Cache "${join(aptHome, 'cache')}";`,
    '',
  ].join('\n');
}

/** The machine's own Debian mirrors as deb-src entries, or null if there are none. */
async function sourceEntries() {
  const codename = /^VERSION_CODENAME="?([\w-]+)/m.exec(await readText('/etc/os-release'))?.[1];

  if (!codename) {
    return null;
  }

  // Point releases and security updates; other archives (third parties, backports) have names of their own.
  const suites = new Set([codename, `${codename}-security`]);
  const files = ['/etc/apt/sources.list'];

  for (const name of await readdir('/etc/apt/sources.list.d').catch(() => [])) {
    files.push(join('/etc/apt/sources.list.d', name));
  }

  const entries = [];

  for (const file of files) {
    const text = await readText(file);

    entries.push(...(file.endsWith('.sources') ? fromStanzas(text, suites) : fromLines(text, suites)));
  }

  return entries.length > 0 ? `${[...new Set(entries)].join('\n')}` : null;
}

/** The newer format: paragraphs of fields, of which a value may go on in indented lines (a key, for instance). */
export function fromStanzas(text, suites) {
  const entries = [];

  for (const stanza of text.replace(/^#.*\n?/gm, '').split(/\n\s*\n/)) {
    const fields = new Map();

    for (const [, name, value] of stanza.matchAll(/^([\w-]+):[ \t]*((?:.*)(?:\n[ \t].*)*)/gm)) {
      fields.set(name.toLowerCase(), value.trimEnd());
    }

    const wanted = words(fields.get('suites')).filter((suite) => suites.has(suite));
    const usable =
      words(fields.get('types')).includes('deb') && fields.get('enabled')?.toLowerCase() !== 'no';

    if (usable && wanted.length > 0 && words(fields.get('components')).includes('main')) {
      entries.push(entry(fields.get('uris'), wanted, fields.get('signed-by'), fields.get('trusted')));
    }
  }

  return entries;
}

/** The older format: deb [options] uri suite components. */
export function fromLines(text, suites) {
  const entries = [];

  for (const [, options = '', uri, suite, components] of text.matchAll(
    /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/gm,
  )) {
    if (suites.has(suite) && words(components).includes('main')) {
      const option = (name) => new RegExp(`(?:^|\\s)${name}=(\\S+)`, 'i').exec(options)?.[1];

      entries.push(entry(uri, [suite], option('signed-by')?.replaceAll(',', ' '), option('trusted')));
    }
  }

  return entries;
}

function entry(uris, suites, signedBy, trusted) {
  return [
    'Types: deb-src',
    `URIs: ${uris}`,
    `Suites: ${suites.join(' ')}`,
    'Components: main',
    // A key that is given in full begins on the next line.
    ...(signedBy ? [`Signed-By:${signedBy.startsWith('\n') ? '' : ' '}${signedBy}`] : []),
    ...(trusted ? [`Trusted: ${trusted}`] : []),
    '',
    '',
  ].join('\n');
}

function words(value = '') {
  return value.split(/\s+/).filter(Boolean);
}

function readText(file) {
  return readFile(file, 'utf8').catch(() => '');
}
