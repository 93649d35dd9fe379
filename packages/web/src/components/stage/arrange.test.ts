import type { PeerId } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { arrange, focusOf, tileKey } from './arrange.ts';
import type { StageChoice, StageTile } from './arrange.ts';

const stage = { width: 1424, height: 796 };
const choice: StageChoice = { view: 'grid', pinned: null, speakerId: null, page: 0, corner: 'bottom-right' };
const tile = (id: string, source: 'camera' | 'screen' = 'camera'): StageTile => ({
  key: tileKey(id as PeerId, source),
  peerId: id as PeerId,
  source,
  self: id === 'me',
});
const room = (...ids: string[]) => ids.map((id) => tile(id));
const places = (tiles: StageTile[], over: Partial<StageChoice> = {}) =>
  Object.fromEntries(
    arrange(tiles, stage, { ...choice, ...over }).placed.map(({ tile: { key }, place }) => [key, place]),
  );

describe('arrange', () => {
  it('lays the own picture over a conversation of two, and into the grid from three on', () => {
    expect(places(room('me', 'a'))).toEqual({ 'me:camera': 'floating', 'a:camera': 'grid' });
    expect(new Set(Object.values(places(room('me', 'a', 'b'))))).toEqual(new Set(['grid']));
    expect(places(room('me'))).toEqual({ 'me:camera': 'grid' });
  });

  it('gives the stage to the pinned tile, then to a screen, then to the speaker', () => {
    const tiles = [...room('me', 'a', 'b', 'c'), tile('a', 'screen')];
    expect(focusOf(tiles, { ...choice, pinned: 'b:camera' })?.key).toBe('b:camera');
    expect(focusOf(tiles, choice)?.key).toBe('a:screen');
    const faces = room('me', 'a', 'b', 'c');
    expect(focusOf(faces, { ...choice, view: 'speaker', speakerId: 'c' as PeerId })?.key).toBe('c:camera');
    expect(focusOf(faces, choice)).toBeNull();
    expect(focusOf(faces, { ...choice, pinned: 'gone:camera' })).toBeNull();
  });

  it('never gives the stage to the own screen by itself', () => {
    expect(focusOf([...room('me', 'a', 'b'), tile('me', 'screen')], choice)).toBeNull();
  });

  it('keeps order when somebody else speaks', () => {
    const tiles = room('me', 'a', 'b', 'c', 'd');
    const keys = (speakerId: string) =>
      arrange(tiles, stage, { ...choice, speakerId: speakerId as PeerId }).placed.map(
        (placed) => placed.tile.key,
      );
    expect(keys('a')).toEqual(keys('d'));
  });

  it('shows everyone once over all pages', () => {
    const tiles = room('me', ...Array.from({ length: 59 }, (_, i) => `p${i}`));
    for (const view of ['grid', 'speaker'] as const) {
      const { pages } = arrange(tiles, stage, { ...choice, view });
      const seen = new Set<string>();
      for (let page = 0; page < pages; page += 1) {
        for (const placed of arrange(tiles, stage, { ...choice, view, page }).placed)
          seen.add(placed.tile.key);
      }
      expect(seen.size).toBe(60);
    }
  });
});
