// Child processes of the build: their output goes to a log file, they end when we end.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(line: string) => void} [options.onLine] gets each line of both output streams
 * @param {number} [options.timeoutMs] after which the command is killed
 * @returns {Promise<{ code: number | null, error?: Error }>} never rejects; `error` when it could not be started
 */
export function run(command, args, { cwd, env = process.env, onLine = () => {}, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      // Messages are read by us and by whoever gets the log: one language.
      env: { ...env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });

    // Without this a terminated set-up would leave the compilers running with nobody waiting for the result.
    const onSignal = (signal) => {
      child.kill(signal);
      stopListening();
      process.kill(process.pid, signal);
    };
    const onExit = () => child.kill();
    const stopListening = () => {
      endingSignals.forEach((signal) => process.off(signal, onSignal));
      process.off('exit', onExit);
    };

    endingSignals.forEach((signal) => process.on(signal, onSignal));
    process.on('exit', onExit);

    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', onLine);
    }

    child.once('error', (error) => {
      stopListening();
      resolve({ code: null, error });
    });
    child.once('close', (code) => {
      stopListening();
      resolve({ code });
    });
  });
}

/** Exit code of a worker that was started by hand, without the version that mediasoup gives it (see main.cpp). */
const startedByHand = 41;

/**
 * Whether a binary is a mediasoup-worker that runs on this machine, and if not, why.
 * Upstream's own test: missing libraries or a foreign processor give any other code.
 * @param {string} path
 * @returns {Promise<string | null>} null if it runs, else the reason
 */
export async function whyNotRunnable(path) {
  const lines = [];
  const { code, error } = await run(path, [], {
    env: {},
    onLine: (line) => lines.push(line),
    timeoutMs: 10_000,
  });

  if (error) {
    return error.code === 'EACCES'
      ? 'it is not executable'
      : `it does not start (${error.code ?? error.message})`;
  }

  if (code === startedByHand) {
    return null;
  }

  return `it is no working mediasoup-worker (exit code ${code}${lines[0] ? `: ${lines[0]}` : ''})`;
}
