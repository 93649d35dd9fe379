import * as z from 'zod';
import { ChatId } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { JOINED, clientRequest } from './define.ts';

export const chatMethods = {
  sendChat: clientRequest({
    doc: 'Say something to everybody. It comes back to all, the sender too, as a `chatAdded` event.',
    phases: JOINED,
    capability: 'chat',
    rate: 'chat',
    params: z.object({
      text: z
        .string()
        .max(LIMITS.chatText)
        .refine((text) => text.trim().length > 0, 'empty'),
    }),
    reply: z.object({ id: ChatId }),
  }),
};
