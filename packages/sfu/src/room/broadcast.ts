import type { Params, ServerNotificationName } from '@parley/protocol';
import type { Broadcast } from './ports.ts';

/** Makes a message for many receivers. Serialising costs O(size) once instead of O(size x receivers). */
export function broadcastOf<K extends ServerNotificationName>(method: K, data: Params<K>): Broadcast<K> {
  let text: string | null = null;
  return {
    method,
    data,
    get text() {
      text ??= JSON.stringify({ notification: true, method, data });
      return text;
    },
  };
}
