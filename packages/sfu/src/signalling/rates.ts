import type { RateClass } from '@parley/protocol';
import type { Rate } from '../lib/token-bucket.ts';

/** What one session may send, by class. */
export const SESSION_RATES: Readonly<Record<RateClass, Rate>> = {
  setup: { burst: 40, perSecond: 10 },
  control: { burst: 60, perSecond: 15 },
  chatter: { burst: 60, perSecond: 20 },
  chat: { burst: 15, perSecond: 2 },
};

/** What all sessions of one address may send together: an office of fifty behind one NAT must fit in. */
export const ADDRESS_RATES: Readonly<Record<RateClass, Rate>> = {
  setup: { burst: 2000, perSecond: 400 },
  control: { burst: 2000, perSecond: 400 },
  chatter: { burst: 3000, perSecond: 1000 },
  chat: { burst: 500, perSecond: 100 },
};

/** Refused messages of one session, of whatever kind, before it is closed: a flood is not worth an answer each. */
export const REFUSALS: Rate = { burst: 100, perSecond: 5 };

/** Sockets that one address may open. */
export const CONNECTS: Rate = { burst: 200, perSecond: 20 };

/** Tickets that one address may ask for. */
export const TICKETS: Rate = { burst: 200, perSecond: 20 };
