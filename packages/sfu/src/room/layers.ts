/**
 * Which simulcast layers a tile deserves. Pure.
 *
 * Publishers send at most three layers, each half as wide as the next (`web/src/call/simulcast.ts`): with three the top
 * is 960 to 1280 wide, with two 480 to 960. The server does not learn the exact sizes from the RTP parameters, so it
 * counts from the top with the nominal widths below. A layer is taken when the tile is not more than a quarter wider
 * than the layer's picture: a slight enlargement is invisible, a doubling is not.
 */
const NOMINAL_TOP_WIDTH: Readonly<Record<number, number>> = { 1: 640, 2: 640, 3: 1280 };
const TOLERATED_ENLARGEMENT = 1.25;

export interface TileSize {
  readonly width: number;
  readonly height: number;
}

/** @returns spatial layer 0..count-1 and temporal layer (2 = all frames). O(1). */
export function layersFor(
  tile: TileSize,
  spatialLayers: number,
): { spatialLayer: number; temporalLayer: number } {
  const top = spatialLayers - 1;
  // A portrait tile shows a slice of a landscape picture: what counts is the side that must be covered.
  const wanted = Math.max(tile.width, (tile.height * 16) / 9) / TOLERATED_ENLARGEMENT;
  const topWidth = NOMINAL_TOP_WIDTH[spatialLayers] ?? 1280;
  let layer = top;
  while (layer > 0 && topWidth / 2 ** (top - layer + 1) >= wanted) layer -= 1;
  return { spatialLayer: Math.max(0, layer), temporalLayer: tile.width < 200 ? 1 : 2 };
}

/** Share of the downlink: bigger tiles first, screens before faces, sound before everything. 1..255. */
export function priorityFor(kind: 'audio' | 'video', source: string, tile: TileSize | null): number {
  if (kind === 'audio') return 255;
  if (source === 'screen') return 200;
  if (!tile) return 1;
  return Math.max(1, Math.min(150, Math.round(tile.width / 10)));
}
