import { isSlug } from '@parley/protocol/slug';
import { startEarly } from './call/early.ts';
import { readEntry } from './composables/entry.ts';

// A script of its own, named in the page only for links that enter at once: it is there long before the application, and
// the socket is open by the time the application has been read.
const entry = readEntry(new URL(location.href));
if (entry?.join && isSlug(entry.slug)) startEarly(entry.slug);
