import type { ClientNotificationName, ClientRequestName, Params, Reply } from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import type { Peer } from '../../room/peer.ts';
import type { Session } from '../session.ts';

/** One function for each method that a client may send; the compiler asks for a missing one. */
export type Handlers = {
  readonly [K in ClientRequestName]: (session: Session, params: Params<K>) => Promise<Reply<K>> | Reply<K>;
} & {
  readonly [K in ClientNotificationName]: (session: Session, params: Params<K>) => void | Promise<void>;
};

/** The peer of a session in the phase `joined`; dispatch has checked the phase. */
export function peerOf(session: Session): Peer {
  const { peer } = session;
  if (!peer || peer.closed) throw new ParleyError('CLOSED');
  return peer;
}
