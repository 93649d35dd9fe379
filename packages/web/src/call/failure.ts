import { ERRORS, ParleyError, errorKeyOf, type ErrorKey } from '@parley/protocol/errors';
import type { CallFailure } from './types.ts';

/** The server was not reached at all; there is no number for that in the protocol's table. */
export class NetworkError extends Error {
  constructor(cause?: unknown) {
    super('The server cannot be reached.', { cause });
    this.name = 'NetworkError';
  }
}

/** Coming back by itself is pointless or unwanted after these; a person may still press "try again" on some. */
const FINAL: Partial<Record<ErrorKey, { retry: boolean }>> = {
  NOT_ALLOWED: { retry: false },
  MEETING_ENDED: { retry: false },
  REPLACED: { retry: true },
  INVALID_SLUG: { retry: false },
  NOT_FOUND: { retry: false },
  ORIGIN_REFUSED: { retry: false },
  VERSION_MISMATCH: { retry: true },
  UNSUPPORTED_MEDIA: { retry: false },
  BAD_REQUEST: { retry: true },
  UNKNOWN_METHOD: { retry: true },
};

/** Waiting does not help a person who has not been inside yet; a person who holds a seat keeps trying. */
const FINAL_AT_THE_DOOR: readonly ErrorKey[] = ['MEETING_FULL', 'SERVER_FULL'];

/** The failure to show, or null when another attempt should be made without asking. */
export function finalFailure(error: unknown, everJoined: boolean): CallFailure | null {
  if (error instanceof Error && error.name === 'UnsupportedError') {
    return { key: 'UNSUPPORTED_BROWSER', retry: false };
  }
  if (!(error instanceof ParleyError)) return null;
  const final = FINAL[error.key];
  if (final) return { key: error.key, retry: final.retry };
  if (!everJoined && FINAL_AT_THE_DOOR.includes(error.key)) return { key: error.key, retry: true };
  return null;
}

/** What to show when the first way in was tried often enough. */
export function givingUp(error: unknown): CallFailure {
  return { key: error instanceof ParleyError ? error.key : 'NETWORK', retry: true };
}

/** Turns what protoo rejects with into the error of the table. */
export function fromProtoo(error: unknown): Error {
  if (error instanceof ParleyError || error instanceof NetworkError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'number') return new ParleyError(errorKeyOf(code), messageOf(error));
  const message = messageOf(error);
  if (message === 'request timeout') return new ParleyError('TIMEOUT');
  return new ParleyError('CLOSED', message);
}

export function isErrorKey(key: unknown): key is ErrorKey {
  return typeof key === 'string' && Object.hasOwn(ERRORS, key);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
