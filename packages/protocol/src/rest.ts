import * as z from 'zod';
import { RoomSlug } from './ids.ts';
import { LIMITS } from './limits.ts';

/** HTTP side of joining: `POST /api/v1/meetings/<slug>/tickets` exchanges a link for a ticket of one use. */
export const TicketRequest = z.object({
  /** From an earlier `welcome`: come back as the same peer. */
  resumeKey: z.string().max(LIMITS.token).optional(),
});
export type TicketRequest = z.infer<typeof TicketRequest>;

export const TicketReply = z.object({
  ticket: z.string().max(LIMITS.token),
  /** Milliseconds until the ticket is void. */
  expiresInMs: z.number().int().positive(),
  protocolVersion: z.number().int(),
});
export type TicketReply = z.infer<typeof TicketReply>;

/** `GET /api/v1/meetings/<slug>`: what may be known before entering. */
export const MeetingReply = z.object({
  slug: RoomSlug,
  /** People inside at the moment; 0 when nobody has started it yet. */
  people: z.number().int().min(0),
  full: z.boolean(),
});
export type MeetingReply = z.infer<typeof MeetingReply>;

/** Every error of the HTTP API has this body. */
export const ErrorReply = z.object({
  error: z.object({
    key: z.string().max(32),
    code: z.number().int(),
    message: z.string().max(256),
    detail: z.string().max(1024).optional(),
  }),
});
export type ErrorReply = z.infer<typeof ErrorReply>;
