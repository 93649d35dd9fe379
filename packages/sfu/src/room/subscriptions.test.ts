import { describe, expect, it } from 'vitest';
import type { TileView } from '@parley/protocol';
import { RoomBench, rest } from '../../../../test/support/room-bench.ts';
import type { Seat } from '../../../../test/support/room-bench.ts';
import { CAN_DECODE } from '../../../../test/support/signalling-client.ts';
import { closeTrack } from './tracks.ts';

const tile = ({ peer }: Seat, width = 640, source: TileView['source'] = 'camera'): TileView => ({
  peerId: peer.id,
  source,
  width,
  height: Math.round((width * 9) / 16),
});
const VIEW = { tiles: 9, width: 320, height: 180 };

/** Somebody with a camera and a microphone, and somebody who watches. */
async function bench(view?: typeof VIEW) {
  const room = new RoomBench();
  const [anna, ben] = [await room.enter('Anna'), await room.enter('Ben', { view })];
  const camera = await room.publish(anna, 'camera', { layers: 3 });
  await rest();
  return { room, anna, ben, camera };
}

describe('what is consumed', () => {
  it('is the sound of all others, and no picture that is not shown', async () => {
    const { room, anna, ben } = await bench();
    const voice = await room.publish(anna, 'microphone');
    const sound = await room.publish(anna, 'screenAudio');
    await room.publish(ben, 'microphone');
    await rest();
    expect(
      room
        .consumers(ben)
        .map(({ producerId }) => producerId)
        .sort(),
    ).toEqual([voice, sound].sort());
    expect(room.consumers(anna)).toHaveLength(1);
  });

  it('is the pictures of the tiles, camera and screen apart', async () => {
    const { room, anna, ben, camera } = await bench();
    const screen = await room.publish(anna, 'screen');
    ben.peer.subscriptions.show([tile(anna, 640, 'screen')]);
    await rest();
    expect(room.consumers(ben).map(({ producerId }) => producerId)).toEqual([screen]);
    ben.peer.subscriptions.show([
      tile(anna),
      tile(anna, 640, 'screen'),
      { ...tile(anna), peerId: 'nobody' as never },
    ]);
    await rest();
    expect(new Set(room.consumers(ben).map(({ producerId }) => producerId))).toEqual(
      new Set([screen, camera]),
    );
    expect(room.consumers(anna)).toEqual([]);
  });

  it('before the first view is as many pictures as were announced at joining', async () => {
    const room = new RoomBench();
    for (const name of ['A', 'B', 'C', 'D', 'E']) await room.publish(await room.enter(name), 'camera');
    const ben = await room.enter('Ben', { view: { ...VIEW, tiles: 3 } });
    await rest();
    expect(ben.link.offered.map(({ peerId }) => peerId)).toEqual(['A', 'B', 'C']);
    ben.peer.subscriptions.show([]);
    await rest();
    const none = await room.enter('None');
    await rest();
    expect(none.link.offered).toEqual([]);
  });

  it('after the first view is what the view says, also for those who come later', async () => {
    const { room, ben } = await bench(VIEW);
    ben.peer.subscriptions.show([]);
    const late = await room.enter('Late');
    await room.publish(late, 'camera');
    await rest();
    expect(ben.link.offered.map(({ peerId }) => peerId)).toEqual(['Anna']);
  });

  it('follows a camera that is shown before it is there', async () => {
    const room = new RoomBench();
    const [anna, ben] = [await room.enter('Anna'), await room.enter('Ben')];
    ben.peer.subscriptions.show([tile(anna)]);
    await rest();
    const camera = await room.publish(anna, 'camera');
    await rest();
    expect(room.consumers(ben).map(({ producerId }) => producerId)).toEqual([camera]);
  });

  it('never is one track twice, however fast the view changes', async () => {
    const { room, anna, ben, camera } = await bench();
    room.host.turn = () => new Promise((resolve) => setImmediate(resolve));
    for (let index = 0; index < 40; index += 1) {
      ben.peer.subscriptions.show(index % 3 ? [tile(anna, 100 + index * 20)] : []);
      if (index % 5 === 0) await rest(1);
    }
    await rest(40);
    expect(ben.link.offered.filter(({ producerId }) => producerId === camera)).toHaveLength(1);
    expect(room.consumers(ben)).toHaveLength(1);
  });

  it('leaves out what the client cannot decode, and does not try again', async () => {
    const room = new RoomBench();
    const codecs = CAN_DECODE.codecs?.filter(({ mimeType }) => mimeType !== 'video/VP9');
    const anna = await room.enter('Anna');
    const old = await room.enter('Old', { view: VIEW, rtpCapabilities: { codecs } });
    const modern = await room.enter('Modern', { view: VIEW });
    const nine = await room.publish(anna, 'camera', { codec: 'vp9' });
    const eight = await room.publish(anna, 'screen');
    await rest();
    let tried = 0;
    const recv = old.peer.media!.recv;
    const consume = recv.consume.bind(recv);
    recv.consume = (options) => {
      tried += 1;
      return consume(options);
    };
    for (let index = 0; index < 5; index += 1) {
      old.peer.subscriptions.poke();
      await rest(3);
    }
    expect(tried).toBe(0);
    expect(old.link.offered.map(({ producerId }) => producerId)).toEqual([eight]);
    expect(new Set(modern.link.offered.map(({ producerId }) => producerId))).toEqual(new Set([nine, eight]));
  });
});

describe('a consumer', () => {
  it('is resumed after both the acknowledgement and the connection, in whichever order', async () => {
    for (const first of ['acknowledgement', 'connection'] as const) {
      const room = new RoomBench();
      const [anna, ben] = [await room.enter('Anna'), await room.enter('Ben', { view: VIEW })];
      let acknowledge: () => void = () => undefined;
      ben.link.answer = () => new Promise((resolve) => (acknowledge = resolve));
      const camera = await room.publish(anna, 'camera', { layers: 3 });
      await rest();
      const consumer = room.consumerOf(ben, camera)!;
      expect(ben.link.offered).toMatchObject([
        {
          epoch: 0,
          transportId: ben.peer.media?.recv.id,
          consumerId: consumer.id,
          peerId: 'Anna',
          source: 'camera',
          type: 'simulcast',
        },
      ]);
      if (first === 'acknowledgement') acknowledge();
      else room.connect(ben);
      await rest();
      expect(consumer.calls).toEqual([]);
      acknowledge();
      room.connect(ben);
      await rest();
      // The layers first, so that the first key frame is asked of the layer that will be shown.
      expect(consumer.calls).toEqual(['priority 32', 'layers 0:2', 'resume']);
      expect(consumer.paused).toBe(false);
    }
  });

  it('that is slow to be acknowledged does not hold up the others', async () => {
    const { room, anna, ben } = await bench();
    room.connect(ben);
    ben.link.answer = ({ source }) =>
      source === 'camera' ? new Promise(() => undefined) : Promise.resolve();
    ben.peer.subscriptions.show([tile(anna), tile(anna, 640, 'screen')]);
    await rest();
    const screen = await room.publish(anna, 'screen');
    const voice = await room.publish(anna, 'microphone');
    await rest();
    for (const producerId of [screen, voice]) expect(room.consumerOf(ben, producerId)?.paused).toBe(false);
  });

  it('that the client does not take is dropped and not offered again', async () => {
    const { room, anna, ben, camera } = await bench();
    ben.link.answer = () => Promise.reject(new Error('cannot'));
    ben.peer.subscriptions.show([tile(anna)]);
    await rest();
    ben.peer.subscriptions.show([tile(anna, 1280)]);
    await rest();
    expect(ben.link.offered.map(({ producerId }) => producerId)).toEqual([camera]);
    expect(room.consumers(ben)).toEqual([]);
  });

  it('follows the size of its tile with layers and priority, and says nothing where nothing changes', async () => {
    const { room, anna, ben, camera } = await bench();
    room.connect(ben);
    ben.peer.subscriptions.show([tile(anna, 320)]);
    await rest();
    const consumer = room.consumerOf(ben, camera)!;
    for (const width of [320, 324, 1280, 640]) {
      ben.peer.subscriptions.show([tile(anna, width)]);
      await rest();
    }
    expect(consumer.calls).toEqual([
      'priority 32',
      'layers 0:2',
      'resume',
      'priority 128',
      'layers 2:2',
      'priority 64',
      'layers 1:2',
    ]);
  });

  it('of a tile that is not shown is parked, and is back without a new one', async () => {
    const { room, anna, ben, camera } = await bench();
    room.connect(ben);
    ben.peer.subscriptions.show([tile(anna)]);
    await rest();
    const consumer = room.consumerOf(ben, camera)!;
    ben.peer.subscriptions.show([]);
    await rest();
    expect(consumer.paused).toBe(true);
    expect(ben.link.all('consumerClosed')).toEqual([]);
    ben.peer.subscriptions.show([tile(anna)]);
    await rest();
    expect(consumer.paused).toBe(false);
    expect(ben.link.offered).toHaveLength(1);
  });

  it('that is parked before it was acknowledged stays quiet when it is', async () => {
    const { room, anna, ben, camera } = await bench();
    let acknowledge: () => void = () => undefined;
    ben.link.answer = () => new Promise((resolve) => (acknowledge = resolve));
    room.connect(ben);
    ben.peer.subscriptions.show([tile(anna)]);
    await rest();
    ben.peer.subscriptions.show([]);
    await rest();
    acknowledge();
    await rest();
    const consumer = room.consumerOf(ben, camera)!;
    expect(consumer.paused).toBe(true);
    expect(consumer.calls).not.toContain('resume');
    ben.peer.subscriptions.show([tile(anna)]);
    await rest();
    expect(consumer.paused).toBe(false);
  });

  it('of the longest parked ones is closed when there are many', async () => {
    const room = new RoomBench();
    const ben = await room.enter('Ben');
    room.connect(ben);
    const others: Seat[] = [];
    for (let index = 0; index < 30; index += 1) {
      const other = await room.enter(`P${index}`);
      await room.publish(other, 'camera');
      others.push(other);
    }
    ben.peer.subscriptions.show(others.map((other) => tile(other)));
    await rest();
    // The last shown is parked first: it is the one that goes when the rest follows.
    ben.peer.subscriptions.show(others.slice(0, 29).map((other) => tile(other)));
    await rest();
    ben.peer.subscriptions.show([]);
    await rest();
    expect(room.consumers(ben)).toHaveLength(24);
    expect(ben.link.all('consumerClosed')).toHaveLength(6);
    expect(room.consumers(ben).every(({ paused }) => paused)).toBe(true);
    expect(room.consumers(ben).map(({ producerId }) => producerId)).not.toContain(
      [...others[29]!.peer.tracks.keys()][0],
    );
    ben.peer.subscriptions.show(others.map((other) => tile(other)));
    await rest();
    expect(room.consumers(ben).filter(({ paused }) => !paused)).toHaveLength(30);
  });

  it('ends with its track, and the client is told; with the transport it ends in silence', async () => {
    const { room, anna, ben, camera } = await bench();
    ben.peer.subscriptions.show([tile(anna)]);
    const voice = await room.publish(anna, 'microphone');
    await rest();
    const { consumerId } = ben.link.offered.find(({ producerId }) => producerId === camera)!;
    closeTrack(room.room, anna.peer, camera);
    await rest();
    expect(ben.link.all('consumerClosed')).toEqual([{ consumerId }]);
    expect(ben.peer.subscriptions.consumer(consumerId)).toBeNull();
    expect(room.consumers(ben).map(({ producerId }) => producerId)).toEqual([voice]);
    room.host.die();
    await rest();
    expect(ben.link.all('consumerClosed')).toHaveLength(1);
    expect(ben.peer.subscriptions.size).toBe(0);
  });

  it('passes on mute and layers, with its own id', async () => {
    const { room, anna, ben, camera } = await bench();
    ben.peer.subscriptions.show([tile(anna)]);
    await rest();
    const consumer = room.consumerOf(ben, camera)!;
    await [...anna.peer.tracks.values()][0]!.producer.pause();
    await [...anna.peer.tracks.values()][0]!.producer.resume();
    consumer.onLayers?.({ spatialLayer: 1, temporalLayer: 2 });
    consumer.onLayers?.(null);
    expect(ben.link.said.filter(({ method }) => method.startsWith('consumer'))).toEqual([
      { method: 'consumerPaused', data: { consumerId: consumer.id } },
      { method: 'consumerResumed', data: { consumerId: consumer.id } },
      {
        method: 'consumerLayersChanged',
        data: { consumerId: consumer.id, layers: { spatialLayer: 1, temporalLayer: 2 } },
      },
      { method: 'consumerLayersChanged', data: { consumerId: consumer.id, layers: null } },
    ]);
  });
});

describe('after a worker died', () => {
  it('what is shown is offered again, as soon as it is published again', async () => {
    const { room, anna, ben } = await bench();
    ben.peer.subscriptions.show([tile(anna, 1280)]);
    await rest();
    room.host.die();
    await rest();
    room.connect(ben);
    const camera = await room.publish(anna, 'camera', { layers: 3 });
    await rest();
    expect(ben.link.offered.at(-1)).toMatchObject({ epoch: 1, producerId: camera });
    expect(room.consumerOf(ben, camera)?.calls).toEqual(['priority 128', 'layers 2:2', 'resume']);
  });
});

describe('of somebody whose connection is lost', () => {
  it('nothing new is consumed, until they are back', async () => {
    const { room, anna, ben } = await bench(VIEW);
    room.room.lose(ben.peer);
    await room.publish(anna, 'microphone');
    await rest();
    expect(ben.link.offered).toHaveLength(1);
    const back = await room.enter('Ben', { view: VIEW });
    await rest();
    expect(back.link.offered).toHaveLength(2);
    expect(room.host.open().consumers).toBe(2);
  });
});
