import { expect, it } from 'vitest';
import { Random } from '../../../../test/support/random.ts';
import { FakeLink, RoomBench, rest } from '../../../../test/support/room-bench.ts';
import type { Seat } from '../../../../test/support/room-bench.ts';
import { closeTrack, setPaused } from './tracks.ts';

const ROUNDS = 60;
const STEPS = 80;
const FIRST_SEED = Number(process.env.TEST_SEED ?? 1);
const NAMES = ['Anna', 'Ben', 'Carl', 'Dora', 'Emil', 'Fritz', 'Greta'];

/** One meeting with random people who do random things, while each step of the media takes a random time. */
async function play(seed: number): Promise<void> {
  const random = new Random(seed);
  const bench = new RoomBench({ maxPeers: 6, patienceMs: 3 });
  const { room, host } = bench;
  host.turn = async () => {
    for (let turns = random.int(0, 3); turns > 0; turns -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  const seats = new Map<string, Seat>();
  const links: FakeLink[] = [];
  const work = new Set<Promise<unknown>>();
  /** What is refused is refused; that it is refused properly is tested elsewhere. */
  const run = (step: Promise<unknown>) => {
    const settled: Promise<unknown> = step.catch(() => undefined).then(() => work.delete(settled));
    work.add(settled);
  };
  const live = () => [...seats.values()].filter(({ peer }) => !peer.closed && peer.connected);
  const enter = async () => {
    const name = random.pick(NAMES);
    const link = new FakeLink();
    links.push(link);
    link.answer = () => (random.chance(0.9) ? host.turn() : Promise.reject(new Error('not taken')));
    const seat = await bench.enter(`${name} ${random.int(1, 3)}`, {
      id: name,
      link,
      view: { tiles: random.int(0, 4), width: 640, height: 360 },
    });
    bench.connect(seat);
    seats.set(name, seat);
  };
  const actions: (() => void)[] = [
    () => run(enter()),
    () => run(enter()),
    () => live().length && room.leave(random.pick(live()).peer, 'left'),
    () => live().length && room.lose(random.pick(live()).peer),
    () => live().length && room.rename(random.pick(live()).peer, `Name ${random.int(1, 5)}`),
    () => live().length && room.say(random.pick(live()).peer, `text ${random.int(1, 1000)}`),
    () =>
      live().length &&
      run(bench.publish(random.pick(live()), random.pick(['camera', 'microphone', 'screen'] as const))),
    () =>
      live().length &&
      run(bench.publish(random.pick(live()), random.pick(['camera', 'microphone'] as const))),
    () => withTrack((seat, id) => run(setPaused(room, seat.peer, id, random.chance(0.5)))),
    () => withTrack((seat, id) => closeTrack(room, seat.peer, id)),
    () =>
      live().length &&
      run(bench.room.addTransport(random.pick(live()).peer, random.pick(['send', 'recv'] as const))),
    () => {
      if (live().length === 0) return;
      const tiles = live().map(({ peer }) => ({
        peerId: peer.id,
        source: 'camera' as const,
        width: random.int(100, 1900),
        height: 360,
      }));
      random.pick(live()).peer.subscriptions.show(random.shuffled(tiles).slice(0, random.int(0, 4)));
    },
    () => random.chance(0.15) && host.die(),
  ];
  const withTrack = (act: (seat: Seat, id: never) => void) => {
    const owners = live().filter(({ peer }) => peer.tracks.size > 0);
    if (owners.length === 0) return;
    const seat = random.pick(owners);
    act(seat, random.pick([...seat.peer.tracks.keys()]) as never);
  };

  for (let step = 0; step < STEPS; step += 1) {
    random.pick(actions)();
    if (random.chance(0.4)) await rest(random.int(1, 3));
  }
  while (work.size > 0) await Promise.all(work);
  await rest(40);

  // Whoever is in has the same state as everybody else, and it is the true one.
  const truth = [...room.peers()].map((peer) => peer.info());
  for (const { peer, link } of seats.values()) {
    if (peer.closed || !peer.connected) continue;
    expect(link.roster.seq).toBe(room.journal.seq);
    expect([...link.roster.peers.values()]).toEqual(truth);
  }
  for (const link of links) expect(link.roster.problems).toEqual([]);

  // Nothing is left of those who have gone, and nobody receives what does not exist or what is their own.
  expect(room.size).toBeLessThanOrEqual(6);
  const tracks = [...room.peers()].reduce((sum, peer) => sum + peer.tracks.size, 0);
  const withMedia = [...room.peers()].filter(({ media }) => media).length;
  expect(host.open()).toMatchObject({ transports: withMedia * 2, producers: tracks });
  for (const peer of room.peers()) {
    expect(peer.media?.recv.closed ?? false).toBe(false);
    for (const track of peer.tracks.values()) expect(track.producer.closed).toBe(false);
    expect(host.open().consumers).toBe(
      [...room.peers()].reduce((sum, { subscriptions }) => sum + subscriptions.size, 0),
    );
  }
}

it(`snapshot and events give everybody the same meeting, without a gap or a repetition, in ${ROUNDS} random meetings`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed += 1) {
    try {
      await play(seed);
    } catch (error) {
      throw new Error(`with TEST_SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
}, 60_000);
