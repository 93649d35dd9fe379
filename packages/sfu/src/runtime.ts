import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger };

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** Ids of 128 random bits, url-safe. */
export function randomId(): string {
  return randomBytes(16).toString('base64url');
}

/** One JSON object per line on stderr (stdout is for the few lines that people read); addresses and names of people are logged at `debug` only. */
export function createLogger(level: string): Logger {
  const options = {
    level,
    base: { app: 'parley' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['ticket', 'resumeKey', 'secret', '*.ticket', '*.resumeKey'], censor: '(hidden)' },
  };
  return pino(options, pino.destination(2));
}

/** A problem of the installation or the configuration: told in one line, without a stack, exit code 1. */
export class StartupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartupError';
  }
}
