import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/**
 * Runs a program with its output in a log file instead of on the screen.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log: string, status?: (line: string) => void }} options
 *   `status` gets the lines that the program writes to its file descriptor 3
 * @returns {Promise<{ code: number | null, tail: string }>} exit code (null: killed or not startable) and the last lines
 */
export function runLogged(program, args, { cwd, env, log, status }) {
  return new Promise((settle) => {
    const file = createWriteStream(log, { flags: 'a' });
    file.write(`$ ${[program, ...args].join(' ')}\n`);
    let tail = '';
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', status ? 'pipe' : 'ignore'],
    });
    const take = (chunk) => {
      file.write(chunk);
      tail = (tail + chunk).slice(-6000);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    if (status) {
      let rest = '';
      child.stdio[3]?.on('data', (chunk) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        lines.forEach(status);
      });
    }
    const end = (code) => file.end(() => settle({ code, tail }));
    child.once('error', (error) => {
      take(`${error.message}\n`);
      end(null);
    });
    child.once('close', end);
  });
}

/** The last lines of a log, indented, for the screen; call stacks and npm's side remarks say nothing there. */
export function excerpt(tail, count = 12) {
  return stripVTControlCharacters(tail)
    .trimEnd()
    .split('\n')
    .filter((each) => each.trim() && !/^(\s+at |npm (notice|warn) )/.test(each))
    .slice(-count)
    .map((each) => `    ${each}`)
    .join('\n');
}
