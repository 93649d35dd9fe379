import { setUpThenRun } from './setup/then-run.mjs';

// npm start [-- arguments of the server]
await setUpThenRun('start', 'packages/sfu/src/main.ts', process.argv.slice(2));
