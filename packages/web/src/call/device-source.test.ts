import { ParleyError } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reactive } from 'vue';
import { toggleOff } from '../stores/call.ts';
import type { DeviceSourceName } from './capture.ts';
import { DeviceSource, type DeviceSourceHost } from './device-source.ts';
import type { Media } from './media.ts';

class FakeTrack extends EventTarget {
  enabled = true;
  readyState = 'live';
  contentHint = '';
  readonly label: string;
  readonly size: { width: number; height: number };
  constructor(label: string, size = { width: 1280, height: 720 }) {
    super();
    this.label = label;
    this.size = size;
  }
  getSettings(): object {
    return this.size;
  }
  stop(): void {
    this.readyState = 'ended';
  }
  /** Pulled out: the browser ends the track and says so. */
  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeProducer {
  static count = 0;
  closed = false;
  readonly id = `producer-${(FakeProducer.count += 1)}`;
  track: FakeTrack | null;
  constructor(track: FakeTrack) {
    this.track = track;
  }
  async replaceTrack({ track }: { track: FakeTrack | null }): Promise<void> {
    await Promise.resolve();
    this.track = track;
  }
  close(): void {
    this.closed = true;
  }
}

const opened: FakeTrack[] = [];
let getUserMedia: ReturnType<typeof vi.fn>;
let nextSize = { width: 1280, height: 720 };

function setUp(source: DeviceSourceName) {
  const toggle = reactive(toggleOff());
  const requests: string[] = [];
  const producers: FakeProducer[] = [];
  const media = {
    closed: false,
    device: { sendRtpCapabilities: { codecs: [] } },
    produce: vi.fn(async ({ track }: { track: FakeTrack }) => {
      await Promise.resolve();
      const producer = new FakeProducer(track);
      producers.push(producer);
      return producer;
    }),
  };
  const host = {
    media: vi.fn((): Media | null => media as unknown as Media),
    request: vi.fn(async (method: string) => {
      requests.push(method);
      await Promise.resolve();
    }),
    trackChanged: vi.fn(),
    published: vi.fn(),
    problem: vi.fn(),
    trouble: vi.fn(),
    allowed: vi.fn(() => true),
    lost: vi.fn(),
    switched: vi.fn(),
  } satisfies DeviceSourceHost;
  return { toggle, requests, producers, media, host, source: new DeviceSource(source, toggle, host) };
}

const settled = (toggle: { pending: boolean }): Promise<void> =>
  vi.waitFor(() => expect(toggle.pending).toBe(false));
const live = (): FakeTrack[] => opened.filter(({ readyState }) => readyState === 'live');

beforeEach(() => {
  opened.length = 0;
  nextSize = { width: 1280, height: 720 };
  getUserMedia = vi.fn(
    async (constraints: {
      audio?: { deviceId?: { exact: string } };
      video?: { deviceId?: { exact: string } };
    }) => {
      await Promise.resolve();
      const wanted = (constraints.audio ?? constraints.video)?.deviceId?.exact ?? 'default';
      const track = new FakeTrack(wanted, nextSize);
      opened.push(track);
      return { getTracks: () => [track], getAudioTracks: () => [track], getVideoTracks: () => [track] };
    },
  );
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  vi.stubGlobal('window', { isSecureContext: true });
});
afterEach(() => void vi.unstubAllGlobals());

describe('microphone', () => {
  it('is muted for the ear at once and for the server soon after, and stays open', async () => {
    const { source, toggle, requests } = setUp('microphone');
    source.set(true);
    await settled(toggle);
    expect(toggle.on).toBe(true);
    source.set(false);
    expect(opened[0]!.enabled).toBe(false);
    await settled(toggle);
    await vi.waitFor(() => expect(requests).toEqual(['pauseProducer']));
    expect(opened[0]!.readyState).toBe('live');
    source.set(true);
    await settled(toggle);
    expect(requests).toEqual(['pauseProducer', 'resumeProducer']);
    expect(opened).toHaveLength(1);
    expect(opened[0]!.enabled).toBe(true);
  });

  it('pressed fast and often ends where the last press said, with few messages', async () => {
    const { source, toggle, requests, producers } = setUp('microphone');
    source.set(true);
    await settled(toggle);
    for (let press = 0; press < 101; press += 1) source.set(press % 2 === 1);
    await vi.waitFor(() => expect(requests).toEqual(['pauseProducer']));
    expect(toggle).toMatchObject({ wanted: false, on: false, pending: false });
    expect(producers).toHaveLength(1);
    expect(getUserMedia).toHaveBeenCalledTimes(1);
  });

  it('is published again on a new media side', async () => {
    const { source, toggle, producers } = setUp('microphone');
    source.set(true);
    await settled(toggle);
    producers[0]!.closed = true;
    source.unpublish();
    expect(toggle).toMatchObject({ on: false, pending: true });
    await settled(toggle);
    expect(producers).toHaveLength(2);
    expect(opened).toHaveLength(1);
  });

  it('waits for the media side with an open device', async () => {
    const { source, toggle, host, media } = setUp('microphone');
    host.media.mockReturnValue(null);
    source.set(true);
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    expect(toggle).toMatchObject({ on: false, pending: true });
    host.media.mockReturnValue(media as unknown as Media);
    source.kick();
    await settled(toggle);
    expect(toggle.on).toBe(true);
  });

  it('that is pulled out is replaced by the default, and both are said', async () => {
    const { source, toggle, host, producers } = setUp('microphone');
    source.choose('headset');
    source.set(true);
    await settled(toggle);
    expect(opened[0]!.label).toBe('headset');
    opened[0]!.unplug();
    await settled(toggle);
    expect(host.lost).toHaveBeenCalledWith('headset');
    expect(host.switched).toHaveBeenCalledWith('default');
    expect(producers).toHaveLength(1);
    expect(producers[0]!.track).toBe(opened[1]);
  });

  it('that is refused says why, once, and is off', async () => {
    const { source, toggle, host } = setUp('microphone');
    getUserMedia.mockRejectedValue(
      Object.assign(new Error('Permission denied'), { name: 'NotAllowedError' }),
    );
    source.set(true);
    await settled(toggle);
    expect(toggle).toEqual({ wanted: false, on: false, pending: false, problem: 'denied' });
    expect(host.problem).toHaveBeenCalledExactlyOnceWith('denied');
    expect(getUserMedia).toHaveBeenCalledTimes(1);
  });

  it('that the server does not allow is given up with the reason', async () => {
    const { source, toggle, media } = setUp('microphone');
    media.produce.mockRejectedValue(new ParleyError('NOT_ALLOWED'));
    source.set(true);
    await settled(toggle);
    expect(toggle.problem).toBe('notAllowed');
    expect(live()).toEqual([]);
  });

  it('that cannot be published for unknown reasons is not tried for ever', async () => {
    const { source, toggle, media } = setUp('microphone');
    media.produce.mockRejectedValue(new Error('odd'));
    source.set(true);
    await settled(toggle);
    expect(toggle.problem).toBe('failed');
    expect(media.produce.mock.calls.length).toBeLessThan(10);
  });
});

describe('camera', () => {
  it('lets go of the device when it is off and reuses its producer when it is on again', async () => {
    const { source, toggle, requests, producers } = setUp('camera');
    source.set(true);
    await settled(toggle);
    source.set(false);
    await vi.waitFor(() => expect(requests).toEqual(['pauseProducer']));
    expect(opened[0]!.readyState).toBe('ended');
    expect(producers[0]!.track).toBeNull();
    source.set(true);
    await settled(toggle);
    expect(producers).toHaveLength(1);
    expect(producers[0]!.track).toBe(opened[1]);
    expect(requests).toEqual(['pauseProducer', 'resumeProducer']);
  });

  it('switched off while the browser is asking leaves nothing open', async () => {
    const { source, toggle, producers } = setUp('camera');
    source.set(true);
    source.set(false);
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    await settled(toggle);
    await vi.waitFor(() => expect(live()).toEqual([]));
    expect(producers).toHaveLength(0);
  });

  it('changes the device on the same producer, and makes a new one for another number of layers', async () => {
    const { source, toggle, producers } = setUp('camera');
    source.set(true);
    await settled(toggle);
    source.choose('other');
    await vi.waitFor(() => expect(producers[0]!.track?.label).toBe('other'));
    expect(producers).toHaveLength(1);
    nextSize = { width: 640, height: 480 };
    source.choose('small');
    await vi.waitFor(() => expect(producers).toHaveLength(2));
    await settled(toggle);
    expect(producers[0]!.closed).toBe(true);
    expect(live().map(({ label }) => label)).toEqual(['small']);
  });

  it('takes over a track that is open already', async () => {
    const { source, toggle } = setUp('camera');
    source.adopt(new FakeTrack('preview') as unknown as MediaStreamTrack);
    source.set(true);
    await settled(toggle);
    expect(toggle.on).toBe(true);
    expect(getUserMedia).not.toHaveBeenCalled();
  });

  it('is closed by stop, also one that opens later', async () => {
    const { source } = setUp('camera');
    source.set(true);
    source.stop();
    await vi.waitFor(() => expect(opened).toHaveLength(1));
    await vi.waitFor(() => expect(live()).toEqual([]));
  });
});
