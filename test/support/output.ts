import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Path under `test-output/`, where logs, screenshots and measured figures are kept; its folder is made. */
export function outputPath(...parts: string[]): string {
  const path = join(ROOT, 'test-output', ...parts);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** Prints a measured figure so that it stands out in the log of a run. */
export function measured(what: string, value: string | number | object): void {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  process.stdout.write(`  measured  ${what}: ${text}\n`);
}
