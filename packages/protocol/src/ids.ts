import * as z from 'zod';
import { LIMITS } from './limits.ts';
import { SLUG_PATTERN } from './slug.ts';

export { isSlug, SLUG_PATTERN, toSlug } from './slug.ts';

const id = () =>
  z
    .string()
    .min(1)
    .max(LIMITS.id)
    .regex(/^[A-Za-z0-9_-]+$/);

/** A person in one meeting; kept over reconnections. */
export const PeerId = id().brand<'PeerId'>();
export type PeerId = z.infer<typeof PeerId>;

/** One signalling connection of a peer; a new one for every socket. */
export const SessionId = id().brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

export const TransportId = id().brand<'TransportId'>();
export type TransportId = z.infer<typeof TransportId>;

export const ProducerId = id().brand<'ProducerId'>();
export type ProducerId = z.infer<typeof ProducerId>;

export const ConsumerId = id().brand<'ConsumerId'>();
export type ConsumerId = z.infer<typeof ConsumerId>;

export const ChatId = id().brand<'ChatId'>();
export type ChatId = z.infer<typeof ChatId>;

/** Name of a meeting in its link `/m/<slug>`. */
export const RoomSlug = z
  .string()
  .min(LIMITS.slugMin)
  .max(LIMITS.slug)
  .regex(SLUG_PATTERN)
  .brand<'RoomSlug'>();
export type RoomSlug = z.infer<typeof RoomSlug>;
