import { Router } from 'express';

export interface HealthSources {
  /** Reasons for which no traffic should be sent here; empty when all is well. */
  readonly problems: () => string[];
}

/** `live`: the process answers, do not restart it. `ready`: it can take a meeting. */
export function healthRoutes({ problems }: HealthSources): Router {
  const router = Router();
  router.get('/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/ready', (_request, response) => {
    const found = problems();
    response
      .set('Cache-Control', 'no-store')
      .status(found.length === 0 ? 200 : 503)
      .json({ status: found.length === 0 ? 'ready' : 'not ready', problems: found });
  });
  return router;
}
