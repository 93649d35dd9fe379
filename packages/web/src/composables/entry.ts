import { isSlug } from '@parley/protocol/slug';
import { startEarly } from '../call/early.ts';
import type { EnterOptions } from '../call/types.ts';
import { loadCall } from './call-actions.ts';

/** What the address says: `/m/<slug>?name=Guest&join=1&mic=1&cam=1`. */
export interface Entry {
  slug: string;
  /** Enter without the pre-join page. */
  join: boolean;
  name: string | null;
  microphone: boolean;
  camera: boolean;
}

export function readEntry(url: URL): Entry | null {
  const slug = /^\/m\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  if (slug === undefined) return null;
  const query = url.searchParams;
  return {
    slug: slug.toLowerCase(),
    join: query.get('join') === '1',
    name: query.get('name')?.trim() || null,
    microphone: query.get('mic') !== '0',
    camera: query.get('cam') !== '0',
  };
}

export function enterOptions(entry: Entry, fallbackName: string): EnterOptions | null {
  if (!isSlug(entry.slug)) return null;
  return {
    slug: entry.slug,
    name: entry.name ?? fallbackName,
    microphone: entry.microphone,
    camera: entry.camera,
  };
}

/**
 * Called before the application is mounted: by a link with `join=1` the call begins to connect while the page is still
 * being built, for how long it takes from the link to the first face is what people feel most.
 *
 * @returns whether somebody is on the way in
 */
export function enterByLink(url: URL, fallbackName: () => string): boolean {
  const entry = readEntry(url);
  if (!entry || !isSlug(entry.slug)) return false;
  if (!entry.join) {
    loadCall().catch(() => undefined);
    import('../components/prejoin/PreJoin.vue').catch(() => undefined);
    return false;
  }
  startEarly(entry.slug);
  const options = enterOptions(entry, fallbackName());
  if (options)
    loadCall()
      .then((call) => call.enter(options))
      .catch(() => undefined);
  return true;
}
