/**
 * Where tiles go: pure arithmetic over (count, stage, limits), so that it can be tested without a page and never reads
 * the document. All lengths are CSS pixels.
 */
export interface Size {
  width: number;
  height: number;
}
export interface Rect extends Size {
  x: number;
  y: number;
}

export interface GridLimits {
  gap: number;
  /** Widest and tallest shape of a tile, as width / height. */
  aspect: { min: number; max: number };
  /** A tile narrower than this shows nobody: the rest goes to the next page. */
  minWidth: number;
  /** More than this many decoders and faces are of use to nobody. */
  maxPerPage: number;
}

export interface GridShape extends Size {
  columns: number;
  rows: number;
}

export interface Page {
  rects: Rect[];
  /** Index of the first item of this page. */
  first: number;
  page: number;
  pages: number;
}

export const GAP = 8;

/** A narrow stage is a phone held upright, a low one a phone on its side. */
export const isNarrow = (stage: Size): boolean => stage.width < 600;
export const isLow = (stage: Size): boolean => stage.height < 420;

export function gridLimits(stage: Size): GridLimits {
  if (isNarrow(stage)) return { gap: GAP, aspect: { min: 0.8, max: 16 / 9 }, minWidth: 120, maxPerPage: 8 };
  if (isLow(stage)) return { gap: GAP, aspect: { min: 1.2, max: 16 / 9 }, minWidth: 140, maxPerPage: 12 };
  // Up to 4:3, a picture loses only its edges, and the stage's last pixels are won.
  return { gap: GAP, aspect: { min: 4 / 3, max: 16 / 9 }, minWidth: 208, maxPerPage: 25 };
}

function fit(cell: Size, aspect: GridLimits['aspect']): Size {
  const shape = cell.width / cell.height;
  if (shape > aspect.max) return { width: cell.height * aspect.max, height: cell.height };
  if (shape < aspect.min) return { width: cell.width, height: cell.width / aspect.min };
  return cell;
}

/** The number of columns that gives `count` equal tiles the largest area. */
export function bestGrid(count: number, stage: Size, { gap, aspect }: GridLimits): GridShape {
  let best: GridShape = { columns: 1, rows: Math.max(1, count), width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(Math.max(1, count) / columns);
    const cell = {
      width: (stage.width - gap * (columns - 1)) / columns,
      height: (stage.height - gap * (rows - 1)) / rows,
    };
    if (cell.width <= 0 || cell.height <= 0) continue;
    const tile = fit(cell, aspect);
    if (tile.width * tile.height > best.width * best.height + 0.5) best = { columns, rows, ...tile };
  }
  return best;
}

/** How many tiles one page holds without any becoming too small to see a face. */
export function capacity(count: number, stage: Size, limits: GridLimits): number {
  const most = Math.min(count, limits.maxPerPage);
  for (let n = most; n > 1; n -= 1) {
    if (bestGrid(n, stage, limits).width >= limits.minWidth) return n;
  }
  return Math.min(1, count);
}

/** One page of equal tiles, centred, the last row too. */
export function gridPage(count: number, stage: Size, page: number, limits = gridLimits(stage)): Page {
  if (count === 0 || stage.width <= 0 || stage.height <= 0) return { rects: [], first: 0, page: 0, pages: 1 };
  const size = capacity(count, stage, limits);
  const pages = Math.ceil(count / size);
  const at = Math.min(Math.max(0, page), pages - 1);
  const first = at * size;
  const here = Math.min(size, count - first);
  // Every page keeps the shape of a full one, so that tiles do not change size while one turns pages.
  const shape = bestGrid(pages > 1 ? size : here, stage, limits);
  const rows = Math.ceil(here / shape.columns);
  const top = (stage.height - rows * shape.height - (rows - 1) * limits.gap) / 2;
  const rects = Array.from({ length: here }, (_, i): Rect => {
    const row = Math.floor(i / shape.columns);
    const inRow = row === rows - 1 ? here - row * shape.columns : shape.columns;
    const left = (stage.width - inRow * shape.width - (inRow - 1) * limits.gap) / 2;
    return {
      x: left + (i % shape.columns) * (shape.width + limits.gap),
      y: top + row * (shape.height + limits.gap),
      width: shape.width,
      height: shape.height,
    };
  });
  return { rects, first, page: at, pages };
}

export interface Spotlight {
  main: Rect;
  strip: Page;
}

/** One large tile and a strip of small ones: beside it on a wide stage, below it on a tall one. */
export function spotlight(others: number, stage: Size, page: number): Spotlight {
  const whole = { x: 0, y: 0, ...stage };
  const empty: Page = { rects: [], first: 0, page: 0, pages: 1 };
  if (others === 0) return { main: whole, strip: empty };
  const beside = stage.width / stage.height > 1.25;
  const small: Size = beside
    ? stripTile(Math.min(Math.max(stage.width * 0.17, 132), 280))
    : stripTile(Math.min(Math.max(stage.width * 0.3, 112), 240));
  const room = beside ? stage.height : stage.width;
  const length = beside ? small.height : small.width;
  const size = Math.max(1, Math.min(others, Math.floor((room + GAP) / (length + GAP))));
  const pages = Math.ceil(others / size);
  const at = Math.min(Math.max(0, page), pages - 1);
  const first = at * size;
  const here = Math.min(size, others - first);
  const start = (room - here * length - (here - 1) * GAP) / 2;
  const main = beside
    ? { x: 0, y: 0, width: stage.width - small.width - GAP, height: stage.height }
    : { x: 0, y: 0, width: stage.width, height: stage.height - small.height - GAP };
  const rects = Array.from({ length: here }, (_, i): Rect => {
    const along = start + i * (length + GAP);
    return beside
      ? { x: stage.width - small.width, y: along, ...small }
      : { x: along, y: stage.height - small.height, ...small };
  });
  return { main, strip: { rects, first, page: at, pages } };
}

const stripTile = (width: number): Size => ({ width, height: (width * 9) / 16 });

/**
 * A shared screen on a stage higher than wide: screens are wide, so it takes the top, as high as it needs, and people
 * share what is left.
 */
export function screenOnTop(others: number, stage: Size, page: number): Spotlight {
  const main = { x: 0, y: 0, width: stage.width, height: Math.min(stage.width * 0.7, stage.height * 0.6) };
  const top = main.height + GAP;
  const strip = gridPage(others, { width: stage.width, height: stage.height - top }, page);
  return { main, strip: { ...strip, rects: strip.rects.map((rect) => ({ ...rect, y: rect.y + top })) } };
}

export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** The own picture over a conversation of two. */
export function floating(stage: Size, corner: Corner): Rect {
  const size: Size = isNarrow(stage)
    ? { width: 96, height: 120 }
    : stripTile(Math.min(Math.max(stage.width * 0.2, 160), 256));
  const inset = isNarrow(stage) ? 8 : 16;
  return {
    x: corner.endsWith('left') ? inset : stage.width - size.width - inset,
    y: corner.startsWith('top') ? inset : stage.height - size.height - inset,
    ...size,
  };
}

/** A picture may lose this much of its longer side: as a factor between the shapes of picture and tile. */
const MOST_CROP = 2.25;
/** Bars narrower than what is left of this look like a mistake: then the picture covers the tile after all. */
const NEARLY_ALL = 0.86;

/**
 * How much of a tile a picture of this shape fills, in per cent of both sides, or undefined when it may cover all of it.
 * A picture of quite another shape (a phone held upright on a wide tile) is cropped only so far; bars are left beside it.
 */
export function pictureBox(aspect: number, tile: Size): Size | undefined {
  const shape = tile.width / tile.height;
  const widest = aspect * MOST_CROP;
  const narrowest = aspect / MOST_CROP;
  const filled = Math.min(widest / shape, shape / narrowest);
  if (filled >= NEARLY_ALL) return undefined;
  return shape > widest ? { width: 100 * filled, height: 100 } : { width: 100, height: 100 * filled };
}
