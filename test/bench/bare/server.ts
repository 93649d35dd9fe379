import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import * as mediasoup from 'mediasoup';
import websocket from 'websocket';
import { listenAddresses, listenInfos } from '../../../packages/sfu/src/media/addresses.ts';
import { routerCodecs } from '../../../packages/sfu/src/media/codecs.ts';
import { findWorkerBin } from '../../../packages/sfu/src/media/worker-bin.ts';
import type { FromPage, FromServer } from './protocol.ts';

/**
 * The floor of `bench:join`: one worker, one router, one page, and nothing around them. Usage: node server.ts <script of
 * the page>; prints its address when it is ready. Made fast in every way that the product is: the same worker, codecs,
 * candidates and start bitrate; transports ready in the first message; consumers resumed (which asks for a key frame) as
 * soon as the page has its receiver and DTLS is up.
 */
const script = readFileSync(process.argv[2] ?? '', 'utf8');
const page =
  '<!doctype html><meta charset="utf-8"><title>bare</title><body><script type="module" src="/page.js"></script>';

const worker = await mediasoup.createWorker({ workerBin: findWorkerBin(undefined, process.env) });
const addresses = listenAddresses(networkInterfaces(), []);
const webRtcServer = await worker.createWebRtcServer({ listenInfos: listenInfos(addresses, 0) });
const router = await worker.createRouter({
  mediaCodecs: routerCodecs(['opus', 'vp8', 'vp9', 'av1', 'h264']),
});
const producers: mediasoup.types.Producer[] = [];

const http = createServer((request, response) => {
  const isScript = request.url === '/page.js';
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? script : page);
});
const sockets = new websocket.server({ httpServer: http, autoAcceptConnections: true });
sockets.on('connect', (connection) => void serve(connection));
http.listen(0, () => process.stdout.write(`http://localhost:${(http.address() as AddressInfo).port}\n`));

async function serve(connection: websocket.connection): Promise<void> {
  const transport = await router.createWebRtcTransport({
    webRtcServer,
    preferUdp: true,
    initialAvailableOutgoingBitrate: 2_000_000,
  });
  connection.on('close', () => transport.close());
  const connected = new Promise<void>((resolve) => {
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') resolve();
    });
  });
  const send = (message: FromServer) => connection.sendUTF(JSON.stringify(message));
  let consumers: mediasoup.types.Consumer[] = [];
  connection.on('message', (raw) => {
    if (raw.type === 'utf8') void handle(JSON.parse(raw.utf8Data) as FromPage);
  });

  async function handle(message: FromPage): Promise<void> {
    switch (message.t) {
      case 'join': {
        const { rtpCapabilities } = message;
        consumers = await Promise.all(
          producers
            .filter(({ closed }) => !closed)
            .map(({ id }) => transport.consume({ producerId: id, rtpCapabilities, paused: true })),
        );
        send({
          t: 'consumers',
          list: consumers.map(({ id, producerId, kind, rtpParameters }) => ({
            id,
            producerId,
            kind,
            rtpParameters: rtpParameters as never,
          })),
        });
        return;
      }
      case 'connect':
        await transport.connect({ dtlsParameters: message.dtlsParameters });
        send({ t: 'done', n: message.n });
        return;
      case 'produce': {
        const producer = await transport.produce({
          kind: message.kind,
          rtpParameters: message.rtpParameters as mediasoup.types.RtpParameters,
          keyFrameRequestDelay: 250,
        });
        producers.push(producer);
        send({ t: 'done', n: message.n, id: producer.id });
        return;
      }
      case 'received':
        await connected;
        await Promise.all(consumers.map((consumer) => consumer.resume()));
    }
  }

  send({
    t: 'hello',
    routerRtpCapabilities: router.rtpCapabilities as never,
    transport: {
      id: transport.id,
      iceParameters: transport.iceParameters,
      iceCandidates: transport.iceCandidates,
      dtlsParameters: transport.dtlsParameters,
    },
  });
}
