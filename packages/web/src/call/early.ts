import { prefetchTicket } from './ticket.ts';

/**
 * For pages that are opened by link with `join=1`: fetches the ticket, the call code and the browser's capabilities at
 * the same time, before the application is mounted. Small enough for the first chunk; safe to call twice.
 */
export function startEarly(slug: string): void {
  prefetchTicket(slug);
  import('./warm.ts').then(({ warmUp }) => warmUp()).catch(() => undefined);
}
