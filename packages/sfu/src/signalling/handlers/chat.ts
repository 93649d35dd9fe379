import type { Handlers } from './types.ts';
import { peerOf } from './types.ts';

export const chatHandlers: Pick<Handlers, 'sendChat'> = {
  sendChat(session, { text }) {
    return { id: session.room.say(peerOf(session), text.trim()) };
  },
};
