import { ParleyError } from '@parley/protocol/errors';
import type { TicketReply } from '@parley/protocol/rest';
import { NetworkError, isErrorKey } from './failure.ts';
import { mark } from './marks.ts';
import { isSpent } from './socket.ts';

const TIMEOUT_MS = 8_000;
/** A prefetched ticket that is nearly void is not worth a refused socket. */
const MARGIN_MS = 5_000;

interface Prefetched {
  slug: string;
  at: number;
  reply: Promise<TicketReply>;
}
let prefetched: Prefetched | null = null;

/** Asks for a ticket before anybody needs it; null when that was done already. */
export function prefetchTicket(slug: string): Promise<TicketReply> | null {
  if (prefetched?.slug === slug) return null;
  const reply = carriedTicket(slug) ?? requestTicket(slug, undefined);
  prefetched = { slug, at: Date.now(), reply };
  // The error is reported by whoever takes the ticket; without a taker it is nobody's problem.
  reply.catch(() => undefined);
  return reply;
}

/** A ticket for one socket; a prefetched one where there is one that still holds. */
export async function takeTicket(slug: string, resumeKey: string | undefined): Promise<TicketReply> {
  const early = prefetched;
  prefetched = null;
  if (early && early.slug === slug && resumeKey === undefined) {
    const reply = await early.reply;
    const holds = Date.now() - early.at < reply.expiresInMs - MARGIN_MS;
    if (holds && !isSpent(reply.ticket)) return reply;
  }
  return requestTicket(slug, resumeKey);
}

/** The ticket that came with the page of a link that enters at once; it is good for the meeting of that link. */
function carriedTicket(slug: string): Promise<TicketReply> | null {
  const element = document.querySelector<HTMLMetaElement>('meta[name="parley-ticket"]');
  element?.remove();
  if (!element || location.pathname.replace(/\/$/, '').toLowerCase() !== `/m/${slug}`) return null;
  try {
    const reply = ticketOf(JSON.parse(atob(element.content)));
    mark('ticketSent');
    mark('ticket');
    return Promise.resolve(reply);
  } catch {
    return null;
  }
}

async function requestTicket(slug: string, resumeKey: string | undefined): Promise<TicketReply> {
  mark('ticketSent');
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/api/v1/meetings/${encodeURIComponent(slug)}/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(resumeKey === undefined ? {} : { resumeKey }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.json();
  } catch (error) {
    throw new NetworkError(error);
  }
  if (!response.ok) throw refusal(body);
  mark('ticket');
  return ticketOf(body);
}

/** A proxy in between may answer with anything: what does not look like our error is a network matter. */
function refusal(body: unknown): Error {
  const error = (body as { error?: { key?: unknown; detail?: unknown } } | null)?.error;
  if (!error || !isErrorKey(error.key)) return new NetworkError(body);
  return new ParleyError(error.key, typeof error.detail === 'string' ? error.detail : undefined);
}

/** Checked by hand: this file is part of the first chunk of a page opened by link, the schema library is not. */
function ticketOf(body: unknown): TicketReply {
  const { ticket, expiresInMs, protocolVersion } = (body ?? {}) as Partial<TicketReply>;
  if (typeof ticket !== 'string' || typeof expiresInMs !== 'number' || typeof protocolVersion !== 'number') {
    throw new NetworkError(body);
  }
  return { ticket, expiresInMs, protocolVersion };
}
