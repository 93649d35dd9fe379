import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve, sep } from 'node:path';
import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Node 24 from the npm package `node`: runs everything but the set-up itself. */
export const NODE_24 = join(ROOT, 'node_modules', '.bin', 'node');

/** Short name of this checkout, for files that several checkouts of one user must not share. */
export const CHECKOUT = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);

/** Per-user folder that survives `npm ci`; the temporary folder where the home folder cannot be written. */
export function userCache(...parts) {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  for (const candidate of [join(base, 'parley'), join(tmpdir(), `parley-${process.getuid?.() ?? 'user'}`)]) {
    try {
      mkdirSync(join(candidate, ...parts.slice(0, -1)), { recursive: true });
      accessSync(candidate, constants.W_OK);
      return join(candidate, ...parts);
    } catch {
      continue;
    }
  }
  return join(tmpdir(), parts.at(-1) ?? 'parley');
}

/**
 * PATH without this checkout's node_modules/.bin, which npm puts first: `npm ci` removes that folder, so neither npm nor
 * the Node that runs it may come from there.
 */
export function hostPath() {
  const own = join(ROOT, 'node_modules') + sep;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder && !resolve(folder).startsWith(own))
    .join(delimiter);
}
