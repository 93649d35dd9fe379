import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RtpCapabilities, RoomSlug } from '@parley/protocol';
import { IceParameters, RtpParameters, TransportOptions } from '@parley/protocol';
import type {
  MediaHost,
  MediaProducer,
  MediaTransport,
  RoomMedia,
} from '../../packages/sfu/src/room/ports.ts';
import { opusParameters, vp8Parameters, vp9Parameters } from '../support/rtp-parameters.ts';
import { until } from '../support/wait.ts';

export interface MediaHostBench {
  readonly host: MediaHost;
  /** Ends the worker under the rooms, as hard as can be, and lets another one take its place. */
  kill(): Promise<void>;
  stop(): void;
}

/** What `room/` relies on, whoever provides the media: run against the fake one and the real one. */
export function mediaHostContract(name: string, make: () => Promise<MediaHostBench>): void {
  describe(`the media host: ${name}`, () => {
    let bench: MediaHostBench;
    beforeAll(async () => {
      bench = await make();
    });
    afterAll(() => bench?.stop());

    const slug = 'contract' as RoomSlug;
    let ssrc = 1;
    const video = (transport: MediaTransport, layers = 1, paused = false) =>
      transport.produce({
        kind: 'video',
        rtpParameters: {
          ...vp8Parameters(Array.from({ length: layers }, () => (ssrc += 1))),
          mid: `v${(ssrc += 1)}`,
        },
        paused,
        voice: false,
      });
    const voice = (transport: MediaTransport) =>
      transport.produce({
        kind: 'audio',
        rtpParameters: { ...opusParameters((ssrc += 1)), mid: `a${(ssrc += 1)}` },
        paused: false,
        voice: true,
      });

    /** A room with one who sends and one who receives. */
    async function pair(): Promise<{ room: RoomMedia; send: MediaTransport; recv: MediaTransport }> {
      const room = await bench.host.openRoom(slug);
      const [send, recv] = await Promise.all([room.createTransport('send'), room.createTransport('recv')]);
      return { room, send, recv };
    }
    const consume = (recv: MediaTransport, producer: MediaProducer, rtpCapabilities: RtpCapabilities) =>
      recv.consume({ producerId: producer.id, rtpCapabilities });
    const event = (what: string, look: () => boolean) => until(look, { timeoutMs: 5_000, what });

    it('opens rooms that are apart from each other', async () => {
      const [one, two] = await Promise.all([bench.host.openRoom(slug), bench.host.openRoom(slug)]);
      expect(one).not.toBe(two);
      expect(one.rtpCapabilities.codecs?.map(({ mimeType }) => mimeType)).toEqual(
        expect.arrayContaining(['audio/opus', 'video/VP8']),
      );
      one.close();
      expect([one.closed, two.closed]).toEqual([true, false]);
      two.close();
    });

    it('makes transports whose description fits the protocol', async () => {
      const { room, send, recv } = await pair();
      expect(send.id).not.toBe(recv.id);
      for (const transport of [send, recv]) {
        expect(TransportOptions.parse(transport.options).id).toBe(transport.id);
        expect(transport.closed).toBe(false);
      }
      room.close();
    });

    it('connects a transport once, and does not take that for DTLS being up', async () => {
      const { room, send } = await pair();
      const fingerprints = [{ algorithm: 'sha-256' as const, value: Array(32).fill('AB').join(':') }];
      let connected = false;
      void send.whenConnected.then(() => {
        connected = true;
      });
      await send.connect({ role: 'client', fingerprints });
      await expect(send.connect({ role: 'client', fingerprints })).rejects.toMatchObject({
        key: 'ALREADY_CONNECTED',
      });
      expect(connected).toBe(false);
      room.close();
    });

    it('gives new ICE credentials', async () => {
      const { room, send } = await pair();
      const restarted = IceParameters.parse(await send.restartIce());
      expect(restarted.usernameFragment).not.toBe(send.options.iceParameters.usernameFragment);
      room.close();
    });

    it('takes tracks with codecs that it knows, and no others', async () => {
      const { room, send } = await pair();
      const producer = await video(send);
      expect(producer).toMatchObject({ kind: 'video', codec: 'video/VP8', closed: false });
      expect((await voice(send)).kind).toBe('audio');
      const unknown = vp8Parameters([(ssrc += 1)]);
      const rtpParameters = {
        ...unknown,
        mid: 'unknown',
        codecs: [{ ...unknown.codecs[0]!, mimeType: 'video/H266' }],
      };
      await expect(
        send.produce({ kind: 'video', rtpParameters, paused: false, voice: false }),
      ).rejects.toMatchObject({
        key: 'UNSUPPORTED_MEDIA',
      });
      room.close();
    });

    it('refuses a track that claims what another one has', async () => {
      const { room, send } = await pair();
      const options = {
        kind: 'video',
        rtpParameters: vp8Parameters([(ssrc += 1)]),
        paused: false,
        voice: false,
      } as const;
      await send.produce(options);
      await expect(send.produce(options)).rejects.toMatchObject({ key: 'UNSUPPORTED_MEDIA' });
      room.close();
    });

    it('lets a track be consumed by who can decode it, described for the protocol', async () => {
      const { room, send, recv } = await pair();
      const producer = await video(send, 3);
      const consumer = await consume(recv, producer, room.rtpCapabilities);
      expect(consumer).toMatchObject({
        producerId: producer.id,
        kind: 'video',
        type: 'simulcast',
        spatialLayers: 3,
        producerPaused: false,
      });
      expect(RtpParameters.parse(consumer.rtpParameters).encodings).toHaveLength(1);
      const single = await consume(recv, await video(send, 1, true), room.rtpCapabilities);
      expect(single).toMatchObject({ type: 'simple', spatialLayers: 1, producerPaused: true });

      const nine = await send.produce({
        kind: 'video',
        rtpParameters: { ...vp9Parameters((ssrc += 1)), mid: 'nine' },
        paused: false,
        voice: false,
      });
      const codecs = room.rtpCapabilities.codecs?.filter(({ mimeType }) => !/vp9/i.test(mimeType));
      await expect(consume(recv, nine, { ...room.rtpCapabilities, codecs })).rejects.toMatchObject({
        key: 'UNSUPPORTED_MEDIA',
      });
      room.close();
    });

    it('tells consumers when the track is muted, unmuted and gone', async () => {
      const { room, send, recv } = await pair();
      const producer = await video(send);
      const consumer = await consume(recv, producer, room.rtpCapabilities);
      const told: string[] = [];
      consumer.onProducerPaused = (paused) => told.push(paused ? 'muted' : 'unmuted');
      consumer.onProducerClosed = () => told.push(`gone, closed: ${consumer.closed}`);
      await producer.pause();
      await event('muted', () => told.length === 1);
      expect(consumer.producerPaused).toBe(true);
      await producer.resume();
      await event('unmuted', () => told.length === 2);
      producer.close();
      await event('gone', () => told.length === 3);
      expect(told).toEqual(['muted', 'unmuted', 'gone, closed: true']);
      room.close();
    });

    it('closes downwards and at once; a receiver that closes is not told about itself', async () => {
      const { room, send, recv } = await pair();
      const producer = await video(send);
      const consumer = await consume(recv, producer, room.rtpCapabilities);
      let told = 0;
      consumer.onProducerClosed = () => {
        told += 1;
      };
      recv.close();
      recv.close();
      expect([recv.closed, consumer.closed, producer.closed]).toEqual([true, true, false]);
      send.close();
      expect(producer.closed).toBe(true);
      const other = await room.createTransport('send');
      room.close();
      room.close();
      expect([room.closed, other.closed]).toEqual([true, true]);
      expect(told).toBe(0);
    });

    it('tells the consumers of a sender whose transport closes', async () => {
      const { room, send, recv } = await pair();
      const consumer = await consume(recv, await video(send), room.rtpCapabilities);
      let told = 0;
      consumer.onProducerClosed = () => {
        told += 1;
      };
      send.close();
      await event('told', () => told === 1);
      expect(consumer.closed).toBe(true);
      room.close();
    });

    it('bears calls to what is closed', async () => {
      const { room, send, recv } = await pair();
      const producer = await video(send, 2);
      const consumer = await consume(recv, producer, room.rtpCapabilities);
      producer.close();
      await event('closed', () => consumer.closed);
      await Promise.all([
        producer.pause(),
        producer.resume(),
        consumer.pause(),
        consumer.resume(),
        consumer.requestKeyFrame(),
        consumer.setPriority(5),
        consumer.setPreferredLayers({ spatialLayer: 0, temporalLayer: 0 }),
      ]);
      producer.close();
      consumer.close();
      await expect(consume(recv, producer, room.rtpCapabilities)).rejects.toMatchObject({
        key: 'UNSUPPORTED_MEDIA',
      });
      send.close();
      await expect(video(send)).rejects.toMatchObject({ key: 'NO_SUCH_TRANSPORT' });
      room.close();
      await expect(room.createTransport('send')).rejects.toMatchObject({ key: 'MEDIA_UNAVAILABLE' });
    });

    it('says once that the worker died, when everything on it is closed already; a closed room hears nothing', async () => {
      const { room, send, recv } = await pair();
      const { room: closed } = await pair();
      const producer = await video(send);
      const consumer = await consume(recv, producer, room.rtpCapabilities);
      const told: boolean[][] = [];
      let late = 0;
      room.onDied = () =>
        told.push([room.closed, send.closed, recv.closed, producer.closed, consumer.closed]);
      closed.onDied = () => {
        late += 1;
      };
      closed.close();
      await bench.kill();
      await event('told', () => told.length > 0);
      expect(told).toEqual([[true, true, true, true, true]]);
      expect(late).toBe(0);
      await expect(room.createTransport('send')).rejects.toMatchObject({ key: 'MEDIA_UNAVAILABLE' });
      const next = await until(() => bench.host.openRoom(slug), {
        timeoutMs: 10_000,
        what: 'another worker',
      });
      expect(next.closed).toBe(false);
      next.close();
    });
  });
}
