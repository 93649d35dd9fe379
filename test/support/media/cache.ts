import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of generated media, per user; never part of the repository. */
export function mediaCache(): string {
  const base = process.env['XDG_CACHE_HOME'] || join(process.env['HOME'] || homedir(), '.cache');
  const folder = join(base, 'parley', 'test-media');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Path of a generated file; `make` is called with a temporary path when it is not there yet. The name carries a hash of all
 * parameters, so a changed generator never meets an old file.
 */
export async function cached(
  name: string,
  extension: string,
  parameters: unknown,
  make: (path: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(parameters)).digest('hex').slice(0, 12);
  const path = join(mediaCache(), `${name}-${hash}.${extension}`);
  if (existsSync(path)) return path;
  const part = join(mediaCache(), `${name}-${hash}-${process.pid}.part.${extension}`);
  try {
    await make(part);
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
  return path;
}
