import { describe, expect, it } from 'vitest';
import type { ProducerId } from '@parley/protocol';
import { RoomBench, rest } from '../../../../test/support/room-bench.ts';
import { closeTrack, produce, setPaused } from './tracks.ts';

describe('publishing', () => {
  it('is told to everybody, the publisher too', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const producerId = await bench.publish(anna, 'microphone', { paused: true });
    await rest();
    const added = {
      type: 'trackAdded',
      peerId: 'Anna',
      track: { producerId, source: 'microphone', kind: 'audio', paused: true, codec: 'audio/opus' },
    };
    for (const { link } of [anna, ben]) expect(link.events()).toContainEqual(added);
    expect((await bench.enter('Carl')).joined.snapshot.peers[0]?.tracks).toEqual([added.track]);
  });

  it('a second track of a source replaces the first', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const first = await bench.publish(anna, 'camera');
    const second = await bench.publish(anna, 'camera');
    await rest();
    expect([...anna.peer.tracks.keys()]).toEqual([second]);
    expect(ben.link.events().slice(-2)).toMatchObject([
      { type: 'trackRemoved', producerId: first },
      { type: 'trackAdded', track: { producerId: second } },
    ]);
    expect(bench.host.open().producers).toBe(1);
    expect(ben.link.roster.problems).toEqual([]);
  });

  it('many at once leaves one of each source', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    const sources = ['microphone', 'camera', 'screen', 'screenAudio'] as const;
    await Promise.all(Array.from({ length: 24 }, (_, index) => bench.publish(anna, sources[index % 4]!)));
    await rest();
    expect([...anna.peer.tracks.values()].map(({ source }) => source).sort()).toEqual([...sources].sort());
    expect(bench.host.open().producers).toBe(4);
    expect(anna.link.roster.problems).toEqual([]);
  });

  it('needs the capability of the source, the right kind, and an own sending transport', async () => {
    const bench = new RoomBench();
    const viewer = await bench.enter('Viewer', { role: 'viewer' });
    for (const source of ['microphone', 'camera', 'screen'] as const) {
      await expect(bench.publish(viewer, source)).rejects.toMatchObject({ key: 'NOT_ALLOWED' });
    }
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    for (const transportId of [anna.peer.media!.recv.id, ben.peer.media!.send.id, 'nothing']) {
      await expect(bench.publish(anna, 'camera', { transportId })).rejects.toMatchObject({
        key: 'NO_SUCH_TRANSPORT',
      });
    }
    const wrong = produce(bench.room, anna.peer, {
      transportId: anna.peer.media!.send.id,
      kind: 'audio',
      source: 'camera',
      rtpParameters: { codecs: [] },
      paused: false,
    });
    await expect(wrong).rejects.toMatchObject({ key: 'BAD_REQUEST' });
    expect(bench.host.open().producers).toBe(0);
  });

  it('of somebody who leaves meanwhile comes to nothing', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const publishing = bench.publish(anna, 'camera');
    bench.room.leave(anna.peer, 'left');
    await expect(publishing).rejects.toMatchObject({
      key: expect.stringMatching(/CLOSED|NO_SUCH_TRANSPORT/),
    });
    await rest();
    expect(ben.link.roster.problems).toEqual([]);
    expect(ben.link.events().map(({ type }) => type)).toEqual(['peerLeft']);
    expect(bench.host.open()).toEqual({ transports: 2, producers: 0, consumers: 0 });
  });
});

describe('muting', () => {
  it('reaches the media and everybody, and the last wish wins', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const producerId = await bench.publish(anna, 'microphone');
    await rest();
    await Promise.all(
      [true, false, true].map((paused) => setPaused(bench.room, anna.peer, producerId, paused)),
    );
    await rest();
    const producer = bench.host.rooms[0]!.producers.get(producerId)!;
    expect(producer.paused).toBe(true);
    expect(
      ben.link
        .events()
        .slice(-3)
        .map(({ type }) => type),
    ).toEqual(['trackPaused', 'trackResumed', 'trackPaused']);
    expect(ben.link.roster.peers.get(anna.peer.id)?.tracks[0]?.paused).toBe(true);
  });

  it('what is muted says nothing twice, but the media is told again', async () => {
    const bench = new RoomBench();
    const anna = await bench.enter('Anna');
    const producerId = await bench.publish(anna, 'microphone', { paused: true });
    await setPaused(bench.room, anna.peer, producerId, true);
    await rest();
    expect(anna.link.events().filter(({ type }) => type === 'trackPaused')).toEqual([]);
  });

  it('and closing need a track of one’s own', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const producerId = await bench.publish(anna, 'microphone');
    await expect(setPaused(bench.room, ben.peer, producerId, true)).rejects.toMatchObject({
      key: 'NO_SUCH_PRODUCER',
    });
    expect(() => closeTrack(bench.room, ben.peer, producerId)).toThrow();
    expect(() => closeTrack(bench.room, anna.peer, 'nothing' as ProducerId)).toThrow();
    closeTrack(bench.room, anna.peer, producerId);
    await rest();
    expect(ben.link.events().at(-1)).toEqual({ type: 'trackRemoved', peerId: 'Anna', producerId });
    expect(bench.host.open().producers).toBe(0);
  });
});

describe('the quality of a line', () => {
  it('is told when it changes, and counts the worst track that is not muted', async () => {
    const bench = new RoomBench();
    const [anna, ben] = [await bench.enter('Anna'), await bench.enter('Ben')];
    const [voice, picture] = [await bench.publish(anna, 'microphone'), await bench.publish(anna, 'camera')];
    const producer = (id: ProducerId) => bench.host.rooms[0]!.producers.get(id)!;
    const told = () => ben.link.all('peerQualities').map(({ qualities }) => qualities[0]?.quality);
    producer(voice).onScore?.(10);
    expect(told()).toEqual([]);
    producer(picture).onScore?.(6);
    producer(picture).onScore?.(5);
    producer(picture).onScore?.(1);
    expect(told()).toEqual(['fair', 'poor']);
    await setPaused(bench.room, anna.peer, picture, true);
    producer(voice).onScore?.(9);
    expect(told()).toEqual(['fair', 'poor', 'good']);
  });
});
