import { networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';
import { startApp } from './app.ts';
import { loadConfig, printableConfig } from './config.ts';
import type { Config } from './config.ts';
import { StartupError, createLogger } from './runtime.ts';

/** Arguments, configuration, signals; nothing else. */
try {
  await main();
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`Parley cannot start: ${error.message}\n`);
  // Not by itself: a worker that says nothing would keep the process alive.
  process.exit(1);
}

async function main(): Promise<void> {
  const { selfSigned, printConfig } = readArguments();
  const config = loadConfig(
    process.env,
    selfSigned ? { tlsSelfSigned: true } : {},
    // A person at a terminal wants to read what matters; a log collector gets everything.
    process.stderr.isTTY ? { logLevel: 'warn' } : {},
  );
  if (printConfig) {
    process.stdout.write(`${JSON.stringify(printableConfig(config), null, 2)}\n`);
    return;
  }
  const logger = createLogger(config.logLevel);
  process.on('unhandledRejection', (reason) => logger.error({ err: reason }, 'unhandled rejection'));
  const app = await startApp(config, logger, process.env);
  announce(config, app);

  let asked = 0;
  const stop = (signal: NodeJS.Signals) => {
    asked += 1;
    if (asked > 1) process.exit(1);
    logger.info({ signal }, 'going down');
    void app.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function readArguments(): { selfSigned: boolean; printConfig: boolean } {
  try {
    const { values } = parseArgs({
      options: { 'self-signed': { type: 'boolean' }, 'print-config': { type: 'boolean' } },
    });
    return { selfSigned: values['self-signed'] ?? false, printConfig: values['print-config'] ?? false };
  } catch (error) {
    throw new StartupError(
      `${error instanceof Error ? error.message : String(error)}. Known: --self-signed, --print-config.`,
    );
  }
}

function announce(config: Config, { port, https }: { port: number; https: boolean }): void {
  const scheme = https ? 'https' : 'http';
  process.stdout.write(`Parley is ready: ${scheme}://localhost:${port}\n`);
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  if (config.host !== '::' || address === undefined || config.trustedProxies > 0) return;
  process.stdout.write(
    https
      ? `On this network:  https://${address}:${port} (browsers will ask to accept the certificate once)\n`
      : `For others on this network, start with "npm start -- --self-signed": browsers give cameras to https only.\n`,
  );
}
