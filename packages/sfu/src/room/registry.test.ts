import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PeerId, RoomSlug } from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import { FakeHost } from '../../../../test/support/fake-media.ts';
import { FakeLink } from '../../../../test/support/room-bench.ts';
import { createLogger } from '../runtime.ts';
import { Registry } from './registry.ts';
import type { Room } from './room.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const LINGER_MS = 60_000;
const slug = (text: string) => text as RoomSlug;

function make(maxRooms = 10): Registry {
  let ids = 0;
  return new Registry(
    {
      host: new FakeHost(),
      logger: createLogger('silent'),
      now: () => 0,
      newId: () => `id-${(ids += 1)}`,
      maxPeers: 10,
      patienceMs: 1000,
    },
    { maxRooms, lingerMs: LINGER_MS },
  );
}

async function enter(room: Room, id = 'Anna') {
  const link = new FakeLink();
  const { peer } = await room.join({
    id: id as PeerId,
    role: 'participant',
    name: id,
    device: 'desktop',
    rtpCapabilities: {},
    view: undefined,
    link,
  });
  return { peer, link };
}

describe('a meeting', () => {
  it('is the same one for everybody with its name', () => {
    const registry = make();
    const room = registry.open(slug('garden'));
    expect(registry.open(slug('garden'))).toBe(room);
    expect(registry.open(slug('kitchen'))).not.toBe(room);
    expect(registry.find(slug('garden'))).toBe(room);
    expect(registry.find(slug('cellar'))).toBeUndefined();
    expect(registry.size).toBe(2);
  });

  it('that nobody enters ends after a while', () => {
    const registry = make();
    const room = registry.open(slug('garden'));
    vi.advanceTimersByTime(LINGER_MS - 1);
    expect(room.closed).toBe(false);
    vi.advanceTimersByTime(1);
    expect([room.closed, registry.size]).toEqual([true, 0]);
  });

  it('in which somebody is goes on', async () => {
    const registry = make();
    const room = registry.open(slug('garden'));
    await enter(room);
    vi.advanceTimersByTime(LINGER_MS * 10);
    expect([room.closed, registry.size]).toEqual([false, 1]);
  });

  it('waits anew from the moment at which the last one leaves, or somebody knocks', async () => {
    const registry = make();
    const room = registry.open(slug('garden'));
    const { peer } = await enter(room);
    vi.advanceTimersByTime(LINGER_MS * 2);
    room.leave(peer, 'left');
    vi.advanceTimersByTime(LINGER_MS - 1);
    expect(registry.open(slug('garden'))).toBe(room);
    vi.advanceTimersByTime(LINGER_MS - 1);
    expect(room.closed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(room.closed).toBe(true);
    expect(registry.open(slug('garden'))).not.toBe(room);
  });

  it('finds the chat again when the only one comes back in time', async () => {
    const registry = make();
    const room = registry.open(slug('garden'));
    const { peer } = await enter(room);
    room.say(peer, 'remember me');
    room.leave(peer, 'left');
    vi.advanceTimersByTime(LINGER_MS / 2);
    const again = registry.open(slug('garden'));
    const link = new FakeLink();
    const joined = await again.join({
      id: 'Ben' as PeerId,
      role: 'participant',
      name: 'Ben',
      device: 'desktop',
      rtpCapabilities: {},
      view: undefined,
      link,
    });
    expect(joined.snapshot.chat.map(({ text }) => text)).toEqual(['remember me']);
    vi.advanceTimersByTime(LINGER_MS * 2);
    expect(again.closed).toBe(false);
  });
});

describe('the whole', () => {
  it('has room for so many meetings; one that is there may always be entered', () => {
    const registry = make(2);
    registry.open(slug('one'));
    registry.open(slug('two'));
    expect(() => registry.open(slug('three'))).toThrow(expect.objectContaining({ key: 'SERVER_FULL' }));
    expect(registry.open(slug('one'))).toBeDefined();
    vi.advanceTimersByTime(LINGER_MS);
    expect(registry.open(slug('three'))).toBeDefined();
  });

  it('closes with a word to everybody, and stays closed', async () => {
    const registry = make();
    const room = registry.open(slug('garden'));
    const { link } = await enter(room);
    const joining = enter(registry.open(slug('kitchen')), 'Ben');
    registry.closeAll(new ParleyError('SHUTTING_DOWN'), 2000);
    expect(link.goodbye).toEqual({ key: 'SHUTTING_DOWN', retryAfterMs: 2000 });
    expect(registry.size).toBe(0);
    await expect(joining).rejects.toMatchObject({ key: 'MEETING_ENDED' });
    expect(() => registry.open(slug('garden'))).toThrow(expect.objectContaining({ key: 'SHUTTING_DOWN' }));
    expect(vi.getTimerCount()).toBe(0);
  });
});
