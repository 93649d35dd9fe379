import * as z from 'zod';
import { LIMITS } from './limits.ts';

const id = () => z.string().min(1).max(LIMITS.id).regex(/^[A-Za-z0-9_-]+$/);

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

/** Name of a meeting in its link `/m/<slug>`: lower-case letters, digits and single inner hyphens. */
export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const RoomSlug = z.string().min(LIMITS.slugMin).max(LIMITS.slug).regex(SLUG_PATTERN).brand<'RoomSlug'>();
export type RoomSlug = z.infer<typeof RoomSlug>;

/** Turns what a person typed into a slug, or null when nothing usable is left. */
export function toSlug(text: string): RoomSlug | null {
  const slug = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LIMITS.slug)
    .replace(/-+$/, '');
  const parsed = RoomSlug.safeParse(slug);
  return parsed.success ? parsed.data : null;
}
