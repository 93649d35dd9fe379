import { Router, json } from 'express';
import type { PeerId, MeetingReply, TicketReply } from '@parley/protocol';
import { LIMITS, PROTOCOL_VERSION, ParleyError, RoomSlug, TicketRequest } from '@parley/protocol';
import type { Tickets } from '../../auth/tickets.ts';
import type { KeyedBuckets, Rate } from '../../lib/token-bucket.ts';
import type { Registry } from '../../room/registry.ts';

export interface MeetingRouteOptions {
  readonly registry: Registry;
  readonly tickets: Tickets;
  readonly newId: () => string;
  readonly buckets: KeyedBuckets;
  readonly rate: Rate;
}

/** What a page needs before it can open the signalling socket. */
export function meetingRoutes({ registry, tickets, newId, buckets, rate }: MeetingRouteOptions): Router {
  const router = Router();

  router.get('/:slug', (request, response) => {
    const slug = slugOf(request.params.slug);
    const room = registry.find(slug);
    const body: MeetingReply = { slug, people: room?.size ?? 0, full: room?.full ?? false };
    response.set('Cache-Control', 'no-store').json(body);
  });

  router.post('/:slug/tickets', json({ limit: LIMITS.bodyBytes }), async (request, response) => {
    if (!buckets.take(response.locals.address as string, rate)) throw new ParleyError('TOO_MANY_ATTEMPTS');
    const slug = slugOf(request.params.slug);
    const body = TicketRequest.safeParse(request.body ?? {});
    if (!body.success) throw new ParleyError('BAD_REQUEST');
    const { resumeKey } = body.data;
    const again = resumeKey === undefined ? null : await tickets.resume(resumeKey, slug);
    const room = registry.find(slug);
    if (room?.full && !(again && room.peer(again.peerId))) throw new ParleyError('MEETING_FULL');
    const ticket = await tickets.issue(again ?? { slug, peerId: newId() as PeerId, role: 'participant' });
    const reply: TicketReply = { ticket, expiresInMs: tickets.lifetimeMs, protocolVersion: PROTOCOL_VERSION };
    response.set('Cache-Control', 'no-store').status(201).json(reply);
  });

  return router;
}

function slugOf(value: unknown): RoomSlug {
  const parsed = RoomSlug.safeParse(value);
  if (!parsed.success) throw new ParleyError('INVALID_SLUG');
  return parsed.data;
}
