import type { ChatMessage, PeerInfo, RoomEvent, TrackInfo } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reactive } from 'vue';
import { emptyCall } from '../stores/call.ts';
import { Notices } from './notices.ts';
import { Roster } from './roster.ts';

const info = (id: string, tracks: Partial<TrackInfo>[] = []): PeerInfo =>
  ({
    id,
    name: id.toUpperCase(),
    role: 'participant',
    device: 'desktop',
    joinedAt: 1,
    tracks,
  }) as PeerInfo;
const track = (producerId: string, source: string): TrackInfo =>
  ({ producerId, source, kind: 'video', paused: false, codec: 'video/VP8' }) as TrackInfo;
const said = (id: string, peerId: string): ChatMessage =>
  ({ id, peerId, name: peerId, text: id, at: 1 }) as ChatMessage;
const event = (value: object): RoomEvent => value as RoomEvent;

function setUp(seq = 10, others: PeerInfo[] = [info('ann')], chat: ChatMessage[] = []) {
  const state = reactive(emptyCall());
  state.selfId = 'me' as never;
  const roster = new Roster(state, new Notices(state));
  roster.load({ seq, peers: [...others, info('me')], chat }, info('me'));
  return { state, roster };
}

describe('the snapshot', () => {
  it('puts oneself first and the others in the order of joining', () => {
    const { state } = setUp(1, [info('ann', [track('p1', 'camera')]), info('bob')]);
    expect(state.peers.map(({ id }) => id)).toEqual(['me', 'ann', 'bob']);
    expect(state.peers[0]!.self).toBe(true);
    expect(state.peers[1]!.camera).toEqual({ source: 'camera', producerId: 'p1', paused: false });
    expect(state.notices).toEqual([]);
  });

  it('adds oneself where the server left that out', () => {
    const state = reactive(emptyCall());
    state.selfId = 'me' as never;
    const roster = new Roster(state, new Notices(state));
    roster.load({ seq: 1, peers: [info('ann')], chat: [] }, info('me'));
    expect(state.peers.map(({ id }) => id)).toEqual(['me', 'ann']);
  });
});

describe('events', () => {
  const joined = (id: string) => event({ type: 'peerJoined', peer: info(id) });

  it('are applied in order, without those that the snapshot has already', () => {
    const { state, roster } = setUp(10);
    expect(roster.apply({ seq: 12, events: [joined('old'), joined('bob'), joined('cat')] })).toBe(true);
    expect(state.peers.map(({ id }) => id)).toEqual(['me', 'ann', 'bob', 'cat']);
    expect(roster.apply({ seq: 12, events: [joined('again')] })).toBe(true);
    expect(state.peers).toHaveLength(4);
    expect(roster.seq).toBe(12);
  });

  it('report a gap and change nothing then', () => {
    const { state, roster } = setUp(10);
    expect(roster.apply({ seq: 13, events: [joined('bob'), joined('cat')] })).toBe(false);
    expect(state.peers).toHaveLength(2);
    expect(roster.seq).toBe(10);
  });

  it('change tracks of others, and leave the own ones to the publisher', () => {
    const { state, roster } = setUp(1);
    roster.apply({
      seq: 5,
      events: [
        event({ type: 'trackAdded', peerId: 'ann', track: track('p1', 'camera') }),
        event({ type: 'trackAdded', peerId: 'ann', track: track('p2', 'screen') }),
        event({ type: 'trackPaused', peerId: 'ann', producerId: 'p1' }),
        event({ type: 'trackAdded', peerId: 'me', track: track('p3', 'camera') }),
      ],
    });
    const [me, ann] = state.peers;
    expect(ann!.camera).toMatchObject({ producerId: 'p1', paused: true });
    expect(ann!.screen).toMatchObject({ producerId: 'p2', paused: false });
    expect(me!.camera).toBeNull();
    roster.setSelfTrack('camera', { producerId: 'p3', paused: false });
    expect(me!.camera).toMatchObject({ producerId: 'p3' });
    roster.apply({
      seq: 7,
      events: [
        event({ type: 'trackResumed', peerId: 'ann', producerId: 'p1' }),
        event({ type: 'trackRemoved', peerId: 'ann', producerId: 'p2' }),
      ],
    });
    expect(ann!.camera!.paused).toBe(false);
    expect(ann!.screen).toBeNull();
    expect(state.notices.map(({ kind }) => kind)).toEqual(['sharing', 'sharingEnded']);
  });

  it('rename and remove people', () => {
    const { state, roster } = setUp(1);
    roster.setActiveSpeaker({ peerId: 'ann' as never });
    roster.apply({ seq: 2, events: [event({ type: 'peerRenamed', peerId: 'ann', name: 'Anna' })] });
    expect(state.peers[1]!.name).toBe('Anna');
    roster.apply({ seq: 3, events: [event({ type: 'peerLeft', peerId: 'ann', reason: 'left' })] });
    expect(state.peers.map(({ id }) => id)).toEqual(['me']);
    expect(state.activeSpeakerId).toBeNull();
    expect(state.notices).toMatchObject([{ kind: 'left', name: 'Anna' }]);
  });
});

describe('chat', () => {
  it('counts what others said while nobody looked', () => {
    const { state, roster } = setUp(1, [info('ann')], [said('c0', 'ann')]);
    expect(state.unread).toBe(0);
    const add = (seq: number, id: string, peerId: string) =>
      roster.apply({ seq, events: [event({ type: 'chatAdded', message: said(id, peerId) })] });
    add(2, 'c1', 'ann');
    add(3, 'c2', 'me');
    expect(state.unread).toBe(1);
    expect(state.messages.map(({ self }) => self)).toEqual([false, false, true]);
    roster.setChatSeen(true);
    add(4, 'c3', 'ann');
    expect(state.unread).toBe(0);
  });

  it('counts what was said during a reconnection, once', () => {
    const { state, roster } = setUp(1, [info('ann')], [said('c0', 'ann')]);
    roster.load(
      { seq: 9, peers: [info('ann')], chat: [said('c0', 'ann'), said('c1', 'ann'), said('c2', 'me')] },
      info('me'),
    );
    expect(state.messages).toHaveLength(3);
    expect(state.unread).toBe(1);
  });
});

describe('loudness', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('marks who speaks and lets the mark fade by itself', () => {
    const { state, roster } = setUp();
    const ann = state.peers[1]!;
    roster.setLevels({ levels: [{ peerId: 'ann' as never, volume: -20 }] });
    expect(ann.speaking).toBe(true);
    expect(ann.level).toBeCloseTo(0.83);
    roster.setLevels({ levels: [] });
    expect(ann).toMatchObject({ level: 0, speaking: true });
    vi.advanceTimersByTime(1_500);
    expect(ann.speaking).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not call a murmur speaking', () => {
    const { state, roster } = setUp();
    roster.setLevels({ levels: [{ peerId: 'ann' as never, volume: -65 }] });
    expect(state.peers[1]).toMatchObject({ speaking: false, level: 0.08 });
  });
});
