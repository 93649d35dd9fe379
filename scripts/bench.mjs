import { setUpThenRun } from './setup/then-run.mjs';

// npm run bench:<name> [-- arguments of the benchmark]
const [name, ...args] = process.argv.slice(2);
await setUpThenRun('test', `test/bench/${name}.ts`, args);
