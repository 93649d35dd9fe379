import type { RoomEvent } from '@parley/protocol';
import { LIMITS } from '@parley/protocol';
import { broadcastOf } from './broadcast.ts';
import type { Peer } from './peer.ts';

/**
 * The numbered events of a meeting and their way to the people in it. Events of one turn of the event loop go out as one
 * message: fifty people who come in together cost each other one message, not fifty.
 * An event costs O(receivers) sends of a text that is made once.
 */
export class Journal {
  readonly #receivers: () => Iterable<Peer>;
  #seq = 0;
  #pending: RoomEvent[] = [];
  #scheduled = false;

  constructor(receivers: () => Iterable<Peer>) {
    this.#receivers = receivers;
  }

  /** Number of the newest event that has been delivered. Call `flush()` first to include the pending ones. */
  get seq(): number {
    return this.#seq;
  }

  add(event: RoomEvent): void {
    this.#pending.push(event);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Delivers now. A snapshot is taken right after it, in the same turn: no gap, no duplicate. */
  flush(): void {
    while (this.#pending.length > 0) {
      const events = this.#pending.splice(0, LIMITS.eventsPerBatch);
      this.#seq += events.length;
      const message = broadcastOf('roomEvents', { seq: this.#seq, events });
      for (const peer of this.#receivers()) peer.link.broadcast(message);
    }
  }
}
