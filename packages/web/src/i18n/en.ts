import { call } from './en/call.ts';
import { error, problem } from './en/errors.ts';
import { pages } from './en/pages.ts';

export const en = { ...pages, ...call, error, problem };

/** Shape that every language has to fill. */
export type Messages = typeof en;
