import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { ClientFiles } from './client-files.ts';
import { contentSecurityPolicy } from './security.ts';

/** Serves the built client: its files, and the page for every other address (the page knows its own routes). */
export function clientRoutes(files: ClientFiles): RequestHandler {
  return (request, response, next) => {
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
    response
      .set('Content-Security-Policy', contentSecurityPolicy(nonce))
      .set('Cache-Control', 'no-cache')
      .type('html')
      .send(files.page(nonce, request.path.startsWith('/m/')));
  };
}
