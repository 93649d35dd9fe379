import type * as z from 'zod';
import { chatMethods } from './methods/chat.ts';
import type {
  ClientNotification,
  ClientRequest,
  ServerNotification,
  ServerRequest,
} from './methods/define.ts';
import { sessionMethods } from './methods/session.ts';
import { trackMethods } from './methods/track.ts';
import { transportMethods } from './methods/transport.ts';

/** The protocol: one table. Types, validation, authorization, reference page, metric labels and fuzz tests come from it. */
export const METHODS = {
  ...sessionMethods,
  ...transportMethods,
  ...trackMethods,
  ...chatMethods,
} as const;

type Table = typeof METHODS;
type Any = z.ZodType;

type NamesOf<Shape> = { [K in keyof Table]: Table[K] extends Shape ? K : never }[keyof Table];

export type ClientRequestName = NamesOf<ClientRequest<Any, Any>>;
export type ClientNotificationName = NamesOf<ClientNotification<Any>>;
export type ServerRequestName = NamesOf<ServerRequest<Any, Any>>;
export type ServerNotificationName = NamesOf<ServerNotification<Any>>;
export type MethodName = keyof Table;

/** What the receiver of a message gets: parsed, with defaults filled in and ids branded. */
export type Params<K extends MethodName> = z.output<Table[K]['params']>;
/** What the sender of a message may give: defaults left out. */
export type ParamsInput<K extends MethodName> = z.input<Table[K]['params']>;
export type Reply<K extends ClientRequestName | ServerRequestName> = z.output<Table[K]['reply']>;

export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}
