import { chatHandlers } from './chat.ts';
import { sessionHandlers } from './session.ts';
import { trackHandlers } from './track.ts';
import { transportHandlers } from './transport.ts';
import type { Handlers } from './types.ts';

export const HANDLERS: Handlers = {
  ...sessionHandlers,
  ...transportHandlers,
  ...trackHandlers,
  ...chatHandlers,
};
