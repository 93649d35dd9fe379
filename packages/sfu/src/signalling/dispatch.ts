import type * as z from 'zod';
import { METHODS, ParleyError, isMethod } from '@parley/protocol';
import { validate } from '../lib/validate.ts';
import { HANDLERS } from './handlers/index.ts';
import { ADDRESS_RATES, SESSION_RATES } from './rates.ts';
import type { Session } from './session.ts';

/**
 * The one gate that every message of a client passes, in this order: does the method exist and travel this way, is it
 * within its rate, is the phase right, does the schema fit, may this role do it. Then its handler runs.
 */
export async function dispatch(
  session: Session,
  kind: 'request' | 'notification',
  method: string,
  data: unknown,
): Promise<object | undefined> {
  if (!isMethod(method)) throw new ParleyError('UNKNOWN_METHOD');
  const definition = METHODS[method];
  if (definition.from !== 'client' || definition.kind !== kind)
    throw new ParleyError('UNKNOWN_METHOD', `not a ${kind}`);
  const { rate } = definition;
  const allowed =
    session.buckets.take(rate, SESSION_RATES[rate]) &&
    session.addressBuckets.take(`${session.address}/${rate}`, ADDRESS_RATES[rate]);
  if (!allowed) throw new ParleyError('RATE_LIMITED');
  if (!definition.phases.includes(session.phase))
    throw new ParleyError('WRONG_PHASE', `${session.phase}, not ${definition.phases.join(' or ')}`);
  const checked = validate<z.ZodType>(definition.params, data);
  if (!checked.ok) throw new ParleyError('BAD_REQUEST', checked.problem);
  if (definition.capability !== null && !session.capabilities.includes(definition.capability)) {
    throw new ParleyError('NOT_ALLOWED', definition.capability);
  }
  const handler = HANDLERS[method as keyof typeof HANDLERS] as (
    session: Session,
    params: unknown,
  ) => Promise<object> | object | void;
  return (await handler(session, checked.data)) ?? undefined;
}
