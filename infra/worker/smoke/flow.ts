// Sources and sinks around a router: what the smoke tests send through a worker, and what they get out of it.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { types } from 'mediasoup';
import { parseRtp, pictureOf, type Picture, type RtpPacket } from './rtp.ts';
import { Vp8Source } from './source.ts';
import { arrival, onClose, vp8Parameters } from './stage.ts';

export type Received = RtpPacket & { picture: Picture };

/** A source that feeds a producer straight into a router. */
export async function directSource(router: types.Router, ssrcs: number[]) {
  const transport = await router.createDirectTransport();
  const producer = await transport.produce({ kind: 'video', rtpParameters: vp8Parameters(ssrcs) });
  const source = new Vp8Source({
    ssrcs,
    sendRtp: (packet) => producer.send(packet),
    sendRtcp: (packet) => transport.sendRtcp(packet),
  });

  transport.on('rtcp', (packet) => source.receiveRtcp(packet));
  onClose(() => source.stop());
  await streamsKnown(producer, ssrcs.length);

  return { producer, source };
}

/**
 * Waits until the worker has seen every stream of a producer. The source's first key frame has gone by then, so that
 * whoever consumes it has to ask for one.
 */
export async function streamsKnown(producer: types.Producer, count: number): Promise<void> {
  await arrival<void>('the streams of the producer', (resolve) => {
    producer.on('score', (scores) => scores.length === count && resolve());
  });
}

/** What a consumer on a DirectTransport receives, as it comes. */
export async function directSink(router: types.Router, producer: types.Producer) {
  const transport = await router.createDirectTransport();
  const consumer = await transport.consume({
    producerId: producer.id,
    rtpCapabilities: router.rtpCapabilities,
    paused: true,
  });
  const received: Received[] = [];
  let notify = (): void => {};

  consumer.on('rtp', (bytes) => {
    const packet = parseRtp(bytes);
    const picture = pictureOf(packet);

    if (picture) {
      received.push({ ...packet, picture });
      notify();
    }
  });

  /** Waits until `found` likes what has been received so far. */
  const until = (what: string, found: (packets: Received[]) => boolean): Promise<void> =>
    arrival<void>(what, (resolve) => {
      notify = () => found(received) && resolve();
      notify();
    });

  await consumer.resume();

  return { consumer, received, until };
}

/** A transport that shares the server's port with the others. */
export async function webRtcTransport(
  router: types.Router,
  webRtcServer: types.WebRtcServer,
  enableSctp = false,
) {
  const transport = await router.createWebRtcTransport({ webRtcServer, enableSctp });

  onClose(() => transport.close());

  return transport;
}

/** A UDP socket of our own on loopback. */
export async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');

  onClose(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');

  return socket;
}
