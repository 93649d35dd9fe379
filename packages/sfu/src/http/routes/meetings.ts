import { Router, json } from 'express';
import type { MeetingReply } from '@parley/protocol';
import { LIMITS, ParleyError, RoomSlug, TicketRequest } from '@parley/protocol';
import { validate } from '../../lib/validate.ts';
import type { Registry } from '../../room/registry.ts';
import type { TicketOffice } from '../ticket-office.ts';

/** What a page needs before it can open the signalling socket. */
export function meetingRoutes(registry: Registry, office: TicketOffice): Router {
  const router = Router();

  router.get('/:slug', (request, response) => {
    const slug = slugOf(request.params.slug);
    const room = registry.find(slug);
    const body: MeetingReply = { slug, people: room?.size ?? 0, full: room?.full ?? false };
    response.set('Cache-Control', 'no-store').json(body);
  });

  router.post('/:slug/tickets', json({ limit: LIMITS.bodyBytes }), async (request, response) => {
    const slug = slugOf(request.params.slug);
    const body = validate(TicketRequest, request.body ?? {});
    if (!body.ok) throw new ParleyError('BAD_REQUEST');
    const reply = await office.issue(response.locals.address as string, slug, body.data.resumeKey);
    response.set('Cache-Control', 'no-store').status(201).json(reply);
  });

  return router;
}

function slugOf(value: unknown): RoomSlug {
  const parsed = RoomSlug.safeParse(value);
  if (!parsed.success) throw new ParleyError('INVALID_SLUG');
  return parsed.data;
}
