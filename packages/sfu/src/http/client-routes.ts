import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { ParleyError, RoomSlug } from '@parley/protocol';
import type { TicketReply } from '@parley/protocol';
import type { ClientFiles } from './client-files.ts';
import { contentSecurityPolicy } from './security.ts';
import type { TicketOffice } from './ticket-office.ts';

/** Serves the built client: its files, and the page for every other address (the page knows its own routes). */
export function clientRoutes(files: ClientFiles, office: TicketOffice): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      next();
      return;
    }
    const file = files.find(request.path);
    if (file) {
      response.type(file.type).set({
        ETag: file.etag,
        Vary: 'Accept-Encoding',
        'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      const encoding = request.acceptsEncodings('br', 'gzip');
      const packed =
        encoding === 'br' || encoding === 'gzip' ? files.compressed(request.path, file, encoding) : null;
      if (packed && encoding) response.set('Content-Encoding', encoding);
      response.send(packed ?? file.body);
      return;
    }
    // A missing script must be an error, not a page that the browser then refuses as a script.
    if (request.path.startsWith('/assets/') || /\.[a-z0-9]{2,5}$/i.test(request.path)) {
      next();
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    const ticket = await ticketFor(request, response, office);
    response
      .set('Content-Security-Policy', contentSecurityPolicy(nonce))
      .set('Cache-Control', ticket ? 'no-store' : 'no-cache')
      .type('html')
      .send(files.page(nonce, request.path.startsWith('/m/'), ticket));
  };
}

/**
 * A link that enters at once brings its ticket along in the page, which saves the round trip of asking for one. Who may
 * not have it gets the page without: the page then asks, and shows the refusal.
 */
async function ticketFor(
  request: Request,
  response: Response,
  office: TicketOffice,
): Promise<TicketReply | null> {
  const slug = RoomSlug.safeParse(/^\/m\/([^/]+)\/?$/.exec(request.path)?.[1]);
  if (request.method !== 'GET' || request.query.join !== '1' || !slug.success) return null;
  try {
    return await office.issue(response.locals.address as string, slug.data);
  } catch (error) {
    if (error instanceof ParleyError) return null;
    throw error;
  }
}
