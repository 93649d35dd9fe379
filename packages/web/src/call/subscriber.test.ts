import type { Params, PeerId } from '@parley/protocol';
import { Device, FakeHandler, testFakeParameters } from 'mediasoup-client';
import type { RtpCapabilities } from 'mediasoup-client/types';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AudioOut } from './audio-out.ts';
import { Media, type Requester } from './media.ts';
import { Streams } from './streams.ts';
import { Subscriber } from './subscriber.ts';

type NewConsumer = Params<'newConsumer'>;

const transport = (id: string) => ({ ...testFakeParameters.generateTransportRemoteParameters(), id });
const remote = (mimeType: string, changes: Partial<NewConsumer> = {}): NewConsumer => {
  const { id, producerId, kind, rtpParameters } = testFakeParameters.generateConsumerRemoteParameters({
    codecMimeType: mimeType,
  });
  return {
    epoch: 0,
    transportId: 'recv-0',
    consumerId: id,
    producerId,
    kind,
    rtpParameters,
    peerId: 'ann',
    type: 'simple',
    source: kind === 'audio' ? 'microphone' : 'camera',
    producerPaused: false,
    ...changes,
  } as NewConsumer;
};

let device: Device;
let requested: string[];
let streams: Streams;
let audio: { add: ReturnType<typeof vi.fn>; remove: ReturnType<typeof vi.fn> };
let subscriber: Subscriber;
const link = { requestKeyFrame: vi.fn(), trouble: vi.fn() };

function media(epoch: number): Media {
  const offer = {
    epoch,
    sendTransport: transport(`send-${epoch}`),
    recvTransport: transport(`recv-${epoch}`),
  };
  const requester = {
    request: (method: string) => {
      requested.push(method);
      return Promise.resolve({});
    },
  };
  return new Media(device, offer as never, requester as unknown as Requester, {
    replaced: vi.fn(),
    lost: vi.fn(),
    trouble: vi.fn(),
    changed: vi.fn(),
  });
}

beforeEach(async () => {
  vi.stubGlobal(
    'MediaStream',
    class {
      readonly tracks: MediaStreamTrack[];
      constructor(tracks: MediaStreamTrack[]) {
        this.tracks = tracks;
      }
      getVideoTracks(): MediaStreamTrack[] {
        return this.tracks;
      }
    },
  );
  vi.stubGlobal('document', {
    createElement: () => ({ addEventListener: vi.fn(), play: () => Promise.resolve() }),
  });
  device = new Device({ handlerFactory: FakeHandler.createFactory(testFakeParameters) });
  await device.load({
    routerRtpCapabilities: testFakeParameters.generateRouterRtpCapabilities() as RtpCapabilities,
  });
  requested = [];
  streams = new Streams();
  audio = { add: vi.fn(), remove: vi.fn() };
  subscriber = new Subscriber(streams, audio as unknown as AudioOut, link);
});
afterEach(() => void vi.unstubAllGlobals());

const picture = () => streams.get('ann' as PeerId, 'camera');

it('takes requests that are faster than the transports', async () => {
  const video = subscriber.add(remote('video/VP8'));
  const sound = subscriber.add(remote('audio/opus'));
  subscriber.attach(media(0));
  await expect(Promise.all([video, sound])).resolves.toEqual([{}, {}]);
  expect(subscriber.subscriptions.map(({ source }) => source).sort()).toEqual(['camera', 'microphone']);
  expect(picture()).not.toBeNull();
  expect(audio.add).toHaveBeenCalledOnce();
  expect(requested).toEqual(['connectWebRtcTransport']);
});

it('refuses what belongs to another epoch or another transport', async () => {
  subscriber.attach(media(1));
  await expect(subscriber.add(remote('video/VP8'))).rejects.toMatchObject({ key: 'STALE_EPOCH' });
  await expect(subscriber.add(remote('video/VP8', { epoch: 1 }))).rejects.toMatchObject({
    key: 'STALE_EPOCH',
  });
  expect(picture()).toBeNull();
});

it('refuses what the browser cannot decode', async () => {
  subscriber.attach(media(0));
  await expect(subscriber.add(remote('audio/ISAC'))).rejects.toMatchObject({ key: 'UNSUPPORTED_MEDIA' });
});

it('drops a consumer that was closed while it was being made', async () => {
  subscriber.attach(media(0));
  const params = remote('video/VP8');
  const added = subscriber.add(params);
  subscriber.closed(params.consumerId);
  await added;
  expect(subscriber.subscriptions).toEqual([]);
  expect(picture()).toBeNull();
});

it('remembers what was said about a consumer while it was being made', async () => {
  subscriber.attach(media(0));
  const params = remote('video/VP8');
  const added = subscriber.add(params);
  subscriber.paused(params.consumerId, true);
  subscriber.layers(params.consumerId, { spatialLayer: 2, temporalLayer: 1 });
  await added;
  expect(subscriber.subscriptions[0]).toMatchObject({
    paused: true,
    layers: { spatialLayer: 2, temporalLayer: 1 },
  });
});

it('removes picture and sound with their consumers', async () => {
  subscriber.attach(media(0));
  const video = remote('video/VP8');
  const sound = remote('audio/opus');
  await Promise.all([subscriber.add(video), subscriber.add(sound)]);
  subscriber.closed(video.consumerId);
  expect(picture()).toBeNull();
  subscriber.closed(sound.consumerId);
  expect(audio.remove).toHaveBeenCalledWith(sound.consumerId);
  expect(subscriber.subscriptions).toEqual([]);
});

it('keeps the newer picture when the older consumer of the same tile goes', async () => {
  subscriber.attach(media(0));
  const first = remote('video/VP8');
  const second = remote('video/VP8');
  await subscriber.add(first);
  await subscriber.add(second);
  const newer = picture();
  subscriber.closed(first.consumerId);
  expect(picture()).toBe(newer);
});

it('forgets everything of the old transports when new ones come', async () => {
  const old = media(0);
  subscriber.attach(old);
  await subscriber.add(remote('video/VP8'));
  old.close();
  subscriber.attach(media(1));
  expect(subscriber.subscriptions).toEqual([]);
  expect(picture()).toBeNull();
  await subscriber.add(remote('video/VP8', { epoch: 1, transportId: 'recv-1' as never }));
  expect(picture()).not.toBeNull();
});
