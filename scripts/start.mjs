import { spawn } from 'node:child_process';
import { setUpOrExit } from './setup/main.mjs';
import { NODE_24, ROOT } from './setup/paths.mjs';

// npm start [-- arguments of the server]: sets up what is missing, then is the server.
await setUpOrExit('start');

const server = spawn(NODE_24, ['packages/sfu/src/main.ts', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});

// At a terminal Ctrl-C reaches the server without us, and a second one would cut its farewell short.
process.on('SIGINT', () => process.stdin.isTTY || server.kill('SIGINT'));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));

server.once('error', (error) => {
  process.stderr.write(`Error: the server could not be started: ${error.message}\n`);
  process.exit(1);
});
server.once('exit', (code, signal) => {
  if (!signal) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
