import type { PeerId, VideoSource } from '@parley/protocol';
import { floating, gridPage, screenOnTop, spotlight } from './layout.ts';
import type { Corner, Rect, Size } from './layout.ts';

export interface StageTile {
  /** `<peer>:<source>`: the same element stays the same, wherever it goes. */
  key: string;
  peerId: PeerId;
  source: VideoSource;
  self: boolean;
}

export type Place = 'grid' | 'main' | 'strip' | 'floating';

export interface PlacedTile {
  tile: StageTile;
  rect: Rect;
  place: Place;
}

export interface StageChoice {
  view: 'grid' | 'speaker';
  /** Key of the tile that the person keeps in view. */
  pinned: string | null;
  /** Who speaks, or spoke last. */
  speakerId: PeerId | null;
  page: number;
  corner: Corner;
}

export interface Arrangement {
  placed: PlacedTile[];
  page: number;
  pages: number;
}

export const tileKey = (peerId: PeerId, source: VideoSource): string => `${peerId}:${source}`;

/** The tile that gets the stage: what the person pinned, else the newest shared screen, else who speaks. */
export function focusOf(
  tiles: readonly StageTile[],
  { pinned, view, speakerId }: StageChoice,
): StageTile | null {
  const kept = tiles.find(({ key }) => key === pinned);
  if (kept) return kept;
  const screen = tiles.findLast(({ source, self }) => source === 'screen' && !self);
  if (screen) return screen;
  if (view === 'grid') return null;
  const others = tiles.filter(({ source, self }) => source === 'camera' && !self);
  return others.find(({ peerId }) => peerId === speakerId) ?? others[0] ?? null;
}

/** Height of the row with the page buttons; only there when there are pages. */
const PAGER = 44;

/** The one tile of the small window: a shared screen, else who speaks, else whoever is there. */
export function speakerOf(tiles: readonly StageTile[], speakerId: PeerId | null): StageTile | null {
  const choice: StageChoice = { view: 'speaker', pinned: null, speakerId, page: 0, corner: 'bottom-right' };
  return focusOf(tiles, choice) ?? tiles[0] ?? null;
}

/** Every visible tile with its place. Tiles on other pages are left out. */
export function arrange(tiles: readonly StageTile[], stage: Size, choice: StageChoice): Arrangement {
  const whole = place(tiles, stage, choice);
  return whole.pages > 1 ? place(tiles, { ...stage, height: stage.height - PAGER }, choice) : whole;
}

function place(tiles: readonly StageTile[], stage: Size, choice: StageChoice): Arrangement {
  if (stage.width <= 0 || stage.height <= 0) return { placed: [], page: 0, pages: 1 };
  const focus = focusOf(tiles, choice);
  const own = tiles.find(({ self, source }) => self && source === 'camera');
  const rest = tiles.filter((tile) => tile !== own);
  const hero = rest.length === 1 ? rest[0] : undefined;
  // Two people face each other; the own picture lies on top like in a mirror on the wall.
  if (own && hero && (focus === null || focus === hero)) {
    return {
      placed: [
        ...(hero.source === 'screen'
          ? [{ tile: hero, rect: { x: 0, y: 0, ...stage }, place: 'main' as const }]
          : [{ tile: hero, rect: wholeOf(stage), place: 'grid' as const }]),
        { tile: own, rect: floating(stage, choice.corner), place: 'floating' },
      ],
      page: 0,
      pages: 1,
    };
  }
  const only = tiles[0];
  if (only && tiles.length === 1 && only.source === 'camera') {
    return { placed: [{ tile: only, rect: wholeOf(stage), place: 'grid' }], page: 0, pages: 1 };
  }
  if (!focus) {
    const { rects, first, page, pages } = gridPage(tiles.length, stage, choice.page);
    return {
      placed: rects.map((rect, i) => ({ tile: tiles[first + i]!, rect, place: 'grid' })),
      page,
      pages,
    };
  }
  const others = tiles.filter((tile) => tile !== focus);
  const upright = stage.height > stage.width && focus.source === 'screen' && others.length > 0;
  const { main, strip } = (upright ? screenOnTop : spotlight)(others.length, stage, choice.page);
  return {
    placed: [
      { tile: focus, rect: main, place: 'main' },
      ...strip.rects.map((rect, i) => ({ tile: others[strip.first + i]!, rect, place: 'strip' as const })),
    ],
    page: strip.page,
    pages: strip.pages,
  };
}

/** A single face may take any shape of stage; the tile decides how much of the picture it can show. */
const wholeOf = (stage: Size): Rect =>
  gridPage(1, stage, 0, { gap: 0, aspect: { min: 0.4, max: 2.1 }, minWidth: 0, maxPerPage: 1 }).rects[0]!;
