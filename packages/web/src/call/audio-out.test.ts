import type { ConsumerId } from '@parley/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AudioOut } from './audio-out.ts';

let allowed = true;
class FakeAudio {
  srcObject: unknown = null;
  isConnected = true;
  sinkId = '';
  playing = false;
  play(): Promise<void> {
    if (!allowed) return Promise.reject(Object.assign(new Error(), { name: 'NotAllowedError' }));
    this.playing = true;
    return Promise.resolve();
  }
  setSinkId(id: string): Promise<void> {
    this.sinkId = id;
    return Promise.resolve();
  }
  remove(): void {
    this.isConnected = false;
  }
}

let elements: FakeAudio[];
let listeners: Map<string, () => void>;
let blocked: boolean;
let out: AudioOut;
const track = {} as MediaStreamTrack;
const flush = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  allowed = true;
  blocked = false;
  elements = [];
  listeners = new Map();
  vi.stubGlobal('MediaStream', class {});
  vi.stubGlobal(
    'addEventListener',
    (name: string, listener: () => void) => void listeners.set(name, listener),
  );
  vi.stubGlobal('removeEventListener', (name: string) => void listeners.delete(name));
  vi.stubGlobal('document', {
    createElement: (name: string) => {
      if (name !== 'audio') return { append: vi.fn(), remove: vi.fn(), dataset: {} };
      elements.push(new FakeAudio());
      return elements.at(-1);
    },
    body: { append: vi.fn() },
  });
  out = new AudioOut((value) => (blocked = value));
});
afterEach(() => void vi.unstubAllGlobals());

const add = (id: string): void => out.add(id as ConsumerId, track);

it('plays each track in an element of its own', async () => {
  add('a');
  add('b');
  await flush();
  expect(elements.map(({ playing }) => playing)).toEqual([true, true]);
  expect(blocked).toBe(false);
});

it('says that the browser refuses, and plays all after the press', async () => {
  allowed = false;
  add('a');
  add('b');
  await flush();
  expect(blocked).toBe(true);
  allowed = true;
  await out.unblock();
  expect(elements.map(({ playing }) => playing)).toEqual([true, true]);
  expect(blocked).toBe(false);
  expect(listeners.size).toBe(0);
});

it('takes any touch of the page for the press', async () => {
  allowed = false;
  add('a');
  await flush();
  allowed = true;
  listeners.get('pointerup')!();
  await flush();
  expect(blocked).toBe(false);
});

it('is not blocked any more when the refused track is gone', async () => {
  allowed = false;
  add('a');
  await flush();
  out.remove('a' as ConsumerId);
  expect(blocked).toBe(false);
  expect(listeners.size).toBe(0);
});

it('uses the chosen speaker for what plays and for what comes', async () => {
  add('a');
  await out.setSpeaker('headset');
  add('b');
  await flush();
  expect(elements.map(({ sinkId }) => sinkId)).toEqual(['headset', 'headset']);
  await out.setSpeaker(null);
  expect(elements.map(({ sinkId }) => sinkId)).toEqual(['', '']);
});
