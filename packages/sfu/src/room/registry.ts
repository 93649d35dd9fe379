import type { RoomSlug } from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import { Room } from './room.ts';
import type { RoomDeps } from './room.ts';

/** All meetings of this process. One is made when the first person comes and ends a moment after the last has gone. */
export class Registry {
  readonly #deps: RoomDeps;
  readonly #maxRooms: number;
  /** How long an empty meeting is kept, so that a reload of the only person finds the chat again. Milliseconds. */
  readonly #lingerMs: number;
  readonly #rooms = new Map<RoomSlug, Room>();
  readonly #lingering = new Map<RoomSlug, NodeJS.Timeout>();
  #closed: ParleyError | null = null;

  constructor(deps: RoomDeps, options: { maxRooms: number; lingerMs: number }) {
    this.#deps = deps;
    this.#maxRooms = options.maxRooms;
    this.#lingerMs = options.lingerMs;
  }

  get size(): number {
    return this.#rooms.size;
  }

  rooms(): Iterable<Room> {
    return this.#rooms.values();
  }

  find(slug: RoomSlug): Room | undefined {
    return this.#rooms.get(slug);
  }

  /** @throws ParleyError SERVER_FULL, SHUTTING_DOWN */
  open(slug: RoomSlug): Room {
    if (this.#closed) throw this.#closed;
    const found = this.#rooms.get(slug);
    if (found) {
      // Whoever opens it may still fail to join: look again later whether somebody is in.
      if (found.size === 0) this.#linger(found);
      return found;
    }
    if (this.#rooms.size >= this.#maxRooms) throw new ParleyError('SERVER_FULL');
    const room = new Room(slug, this.#deps);
    this.#rooms.set(slug, room);
    room.onEmpty = () => this.#linger(room);
    this.#linger(room);
    return room;
  }

  closeAll(error: ParleyError, retryAfterMs: number | null): void {
    this.#closed = error;
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    this.#lingering.clear();
    for (const room of this.#rooms.values()) room.close(error, retryAfterMs);
    this.#rooms.clear();
  }

  #linger(room: Room): void {
    clearTimeout(this.#lingering.get(room.slug));
    const timer = setTimeout(() => {
      this.#lingering.delete(room.slug);
      if (room.size > 0 || this.#rooms.get(room.slug) !== room) return;
      this.#rooms.delete(room.slug);
      room.close(new ParleyError('MEETING_ENDED'), null);
    }, this.#lingerMs);
    timer.unref();
    this.#lingering.set(room.slug, timer);
  }
}
