// Proves by mediasoup's public behaviour that the binary which obtain.mjs found does what a worker has to do. Nobody
// else tests this combination of compiler, libraries and headers, see README.md.
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { types } from 'mediasoup';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from './smoke/client.ts';
import { boundSocket, directSink, directSource, streamsKnown, webRtcTransport } from './smoke/flow.ts';
import {
  isRtcp,
  keyFrameRequests,
  parseRtp,
  pictureLoss,
  pictureOf,
  vp8Packet,
  type Picture,
} from './smoke/rtp.ts';
import { Vp8Source } from './smoke/source.ts';
import { ReferenceSrtp, suites } from './smoke/srtp.ts';
import * as stage from './smoke/stage.ts';

const { arrival, createRouter, loopback, onClose, startWorker, vp8Parameters } = stage;

// The first call may have to compile the worker.
beforeAll(() => stage.workerBinary(), 30 * 60_000);
afterEach(() => stage.closeAll());

/** Suites that DTLS chose since `from`, in the order in which the workers logged them. */
function chosenSuites(from: number): string[] {
  return stage.workerLog
    .slice(from)
    .flatMap((line) => /chosen SRTP crypto suite: (\S+)/.exec(line)?.[1] ?? []);
}

describe('DTLS-SRTP', () => {
  it.for([
    { publisher: 'client', subscriber: 'server' },
    { publisher: 'server', subscriber: 'client' },
  ] as const)('carries a picture from a $publisher to a $subscriber', async ({ publisher, subscriber }) => {
    const logged = stage.workerLog.length;
    const worker = await startWorker();
    const webRtcServer = await worker.createWebRtcServer({ listenInfos: [loopback] });
    const router = await createRouter(worker);
    const ssrc = 0x1234_5678;

    const sender = new Client({
      transport: await webRtcTransport(router, webRtcServer),
      dtls: publisher,
      media: { direction: 'send', ssrc },
    });

    await sender.connect();

    const producer = await sender.transport.produce({
      kind: 'video',
      rtpParameters: vp8Parameters([ssrc], 1),
    });
    const source = new Vp8Source({
      ssrcs: [ssrc],
      sendRtp: (packet) => sender.track!.sendMessageBinary(packet),
    });

    onClose(() => source.stop());
    sender.track!.onMessage((message) => isRtcp(message) && source.receiveRtcp(message));
    await streamsKnown(producer, 1);

    const receiverTransport = await webRtcTransport(router, webRtcServer);
    const consumer = await receiverTransport.consume({
      producerId: producer.id,
      rtpCapabilities: router.rtpCapabilities,
      paused: true,
    });
    const receiver = new Client({
      transport: receiverTransport,
      dtls: subscriber,
      media: { direction: 'receive' },
      receiveSsrc: consumer.rtpParameters.encodings![0]!.ssrc,
    });

    await receiver.connect();

    const pictures: Picture[] = [];

    await arrival<void>('thirty decrypted pictures', (resolve) => {
      receiver.track!.onMessage((message) => {
        const picture = isRtcp(message) ? null : pictureOf(parseRtp(message));

        if (picture && pictures.push(picture) === 30) {
          resolve();
        }
      });
      void consumer.resume();
    });

    // A consumer starts with a key frame, for which the worker asked over SRTCP.
    expect(pictures[0]!.keyFrame).toBe(true);
    expect(source.requests).toBeGreaterThan(0);
    expect(pictures.map(({ frame }) => frame)).toEqual(pictures.map((_, i) => pictures[0]!.frame + i));

    const names = chosenSuites(logged);

    expect(names).toHaveLength(2);

    for (const [role, client, suite] of [
      ['publisher', sender, names[0]],
      ['subscriber', receiver, names[1]],
    ] as const) {
      const { dtlsState, iceState, iceSelectedTuple: tuple } = client.transport;

      expect(dtlsState).toBe('connected');
      console.log(
        `${role}: DTLS ${client.transport.dtlsParameters.role} on the worker's side ${dtlsState}, ICE ${iceState}, ` +
          `${tuple?.protocol} ${tuple?.localPort} <- ${tuple?.remotePort}, ${suite}`,
      );
    }
  });
});

describe('SRTP', () => {
  it.for(Object.keys(suites) as types.SrtpCryptoSuite[])('%s is what the RFC says', async (suite) => {
    const worker = await startWorker();
    const router = await createRouter(worker);
    const socket = await boundSocket();
    const { keyLength, saltLength } = suites[suite];
    const ourKey = randomBytes(keyLength + saltLength).toString('base64');
    const transport = await router.createPlainTransport({
      listenInfo: loopback,
      rtcpMux: true,
      comedia: false,
      enableSrtp: true,
      srtpCryptoSuite: suite,
    });

    await transport.connect({
      ip: '127.0.0.1',
      port: (socket.address() as AddressInfo).port,
      srtpParameters: { cryptoSuite: suite, keyBase64: ourKey },
    });

    const ours = new ReferenceSrtp(suite, ourKey);
    const theirs = new ReferenceSrtp(suite, transport.srtpParameters!.keyBase64);
    const toWorker = (packet: Buffer): void =>
      socket.send(packet, transport.tuple.localPort, transport.tuple.localIp);

    // Outwards: protected by the worker, opened here. Our request for a key frame goes in as SRTCP.
    const { producer, source } = await directSource(router, [1001]);
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: router.rtpCapabilities,
    });
    const opened = await arrival<Picture>('a packet that the worker protected', (resolve, reject) => {
      socket.on('message', (bytes) => {
        try {
          const picture = isRtcp(bytes) ? null : pictureOf(parseRtp(theirs.unprotectRtp(bytes)));

          if (picture) {
            expect(bytes.includes('keyFrame')).toBe(false);
            resolve(picture);
          }
        } catch (error) {
          reject(error as Error);
        }
      });
    });
    const requestsBefore = source.requests;

    await arrival<void>('a key frame after our SRTCP request', (resolve) => {
      // The worker drops requests that follow one another too closely, so the first may be in vain.
      const again = setInterval(ask, 200);

      onClose(() => clearInterval(again));
      ask();
      producer.on('trace', () => source.requests > requestsBefore && resolve());
      void producer.enableTraceEvent(['pli']);

      function ask(): void {
        toWorker(ours.protectRtcp(pictureLoss(consumer.rtpParameters.encodings![0]!.ssrc!)));
      }
    });

    // Inwards: protected here, opened by the worker. Its request for a key frame comes out as SRTCP.
    const incoming = await transport.produce({ kind: 'video', rtpParameters: vp8Parameters([2002], 1) });
    const sent = new Vp8Source({ ssrcs: [2002], sendRtp: (packet) => toWorker(ours.protectRtp(packet)) });

    onClose(() => sent.stop());
    await streamsKnown(incoming, 1);

    const asked = arrival<void>('a request that the worker protected', (resolve, reject) => {
      socket.on('message', (bytes) => {
        try {
          if (isRtcp(bytes)) {
            const clear = theirs.unprotectRtcp(bytes);

            sent.receiveRtcp(clear);

            if (keyFrameRequests(clear).includes(2002)) {
              resolve();
            }
          }
        } catch (error) {
          reject(error as Error);
        }
      });
    });

    const sink = await directSink(router, incoming);

    await asked;
    await sink.until('ten packets that the worker opened', (packets) => packets.length >= 10);

    // A packet that was tampered with goes nowhere.
    const forged = ours.protectRtp(
      vp8Packet(
        { layer: 9, frame: 9, temporalLayer: 0, keyFrame: true },
        { ssrc: 2002, sequenceNumber: 30_000, timestamp: 0, tl0: 0, size: 100 },
      ),
    );
    const before = sink.received.length;

    forged[40]! ^= 1;
    toWorker(forged);
    await sink.until('packets after the forged one', (packets) => packets.length >= before + 5);
    expect(sink.received.some(({ picture }) => picture.layer === 9)).toBe(false);

    console.log(`${suite}: frame ${opened.frame} out, ${sink.received.length} frames in, SRTCP both ways`);
  });
});

describe('simulcast', () => {
  it('forwards the stream that the consumer prefers, without a seam', async () => {
    const worker = await startWorker();
    const router = await createRouter(worker);
    const { producer, source } = await directSource(router, [3001, 3002, 3003]);
    const { consumer, received, until } = await directSink(router, producer);
    const wishes = [
      { spatialLayer: 0, temporalLayer: 1 },
      { spatialLayer: 2, temporalLayer: 1 },
      { spatialLayer: 1, temporalLayer: 0 },
      { spatialLayer: 2, temporalLayer: 1 },
      { spatialLayer: 0, temporalLayer: 0 },
    ];

    expect(consumer.type).toBe('simulcast');

    for (const wish of wishes) {
      const requests = source.requests;
      const started = performance.now();

      await consumer.setPreferredLayers(wish);
      await until(`layer ${wish.spatialLayer}/${wish.temporalLayer}`, (packets) => {
        const last = packets.slice(-12).map(({ picture }) => picture);

        return (
          last.length === 12 &&
          last.every(({ layer }) => layer === wish.spatialLayer) &&
          Math.max(...last.map(({ temporalLayer }) => temporalLayer)) === wish.temporalLayer
        );
      });

      const switched = received.findLastIndex(({ picture }) => picture.layer !== wish.spatialLayer) + 1;

      expect(received[switched]!.picture.keyFrame).toBe(true);
      expect(consumer.currentLayers).toEqual(wish);
      console.log(
        `layers ${wish.spatialLayer}/${wish.temporalLayer}: twelve frames after ` +
          `${Math.round(performance.now() - started)} ms, ${source.requests - requests} key frame requests`,
      );
    }

    // One stream for the receiver, whatever it is made of: one SSRC, no gap, a clock that goes on.
    const { ssrc } = consumer.rtpParameters.encodings![0]!;

    for (const [i, packet] of received.entries()) {
      expect(packet.ssrc).toBe(ssrc);

      if (i > 0) {
        const ticks = (packet.timestamp - received[i - 1]!.timestamp) | 0;

        expect((packet.sequenceNumber - received[i - 1]!.sequenceNumber) & 0xffff).toBe(1);
        expect(ticks).toBeGreaterThan(0);
        expect(ticks).toBeLessThan(90_000);
      }
    }
  });
});

describe('pipe transports', () => {
  it('carry media and key frame requests between two workers over SRTP', async () => {
    const [origin, remote] = await Promise.all([startWorker(), startWorker()]);
    const [near, far] = await Promise.all([createRouter(origin), createRouter(remote)]);
    const { producer, source } = await directSource(near, [4001]);
    const { pipeConsumer, pipeProducer } = await near.pipeToRouter({
      producerId: producer.id,
      router: far,
      enableSrtp: true,
      enableRtx: true,
    });
    const { consumer, received, until } = await directSink(far, pipeProducer!);

    await until('twenty pictures on the far side', (packets) => packets.length >= 20);
    expect(received[0]!.picture.keyFrame).toBe(true);

    const requests = source.requests;
    const seen = received.length;

    await consumer.requestKeyFrame();
    await until('a key frame that the far side asked for', (packets) =>
      packets.slice(seen).some(({ picture }) => picture.keyFrame),
    );
    expect(source.requests).toBeGreaterThan(requests);

    const stats = await pipeConsumer!.getStats();

    console.log(
      `pipe ${origin.pid} -> ${remote.pid}: ${received.length} pictures, ` +
        `${stats.find(({ type }) => type === 'outbound-rtp')?.packetCount} packets, ` +
        `${source.requests} key frame requests`,
    );
  });

  it('refuse to work in clear once SRTP is on', async () => {
    const worker = await startWorker();
    const router = await createRouter(worker);
    const pipe = await router.createPipeTransport({ listenInfo: loopback, enableSrtp: true });

    expect(pipe.srtpParameters?.cryptoSuite).toBe('AEAD_AES_256_GCM');
    await expect(pipe.connect({ ip: '127.0.0.1', port: 9 })).rejects.toThrow(/srtp/i);
  });
});

describe('data channels', () => {
  it('carry text and bytes from one client to another over SCTP', async () => {
    const worker = await startWorker();
    const webRtcServer = await worker.createWebRtcServer({ listenInfos: [loopback] });
    const router = await createRouter(worker);
    const streamId = 4;
    const [out, back] = await Promise.all([
      webRtcTransport(router, webRtcServer, true),
      webRtcTransport(router, webRtcServer, true),
    ]);
    const dataProducer = await out.produceData({ sctpStreamParameters: { streamId, ordered: true } });
    const dataConsumer = await back.consumeData({ dataProducerId: dataProducer.id });
    const sender = new Client({ transport: out, dtls: 'client', dataStreams: [streamId] });
    const receiver = new Client({
      transport: back,
      dtls: 'server',
      dataStreams: [dataConsumer.sctpStreamParameters!.streamId],
    });
    const channel = sender.channels[0]!;
    const opened = [sender, receiver].map(({ channels, transport }) =>
      Promise.all([
        arrival<void>('open data channel', (resolve) => channels[0]!.onOpen(resolve)),
        arrival<void>('SCTP of the transport', (resolve) =>
          transport.on('sctpstatechange', (state) => state === 'connected' && resolve()),
        ),
      ]),
    );

    await Promise.all([sender.connect(), receiver.connect(), ...opened]);

    // The last one takes more than a hundred SCTP packets.
    const messages = ['hello', Buffer.from([0, 1, 2, 255]), '多人会议', randomBytes(200_000)];
    const arrived: (string | Buffer)[] = [];

    await arrival<void>('all messages', (resolve) => {
      receiver.channels[0]!.onMessage((message) => {
        arrived.push(typeof message === 'string' ? message : Buffer.from(message as Buffer));

        if (arrived.length === messages.length) {
          resolve();
        }
      });

      for (const message of messages) {
        if (typeof message === 'string') {
          channel.sendMessage(message);
        } else {
          channel.sendMessageBinary(message);
        }
      }
    });

    expect(arrived).toEqual(messages);

    // And the other way, from the server itself: a DirectTransport has no network.
    const direct = await router.createDirectTransport();
    const announcer = await direct.produceData();
    const announced = await back.consumeData({ dataProducerId: announcer.id });
    const [stats] = await dataConsumer.getStats();

    expect(announced.sctpStreamParameters!.streamId).not.toBe(dataConsumer.sctpStreamParameters!.streamId);
    expect(stats!.messagesSent).toBe(messages.length);
    console.log(
      `SCTP ${out.sctpState} and ${back.sctpState}: ${stats!.messagesSent} messages, ${stats!.bytesSent} bytes, ` +
        `streams ${JSON.stringify(back.sctpNegotiatedCapabilities ?? null)}`,
    );
  });
});
