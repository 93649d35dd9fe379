import { Device } from 'mediasoup-client';
import type { types } from 'mediasoup-client';
import { cameraEncodings } from '../../../packages/web/src/call/encodings.ts';
import type { FromPage, FromServer, Hello } from './protocol.ts';

/** The page of the floor: `?publish` sends camera and microphone, otherwise everything is received. */
declare global {
  interface Window {
    marks: Record<string, number>;
  }
}
window.marks = {};
const mark = (name: string) => {
  window.marks[name] ??= performance.now();
};
const publish = location.search.includes('publish');
const socket = new WebSocket(`ws://${location.host}/`);
const answers = new Map<number, (id: string) => void>();
let count = 0;
let transport: types.Transport | null = null;

mark('socketSent');
socket.onopen = () => mark('socket');
socket.onmessage = (event: MessageEvent<string>) => {
  const message = JSON.parse(event.data) as FromServer;
  if (message.t === 'hello') void start(message);
  else if (message.t === 'done') answers.get(message.n)?.(message.id ?? '');
  else void receive(message.list);
};

function send(message: FromPage): void {
  socket.send(JSON.stringify(message));
}

function ask(make: (n: number) => FromPage): Promise<string> {
  count += 1;
  const n = count;
  return new Promise((resolve) => {
    answers.set(n, resolve);
    send(make(n));
  });
}

async function start(hello: Hello): Promise<void> {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: hello.routerRtpCapabilities });
  transport = publish
    ? device.createSendTransport(hello.transport)
    : device.createRecvTransport(hello.transport);
  transport.on('connect', ({ dtlsParameters }, done) => {
    void ask((n) => ({ t: 'connect', n, dtlsParameters })).then(() => done());
  });
  transport.on('connectionstatechange', (state) => {
    if (state === 'connected') mark('dtlsConnected');
  });
  if (!publish) {
    mark('joinSent');
    send({ t: 'join', rtpCapabilities: device.recvRtpCapabilities });
    return;
  }
  transport.on('produce', ({ kind, rtpParameters }, done) => {
    void ask((n) => ({ t: 'produce', n, kind, rtpParameters })).then((id) => done({ id }));
  });
  const media = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 320, height: 180 },
  });
  for (const track of media.getTracks()) {
    const encodings = track.kind === 'video' ? cameraEncodings({ width: 320, height: 180 }) : [];
    await transport.produce({ track, encodings });
  }
  document.title = 'publishing';
}

async function receive(list: types.ConsumerOptions[]): Promise<void> {
  mark('newConsumer');
  const consumers = await Promise.all(list.map((options) => transport?.consume(options)));
  mark('consumed');
  send({ t: 'received' });
  for (const consumer of consumers) {
    if (!consumer) continue;
    const element = document.createElement(consumer.kind);
    element.autoplay = true;
    element.muted = true;
    element.srcObject = new MediaStream([consumer.track]);
    document.body.append(element);
  }
}
