import type * as z from 'zod';
import type { Capability } from '../model.ts';

/** Phases of a session: `waiting` (lobby), `admitted` (may join), `joined`. */
export type Phase = 'waiting' | 'admitted' | 'joined';
export const ANY_PHASE: readonly Phase[] = ['waiting', 'admitted', 'joined'];
export const JOINED: readonly Phase[] = ['joined'];

/**
 * Rate classes: a token bucket per session and class, and one per address and class (see the server's configuration).
 * `setup` is rare and costly, `control` is what people toggle, `chatter` is frequent and cheap, `chat` is text.
 */
export type RateClass = 'setup' | 'control' | 'chatter' | 'chat';

interface Common<P extends z.ZodType> {
  /** One line for the reference document. */
  readonly doc: string;
  readonly params: P;
  /** Phases in which a client may send it, or in which the server sends it. */
  readonly phases: readonly Phase[];
}

interface FromClient {
  readonly rate: RateClass;
  /** Capability that the sender needs; null where every admitted peer may. */
  readonly capability: Capability | null;
}

export interface ClientRequest<P extends z.ZodType, R extends z.ZodType> extends Common<P>, FromClient {
  readonly from: 'client';
  readonly kind: 'request';
  readonly reply: R;
}
export interface ClientNotification<P extends z.ZodType> extends Common<P>, FromClient {
  readonly from: 'client';
  readonly kind: 'notification';
}
export interface ServerRequest<P extends z.ZodType, R extends z.ZodType> extends Common<P> {
  readonly from: 'server';
  readonly kind: 'request';
  readonly reply: R;
}
export interface ServerNotification<P extends z.ZodType> extends Common<P> {
  readonly from: 'server';
  readonly kind: 'notification';
}

type Def<T> = Omit<T, 'from' | 'kind'>;

export const clientRequest = <P extends z.ZodType, R extends z.ZodType>(
  def: Def<ClientRequest<P, R>>,
): ClientRequest<P, R> => ({ from: 'client', kind: 'request', ...def });

export const clientNotification = <P extends z.ZodType>(
  def: Def<ClientNotification<P>>,
): ClientNotification<P> => ({ from: 'client', kind: 'notification', ...def });

export const serverRequest = <P extends z.ZodType, R extends z.ZodType>(
  def: Def<ServerRequest<P, R>>,
): ServerRequest<P, R> => ({ from: 'server', kind: 'request', ...def });

export const serverNotification = <P extends z.ZodType>(
  def: Def<ServerNotification<P>>,
): ServerNotification<P> => ({ from: 'server', kind: 'notification', ...def });
