import type { RoomSlug } from './ids.ts';
import { LIMITS } from './limits.ts';

/**
 * Names of meetings, apart from the schemas, because the landing page needs them before anything else is loaded.
 *
 * A name in a link `/m/<slug>` has lower-case letters, digits and single inner hyphens.
 */
export const SLUG_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function isSlug(text: string): text is RoomSlug {
  return text.length >= LIMITS.slugMin && text.length <= LIMITS.slug && SLUG_PATTERN.test(text);
}

/** Turns what a person typed into a slug, or null when nothing usable is left. */
export function toSlug(text: string): RoomSlug | null {
  const slug = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LIMITS.slug)
    .replace(/-+$/, '');
  return isSlug(slug) ? slug : null;
}
