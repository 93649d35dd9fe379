import { afterEach, describe, expect, it, vi } from 'vitest';
import { ParleyError } from '@parley/protocol';
import type { FakeLink } from '../../../../test/support/room-bench.ts';
import { RoomBench, rest } from '../../../../test/support/room-bench.ts';
import type { FakeTransport } from '../../../../test/support/fake-media.ts';

afterEach(() => void vi.useRealTimers());

const names = (link: FakeLink) => link.roster.names();
const later = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
};

describe('joining', () => {
  it('gives the state with its number, a pair of transports, and from there on every change', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    expect(anna.joined.snapshot).toMatchObject({
      seq: 1,
      chat: [],
      peers: [{ id: 'Anna', name: 'Anna', tracks: [] }],
    });
    expect(anna.joined.media.epoch).toBe(0);
    expect(anna.joined.media.sendTransport.id).not.toBe(anna.joined.media.recvTransport.id);
    const ben = await bench.enter('Ben');
    bench.room.say(ben.peer, 'hello');
    bench.room.rename(anna.peer, 'Anne');
    await rest();
    for (const { link } of [anna, ben]) {
      expect(link.roster.problems).toEqual([]);
      expect(link.roster.state()).toEqual(ben.link.roster.state());
    }
    expect(names(anna.link)).toEqual(['Anne', 'Ben']);
    expect(anna.link.roster.chat).toMatchObject([
      { peerId: 'Ben', name: 'Ben', text: 'hello', at: bench.now },
    ]);
  });

  it('gives late joiners the chat, the newest two hundred messages of it', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    for (let index = 1; index <= 250; index += 1) bench.room.say(anna.peer, `${index}`);
    const { snapshot } = (await bench.enter('Ben')).joined;
    expect(snapshot.chat).toHaveLength(200);
    expect([snapshot.chat[0]?.text, snapshot.chat.at(-1)?.text]).toEqual(['51', '250']);
  });

  it('sends the changes of one turn as one message, in parts that the protocol allows', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    const before = anna.link.all('roomEvents').length;
    for (let index = 0; index < 450; index += 1) bench.room.say(anna.peer, `${index}`);
    await rest();
    expect(
      anna.link
        .all('roomEvents')
        .slice(before)
        .map(({ events }) => events.length),
    ).toEqual([200, 200, 50]);
    expect(anna.link.roster.problems).toEqual([]);
  });

  it('says nothing about a change that is none', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    bench.room.rename(anna.peer, 'Anna');
    await rest();
    expect(anna.link.events()).toEqual([]);
  });

  it('stops at the number of people, and leaves no transports behind', async () => {
    const bench = new RoomBench({ maxPeers: 2 });
    const outcomes = await Promise.allSettled(['A', 'B', 'C', 'D'].map((name) => bench.enter(name)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ key: 'MEETING_FULL' });
    expect(bench.host.open().transports).toBe(4);
    expect(bench.host.rooms).toHaveLength(1);
  });

  it('of a meeting that ends meanwhile fails, and leaves nothing behind', async () => {
    const bench = new RoomBench();
    const joining = bench.enter('Anna');
    bench.room.close(new ParleyError('MEETING_ENDED'), null);
    await expect(joining).rejects.toMatchObject({ key: 'MEETING_ENDED' });
    await rest();
    expect(bench.host.open()).toEqual({ transports: 0, producers: 0, consumers: 0 });
    await expect(bench.enter('Ben')).rejects.toMatchObject({ key: 'MEETING_ENDED' });
  });

  it('without a worker fails with the code for it, and works when there is one', async () => {
    const bench = new RoomBench();
    bench.host.alive = false;
    await expect(bench.enter('Anna')).rejects.toMatchObject({ key: 'MEDIA_UNAVAILABLE' });
    bench.host.alive = true;
    expect((await bench.enter('Anna')).joined.snapshot.peers).toHaveLength(1);
  });
});

describe('coming back', () => {
  it('keeps the place in the order and the time of joining; the old connection is told', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const track = await bench.publish(anna, 'camera');
    bench.now += 5000;
    const again = await bench.enter('Anna Two', { id: 'Anna' });
    await rest();
    expect(again.joined.snapshot.peers.map(({ id, joinedAt }) => [id, joinedAt])).toEqual([
      ['Anna', bench.now - 5000],
      ['Ben', bench.now - 5000],
    ]);
    expect(anna.link.goodbye).toEqual({ key: 'REPLACED', retryAfterMs: null });
    expect(anna.peer.closed).toBe(true);
    expect(ben.link.roster.problems).toEqual([]);
    expect(ben.link.roster.state()).toEqual(again.link.roster.state());
    expect(ben.link.events()).toContainEqual({ type: 'trackRemoved', peerId: 'Anna', producerId: track });
    expect(bench.host.open().transports).toBe(4);
    bench.room.leave(anna.peer, 'left');
    expect(bench.room.size).toBe(2);
  });

  it('after a lost connection says nothing to a connection that is gone', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    bench.room.lose(anna.peer);
    await bench.enter('Anna');
    expect(anna.link.goodbye).toBeNull();
    expect(bench.room.size).toBe(1);
  });
});

describe('leaving', () => {
  it('is told to the others, once, and frees the media', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [
      await bench.enter('Anna'),
      await bench.enter('Ben', { view: { tiles: 4, width: 640, height: 360 } }),
    ];
    await bench.publish(anna, 'camera');
    await rest();
    bench.room.leave(anna.peer, 'left');
    bench.room.leave(anna.peer, 'removed');
    await rest();
    expect(ben.link.events().filter(({ type }) => type === 'peerLeft')).toEqual([
      { type: 'peerLeft', peerId: 'Anna', reason: 'left' },
    ]);
    expect(names(ben.link)).toEqual(['Ben']);
    expect(bench.host.open()).toEqual({ transports: 2, producers: 0, consumers: 0 });
  });

  it('of the last one is told to the registry', async () => {
    const bench = new RoomBench();
    const empty = vi.fn();
    bench.room.onEmpty = empty;
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    bench.room.leave(anna.peer, 'left');
    expect(empty).not.toHaveBeenCalled();
    bench.room.leave(ben.peer, 'left');
    expect(empty).toHaveBeenCalledOnce();
  });

  it('without a word happens after the patience, not before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const bench = new RoomBench({ patienceMs: 10_000 });
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    bench.room.lose(anna.peer);
    bench.room.lose(anna.peer);
    await later(9_999);
    expect(bench.room.size).toBe(2);
    await later(1);
    await rest();
    expect(ben.link.events()).toContainEqual({ type: 'peerLeft', peerId: 'Anna', reason: 'connectionLost' });
    expect(bench.room.size).toBe(1);
  });

  it('does not happen to who is back in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const bench = new RoomBench({ patienceMs: 10_000 });
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    bench.room.lose(anna.peer);
    await later(9_000);
    await bench.enter('Anna');
    await later(60_000);
    await rest();
    expect(ben.link.events().filter(({ type }) => type === 'peerLeft')).toEqual([]);
    expect(bench.room.size).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the end of the meeting', () => {
  it('says goodbye to everybody once and closes the media', async () => {
    const bench = new RoomBench();
    const seats = [await bench.enter('Anna'), await bench.enter('Ben')];
    bench.room.close(new ParleyError('SHUTTING_DOWN'), 2000);
    bench.room.close(new ParleyError('MEETING_ENDED'), null);
    for (const { link } of seats) expect(link.goodbye).toEqual({ key: 'SHUTTING_DOWN', retryAfterMs: 2000 });
    expect(bench.host.rooms[0]?.closed).toBe(true);
    expect(bench.room.size).toBe(0);
  });
});

describe('a worker that dies', () => {
  it('costs neither seat nor roster nor chat; everybody gets new transports of the next epoch', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    bench.room.say(anna.peer, 'before');
    const track = await bench.publish(anna, 'microphone');
    await rest();
    bench.host.die();
    await rest();
    expect(bench.room.epoch).toBe(1);
    expect(bench.host.rooms).toHaveLength(2);
    for (const { link, peer, joined } of [anna, ben]) {
      const resets = link.all('mediaReset');
      expect(resets).toHaveLength(1);
      expect(resets[0]).toMatchObject({ epoch: 1, sendTransport: { id: peer.media?.send.id } });
      expect(resets[0]?.sendTransport.id).not.toBe(joined.media.sendTransport.id);
      expect(link.goodbye).toBeNull();
      expect(link.roster.problems).toEqual([]);
    }
    expect(ben.link.events()).toContainEqual({ type: 'trackRemoved', peerId: 'Anna', producerId: track });
    expect(names(ben.link)).toEqual(['Anna', 'Ben']);
    await bench.publish(anna, 'microphone');
    await rest();
    expect(ben.link.offered.at(-1)).toMatchObject({ epoch: 1, transportId: ben.peer.media?.recv.id });
    expect((await bench.enter('Carl')).joined).toMatchObject({
      media: { epoch: 1 },
      snapshot: { chat: [{ text: 'before' }] },
    });
  });

  it('refuses what belongs to the epoch before', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    const old = anna.peer.media!.send.id;
    let release: () => void = () => undefined;
    bench.host.turn = () => new Promise((resolve) => (release = resolve));
    const producing = bench.publish(anna, 'camera');
    bench.host.turn = () => Promise.resolve();
    bench.host.die();
    release();
    await expect(producing).rejects.toMatchObject({ key: 'NO_SUCH_TRANSPORT' });
    await rest();
    await expect(bench.publish(anna, 'camera', { transportId: old })).rejects.toMatchObject({
      key: 'NO_SUCH_TRANSPORT',
    });
    expect(anna.peer.tracks.size).toBe(0);
  });

  it('again during the rebuilding starts the rebuilding again, with the epoch after that', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    bench.host.die();
    await Promise.resolve();
    bench.host.die();
    await rest();
    bench.host.die();
    await rest();
    const last = anna.link.all('mediaReset').at(-1);
    expect(last?.epoch).toBe(bench.room.epoch);
    expect(last?.recvTransport.id).toBe(anna.peer.media?.recv.id);
    expect((anna.peer.media?.recv as FakeTransport).closed).toBe(false);
    expect(bench.host.open().transports).toBe(2);
  });

  it('and is not replaced soon is waited for, ever longer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    const open = vi.spyOn(bench.host, 'openRoom');
    bench.host.alive = false;
    bench.host.die();
    for (let waited = 0; waited < 60_000; waited += 250) {
      await later(250);
      await rest(3);
    }
    expect(open.mock.calls.length).toBeGreaterThan(8);
    expect(open.mock.calls.length).toBeLessThan(22);
    await expect(bench.enter('Ben')).rejects.toMatchObject({ key: 'MEDIA_UNAVAILABLE' });
    bench.host.alive = true;
    await later(5_000);
    await rest();
    expect(anna.link.all('mediaReset')).toMatchObject([{ epoch: 1 }]);
    expect((await bench.enter('Ben')).joined.media.epoch).toBe(1);
  });

  it('while somebody joins: the joiner ends up with transports that live', async () => {
    const bench = new RoomBench();
    await bench.enter('Anna');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let steps = 0;
    bench.host.turn = () => ((steps += 1) <= 2 ? held : Promise.resolve());
    const joining = bench.enter('Ben').catch((error: unknown) => (error as ParleyError).key);
    await rest(2);
    bench.host.die();
    release();
    const outcome = await joining;
    await rest();
    if (typeof outcome === 'string') {
      expect(outcome).toBe('MEDIA_UNAVAILABLE');
      expect(bench.room.size).toBe(1);
    } else {
      expect(outcome.peer.media?.send.closed).toBe(false);
    }
    expect(bench.host.open().transports).toBe(bench.room.size * 2);
  });
});

describe('a transport that is replaced', () => {
  it('for receiving takes its consumers along, and everything is offered anew on the new one', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const track = await bench.publish(anna, 'microphone');
    await rest();
    const old = ben.peer.media!.recv;
    const next = await bench.room.addTransport(ben.peer, 'recv');
    await rest();
    expect(old.closed).toBe(true);
    expect(ben.link.offered.map(({ transportId, producerId }) => [transportId, producerId])).toEqual([
      [old.id, track],
      [next.id, track],
    ]);
    expect(bench.host.open()).toEqual({ transports: 4, producers: 1, consumers: 1 });
  });

  it('for sending ends its tracks, for everybody to see', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const track = await bench.publish(anna, 'microphone');
    const old = anna.peer.media!.send;
    await bench.room.addTransport(anna.peer, 'send');
    await rest();
    expect(old.closed).toBe(true);
    expect(ben.link.events()).toContainEqual({ type: 'trackRemoved', peerId: 'Anna', producerId: track });
    expect(ben.link.roster.state()).toEqual(anna.link.roster.state());
    expect(bench.host.open()).toEqual({ transports: 4, producers: 0, consumers: 0 });
    await bench.publish(anna, 'microphone');
  });

  it('of somebody who leaves meanwhile is closed', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    const adding = bench.room.addTransport(anna.peer, 'recv');
    bench.room.leave(anna.peer, 'left');
    await expect(adding).rejects.toMatchObject({ key: 'CLOSED' });
    expect(bench.host.open().transports).toBe(0);
  });

  it('many times at once leaves one of each direction', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        bench.room.addTransport(anna.peer, index % 2 ? 'send' : 'recv'),
      ),
    );
    await rest();
    expect(bench.host.open().transports).toBe(2);
    expect(anna.peer.transports.size).toBe(2);
  });
});
