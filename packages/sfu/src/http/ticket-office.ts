import type { PeerId, RoomSlug, TicketReply } from '@parley/protocol';
import { PROTOCOL_VERSION, ParleyError } from '@parley/protocol';
import type { Tickets } from '../auth/tickets.ts';
import type { KeyedBuckets, Rate } from '../lib/token-bucket.ts';
import type { Registry } from '../room/registry.ts';

export interface TicketOfficeOptions {
  readonly registry: Registry;
  readonly tickets: Tickets;
  readonly newId: () => string;
  readonly buckets: KeyedBuckets;
  /** Tickets that one address may have. */
  readonly rate: Rate;
}

/** Who may have a ticket; asked by the API and by the page of a link that enters at once. */
export class TicketOffice {
  readonly #options: TicketOfficeOptions;

  constructor(options: TicketOfficeOptions) {
    this.#options = options;
  }

  /** @throws ParleyError TOO_MANY_ATTEMPTS, MEETING_FULL */
  async issue(address: string, slug: RoomSlug, resumeKey?: string): Promise<TicketReply> {
    const { registry, tickets, newId, buckets, rate } = this.#options;
    if (!buckets.take(address, rate)) throw new ParleyError('TOO_MANY_ATTEMPTS');
    const again = resumeKey === undefined ? null : await tickets.resume(resumeKey, slug);
    const room = registry.find(slug);
    if (room?.full && !(again && room.peer(again.peerId))) throw new ParleyError('MEETING_FULL');
    const ticket = await tickets.issue(again ?? { slug, peerId: newId() as PeerId, role: 'participant' });
    return { ticket, expiresInMs: tickets.lifetimeMs, protocolVersion: PROTOCOL_VERSION };
  }
}
