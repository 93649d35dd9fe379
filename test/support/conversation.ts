import type { Person } from './person.ts';
import { Roster } from './roster.ts';
import { METHODS } from '@parley/protocol';

/** Between two chat messages of one person; the limit is two in a second. Milliseconds. */
const EVERY_MS = 600;

/** Two people who chat, speak and film, and note whether anything of it was lost or late. */
export class Conversation {
  readonly #people: readonly [Person, Person];
  readonly #sentAt = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #voices: { producerId: string; voice: { sent: number } }[] = [];
  readonly problems: string[] = [];
  #said = 0;

  private constructor(people: readonly [Person, Person]) {
    this.#people = people;
    this.#timer = setInterval(() => this.#say(), EVERY_MS);
  }

  static async begin(one: Person, two: Person): Promise<Conversation> {
    const people = [one, two] as const;
    const talk = new Conversation(people);
    for (const person of people) {
      await person.listen();
      talk.#voices.push(await person.speak(-20));
      await person.film(1);
    }
    for (const [index, person] of people.entries()) {
      const { peerId } = people[1 - index]!.signal;
      person.signal.notify('setView', { tiles: [{ peerId, source: 'camera', width: 640, height: 360 }] });
    }
    return talk;
  }

  /** How late chat messages arrived at the other one, in milliseconds. */
  latencies(): number[] {
    return this.#people.flatMap((person, index) => {
      const other = this.#people[1 - index]!.signal.peerId;
      return person.signal.frames.flatMap(({ method, data, at }) => {
        if (method !== 'roomEvents') return [];
        return METHODS.roomEvents.params.parse(data).events.flatMap((event) => {
          if (event.type !== 'chatAdded' || event.message.peerId !== other) return [];
          const sent = this.#sentAt.get(event.message.text);
          return sent === undefined ? [] : [at - sent];
        });
      });
    });
  }

  /** Longest time in which one of the two heard nothing of the other, and the share of packets that arrived. */
  sound(): { longestGapMs: number; arrived: number } {
    let [longestGapMs, arrived] = [0, 1];
    for (const [index, person] of this.#people.entries()) {
      const { producerId, voice } = this.#voices[1 - index]!;
      const packets = person.packetsOf(producerId);
      packets.forEach(({ at }, position) => {
        if (position > 0) longestGapMs = Math.max(longestGapMs, at - packets[position - 1]!.at);
      });
      const first = Number(/voice (\d+)/.exec(packets[0]?.payload.toString('latin1') ?? '')?.[1] ?? 0);
      arrived = Math.min(arrived, packets.length / Math.max(1, voice.sent - first));
    }
    return { longestGapMs, arrived };
  }

  /** Ends it, when all that was said has arrived. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#people.map(({ signal }) => signal.settle()));
    for (const [index, person] of this.#people.entries()) {
      const other = this.#people[1 - index]!;
      const roster = rosterOf(person);
      this.problems.push(...roster.problems.map((problem) => `${person.name}: ${problem}`));
      const heard = roster.chat
        .filter(({ peerId }) => peerId === other.signal.peerId)
        .map(({ text }) => text);
      const said = [...this.#sentAt.keys()].filter((text) => text.startsWith(other.name));
      if (JSON.stringify(heard) !== JSON.stringify(said)) {
        this.problems.push(
          `${person.name} heard ${heard.length} of ${said.length} messages, or in another order`,
        );
      }
    }
  }

  #say(): void {
    this.#said += 1;
    for (const { name, signal } of this.#people) {
      const text = `${name} says ${this.#said}`;
      this.#sentAt.set(text, performance.now());
      signal
        .request('sendChat', { text })
        .catch((error: unknown) => this.problems.push(`${text}: ${String(error)}`));
    }
  }
}

export function rosterOf({ signal }: Person): Roster {
  const roster = new Roster();
  for (const { response, method, data } of signal.frames) {
    if (response && data && typeof data === 'object' && 'snapshot' in data)
      roster.start(METHODS.join.reply.parse(data).snapshot);
    if (method === 'roomEvents') roster.apply(METHODS.roomEvents.params.parse(data));
  }
  return roster;
}
