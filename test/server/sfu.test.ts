import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RtpCapabilities, TileView } from '@parley/protocol';
import { measured } from '../support/output.ts';
import { Person } from '../support/person.ts';
import type { PersonOptions } from '../support/person.ts';
import { startServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { CAN_DECODE } from '../support/signalling-client.ts';
import { holds, until } from '../support/wait.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer('server-sfu', { PARLEY_WORKERS: '2' });
});
afterAll(() => server?.stop());

const people: Person[] = [];
async function enter(slug: string, name: string, options: PersonOptions = {}): Promise<Person> {
  const person = await Person.enter(server.url, slug, name, options);
  people.push(person);
  return person;
}
afterEach(() => {
  for (const person of people.splice(0)) person.leave();
});

const view = (person: Person, width: number): TileView[] => [
  { peerId: person.signal.peerId, source: 'camera', width, height: Math.round((width * 9) / 16) },
];
const layerOf = (person: Person, producerId: string) => person.packetsOf(producerId).at(-1)?.picture?.layer;
const waitFor = (what: string, look: () => unknown, timeoutMs = 15_000) =>
  until(() => Boolean(look()), { timeoutMs, what });

describe('a picture', () => {
  it('arrives with the layer that the tile deserves, whenever the tile changes, and begins with a key frame', async () => {
    const [anna, ben] = [await enter('layers', 'Anna'), await enter('layers', 'Ben')];
    const { producerId, camera } = await anna.film(3);
    await ben.listen();
    for (const [width, layer] of [
      [320, 0],
      [1280, 2],
      [640, 1],
      [200, 0],
      [1920, 2],
    ] as const) {
      const before = ben.packetsOf(producerId).length;
      ben.signal.notify('setView', { tiles: view(anna, width) });
      await waitFor(`layer ${layer} for a tile ${width} wide`, () => layerOf(ben, producerId) === layer);
      const packets = ben.packetsOf(producerId);
      const first = packets.findIndex(({ picture }, index) => index >= before && picture?.layer === layer);
      expect(packets[first]?.picture).toMatchObject({ layer, keyFrame: true });
      await ben.signal.notice('consumerLayersChanged', ({ layers }) => layers?.spatialLayer === layer);
    }
    expect(ben.packetsOf(producerId)[0]?.picture?.keyFrame).toBe(true);
    const numbers = ben.packetsOf(producerId).map(({ sequenceNumber }) => sequenceNumber);
    expect(
      numbers.every((number, index) => index === 0 || number === ((numbers[index - 1]! + 1) & 0xffff)),
    ).toBe(true);
    expect(camera.requests).toBeGreaterThan(0);
    measured('key frames asked for at five layer changes', camera.requests);
  });

  it('is not sent before the client has acknowledged it and its transport is connected', async () => {
    const [anna, ben] = [
      await enter('order', 'Anna'),
      await enter('order', 'Ben', { view: { tiles: 4, width: 640, height: 360 } }),
    ];
    let acknowledge: () => void = () => undefined;
    const acknowledged = new Promise<void>((resolve) => {
      acknowledge = resolve;
    });
    const take = ben.signal.ack;
    ben.signal.ack = async (data) => {
      take(data);
      await acknowledged;
    };
    const { producerId } = await anna.film(1);
    await ben.signal.consumer((data) => data.producerId === producerId);
    await ben.listen();
    await holds(() => (ben.packetsOf(producerId).length > 0 ? 'a packet before the acknowledgement' : null), {
      forMs: 500,
      what: 'nothing is sent',
    });
    acknowledge();
    await waitFor('the picture', () => ben.packetsOf(producerId).length > 5);
    expect(ben.packetsOf(producerId)[0]?.picture?.keyFrame).toBe(true);
  });

  it('acknowledged first and connected later begins with a key frame as well', async () => {
    const [anna, ben] = [
      await enter('later', 'Anna'),
      await enter('later', 'Ben', { view: { tiles: 4, width: 640, height: 360 } }),
    ];
    const { producerId, camera } = await anna.film(1);
    await ben.signal.consumer((data) => data.producerId === producerId);
    await ben.signal.settle();
    await holds(() => (camera.requests > 0 ? 'a key frame that nobody can receive' : null), {
      forMs: 400,
      what: 'nothing is asked for',
    });
    await ben.listen();
    await waitFor('the picture', () => ben.packetsOf(producerId).length > 5);
    expect(ben.packetsOf(producerId)[0]?.picture?.keyFrame).toBe(true);
  });

  it('that is not shown is not sent; shown again it is back with a key frame', async () => {
    const [anna, ben] = [await enter('parked', 'Anna'), await enter('parked', 'Ben')];
    const { producerId } = await anna.film(1);
    await ben.listen();
    ben.signal.notify('setView', { tiles: view(anna, 640) });
    await waitFor('the picture', () => ben.packetsOf(producerId).length > 5);
    ben.signal.notify('setView', { tiles: [] });
    await ben.signal.settle();
    await quiet(ben, producerId);
    const before = ben.packetsOf(producerId).length;
    ben.signal.notify('setView', { tiles: view(anna, 640) });
    await waitFor('the picture again', () => ben.packetsOf(producerId).length > before + 5);
    expect(ben.packetsOf(producerId)[before]?.picture?.keyFrame).toBe(true);
    expect(ben.consumers.size).toBe(1);
  });

  it('that a client asks a key frame of gets one', async () => {
    const [anna, ben] = [
      await enter('key', 'Anna'),
      await enter('key', 'Ben', { view: { tiles: 4, width: 640, height: 360 } }),
    ];
    const { producerId } = await anna.film(1);
    await ben.listen();
    await waitFor('the picture', () => ben.packetsOf(producerId).length > 30);
    const before = ben.packetsOf(producerId).length;
    const [consumer] = ben.consumers.values();
    ben.signal.notify('requestKeyFrame', { consumerId: consumer!.consumerId });
    await waitFor('a key frame', () =>
      ben
        .packetsOf(producerId)
        .slice(before)
        .some(({ picture }) => picture?.keyFrame),
    );
  });
});

/** Waits until nothing more of a track comes: what was under way has arrived. */
async function quiet(person: Person, producerId: string): Promise<void> {
  let count = -1;
  let since = 0;
  await until(
    () => {
      const now = person.packetsOf(producerId).length;
      since = now === count ? since + 1 : 0;
      count = now;
      return since >= 4;
    },
    { timeoutMs: 5_000, what: 'the track falls silent' },
  );
}

describe('a voice', () => {
  it('is heard by everybody without being asked for; muted, nothing of it arrives', async () => {
    const [anna, ben] = [await enter('mute', 'Anna'), await enter('mute', 'Ben')];
    const { producerId, voice } = await anna.speak(-20);
    await ben.listen();
    await waitFor('sound', () => ben.packetsOf(producerId).length > 10);
    expect(ben.packetsOf(producerId)[0]?.payload.toString('latin1')).toContain('voice ');

    await anna.signal.request('pauseProducer', { producerId });
    await ben.signal.notice('consumerPaused');
    await quiet(ben, producerId);
    const [sent, heard] = [voice.sent, ben.packetsOf(producerId).length];
    await waitFor('what is sent into the void', () => voice.sent > sent + 25);
    expect(ben.packetsOf(producerId)).toHaveLength(heard);

    await anna.signal.request('resumeProducer', { producerId });
    await ben.signal.notice('consumerResumed');
    await waitFor('sound again', () => ben.packetsOf(producerId).length > heard + 10);
    expect(ben.signal.notices('roomEvents').flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
      'trackAdded',
      'trackPaused',
      'trackResumed',
    ]);
  });

  it('makes its owner the speaker, and everybody knows how loud', async () => {
    const [anna, ben, carl] = [
      await enter('loud', 'Anna'),
      await enter('loud', 'Ben'),
      await enter('loud', 'Carl'),
    ];
    const one = await anna.speak(-15);
    const two = await ben.speak(-127);
    await carl.signal.notice('activeSpeaker', ({ peerId }) => peerId === anna.signal.peerId, 15_000);
    // A level is that of a quarter of a second; one that is no pause between words tells how loud the words are.
    const { levels } = await carl.signal.notice('audioLevels', (data) =>
      data.levels.some(({ volume }) => volume > -25),
    );
    expect(levels.map(({ peerId }) => peerId)).toEqual([anna.signal.peerId]);
    expect(levels[0]?.volume).toBeLessThanOrEqual(-15);
    one.voice.level = -127;
    two.voice.level = -15;
    await carl.signal.notice('activeSpeaker', ({ peerId }) => peerId === ben.signal.peerId, 15_000);
    const late = await enter('loud', 'Dora');
    await late.signal.notice('activeSpeaker', ({ peerId }) => peerId === ben.signal.peerId);
    ben.leave();
    await carl.signal.notice('activeSpeaker', ({ peerId }) => peerId === null);
  });

  it('stays in its meeting', async () => {
    const [anna, ben] = [await enter('one', 'Anna'), await enter('one', 'Ben')];
    const [carl, dora] = [await enter('two', 'Carl'), await enter('two', 'Dora')];
    await Promise.all([ben.listen(), dora.listen()]);
    const mine = await anna.speak(-20);
    const theirs = await carl.speak(-20);
    await waitFor(
      'both heard',
      () => ben.packetsOf(mine.producerId).length > 25 && dora.packetsOf(theirs.producerId).length > 25,
    );
    expect([...ben.consumers.values()].map(({ peerId }) => peerId)).toEqual([anna.signal.peerId]);
    expect([...dora.consumers.values()].map(({ peerId }) => peerId)).toEqual([carl.signal.peerId]);
    for (const person of [anna, ben]) {
      expect(JSON.stringify(person.signal.frames)).not.toContain(carl.signal.peerId);
    }
    // Nor can one reach over by naming what belongs to others.
    for (const [method, data] of [
      ['pauseProducer', { producerId: theirs.producerId }],
      ['closeProducer', { producerId: theirs.producerId }],
    ] as const) {
      await expect(anna.signal.request(method, data)).rejects.toMatchObject({ key: 'NO_SUCH_PRODUCER' });
    }
    await expect(
      anna.signal.request('restartIce', { transportId: carl.media.sendTransport.id }),
    ).rejects.toMatchObject({ key: 'NO_SUCH_TRANSPORT' });
    ben.signal.notify('setView', { tiles: view(carl, 640) });
    await ben.signal.settle();
    expect(ben.consumers.size).toBe(1);
  });
});

describe('codecs', () => {
  it('who cannot decode a track does not get it; the others do', async () => {
    const without = {
      ...CAN_DECODE,
      codecs: CAN_DECODE.codecs?.filter(({ mimeType }) => mimeType !== 'video/VP9'),
    } as RtpCapabilities;
    const wide = { tiles: 4, width: 640, height: 360 };
    const anna = await enter('codecs', 'Anna');
    const old = await enter('codecs', 'Old', { view: wide, rtpCapabilities: without });
    const modern = await enter('codecs', 'Modern', { view: wide });
    const nine = await anna.film(1, 'camera', 'vp9');
    const eight = await anna.film(1, 'screen');
    const seen = (person: Person) => [...person.consumers.values()].map(({ producerId }) => producerId);
    await waitFor('both tracks for the modern one', () => seen(modern).length === 2);
    await waitFor('the other track for the old one', () => seen(old).includes(eight.producerId));
    await old.signal.settle();
    expect(seen(old)).toEqual([eight.producerId]);
    expect(new Set(seen(modern))).toEqual(new Set([nine.producerId, eight.producerId]));
  });

  it('of the router hold what a client may send; others are refused', async () => {
    const anna = await enter('refused', 'Anna');
    const produce = anna.signal.request('produce', {
      transportId: anna.media.sendTransport.id,
      kind: 'video',
      source: 'camera',
      rtpParameters: {
        codecs: [{ mimeType: 'video/H266', payloadType: 96, clockRate: 90000 }],
        encodings: [{ ssrc: 1 }],
      },
    });
    await expect(produce).rejects.toMatchObject({ key: 'UNSUPPORTED_MEDIA' });
  });
});
