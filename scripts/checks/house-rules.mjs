import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { problemsOf } from './house-rules-of-a-file.mjs';

// Rules that no linter knows: short files, no loose ends, nothing of one machine in the repository.

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path && existsSync(join(ROOT, path)));

const problems = files.flatMap((path) => problemsOf(path, () => readFileSync(join(ROOT, path), 'utf8')));
problems.forEach((problem) => process.stdout.write(`${problem}\n`));
process.exitCode = problems.length > 0 ? 1 : 0;
