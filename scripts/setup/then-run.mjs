import { spawn } from 'node:child_process';
import { setUpOrExit } from './main.mjs';
import { NODE_24, ROOT } from './paths.mjs';

/**
 * Sets up what is missing, then is the given program under Node 24: output, signals and exit code are those of the program.
 *
 * @param {'code' | 'worker' | 'start' | 'test'} purpose
 * @param {string} script path from the root of the repository
 * @param {string[]} args
 */
export async function setUpThenRun(purpose, script, args) {
  await setUpOrExit(purpose);
  const program = spawn(NODE_24, [script, ...args], { cwd: ROOT, stdio: 'inherit' });

  // At a terminal Ctrl-C reaches the program without us, and a second one would cut its farewell short.
  process.on('SIGINT', () => process.stdin.isTTY || program.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => program.kill(signal));

  program.once('error', (error) => {
    process.stderr.write(`Error: ${script} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  program.once('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
