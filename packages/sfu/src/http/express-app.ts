import express from 'express';
import type { Express } from 'express';
import type { Registry } from '../room/registry.ts';
import type { Logger } from '../runtime.ts';
import { clientAddress, rateKey } from './client-address.ts';
import type { ClientFiles } from './client-files.ts';
import { clientRoutes } from './client-routes.ts';
import { errorHandler, notFound } from './errors.ts';
import type { Metrics } from './metrics.ts';
import { healthRoutes } from './routes/health.ts';
import type { HealthSources } from './routes/health.ts';
import { meetingRoutes } from './routes/meetings.ts';
import { securityHeaders } from './security.ts';
import type { TicketOffice } from './ticket-office.ts';

export interface ExpressAppOptions {
  readonly https: boolean;
  readonly trustedProxies: number;
  readonly files: ClientFiles;
  readonly metrics: Metrics | null;
  readonly health: HealthSources;
  readonly registry: Registry;
  readonly office: TicketOffice;
  readonly logger: Logger;
}

export function createExpressApp(options: ExpressAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(securityHeaders(options.https));
  app.use('/health', healthRoutes(options.health));
  const { metrics } = options;
  if (metrics) {
    app.get('/metrics', async (_request, response) => {
      response.set('Content-Type', metrics.contentType).send(await metrics.text());
    });
  }
  app.use((request, response, next) => {
    response.locals.address = rateKey(clientAddress(request, options.trustedProxies));
    next();
  });
  app.use('/api/v1/meetings', meetingRoutes(options.registry, options.office));
  app.use('/api', notFound);
  app.use(clientRoutes(options.files, options.office));
  app.use(notFound);
  app.use(errorHandler(options.logger));
  return app;
}
