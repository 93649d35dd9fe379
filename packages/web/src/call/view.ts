import { LIMITS, type TileView } from '@parley/protocol';
import type { VisibleTile } from './types.ts';

/** Layouts change in bursts (a window being dragged, a panel sliding in). */
const QUIET_MS = 100;
/** A burst that does not end (a window dragged for long) is told in between. */
const LONGEST_MS = 500;
/** Somebody who looks at another tab for a moment should not lose the pictures. */
const HIDDEN_MS = 2_000;
/** More pixels than this per CSS pixel nobody sees in a video. */
const MAX_RATIO = 2;

export type SendView = (tiles: TileView[]) => void;

/** Tells the server what is shown. The first change goes out at once, a burst after it as one message at its end. */
export class View {
  readonly #send: SendView;
  #tiles: VisibleTile[] = [];
  #known = false;
  #hidden = false;
  #sent = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hideTimer: ReturnType<typeof setTimeout> | undefined;
  #flushedAt = 0;
  #active = false;

  constructor(send: SendView) {
    this.#send = send;
  }

  set(tiles: VisibleTile[]): void {
    this.#tiles = tiles.map((tile) => ({ ...tile }));
    this.#known = true;
    this.#schedule();
  }

  /** A new session knows nothing of what an earlier one was told. */
  start(): void {
    this.#active = true;
    this.#sent = '';
    if (this.#known) this.#flush();
  }

  pause(): void {
    this.#active = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Nothing is shown any more and nothing is known of the next meeting. */
  reset(): void {
    this.pause();
    clearTimeout(this.#hideTimer);
    this.#tiles = [];
    this.#known = false;
    this.#hidden = false;
  }

  setHidden(hidden: boolean): void {
    clearTimeout(this.#hideTimer);
    if (hidden) {
      this.#hideTimer = setTimeout(() => {
        this.#hidden = true;
        this.#flush();
      }, HIDDEN_MS);
    } else if (this.#hidden) {
      this.#hidden = false;
      this.#flush();
    }
  }

  /** How much is likely to be shown, for the time until the components have drawn the first tiles. */
  guess(): { tiles: number; width: number; height: number } {
    const ratio = pixelRatio();
    const small = innerWidth < 700;
    return {
      tiles: small ? 6 : 12,
      width: side((innerWidth * ratio) / (small ? 1 : 2)),
      height: side((innerHeight * ratio) / 2),
    };
  }

  #schedule(): void {
    if (!this.#active) return;
    const now = performance.now();
    if (this.#timer === undefined || now - this.#flushedAt >= LONGEST_MS) {
      this.#flushedAt = now;
      this.#flush();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#quiet(), QUIET_MS);
  }

  #quiet(): void {
    this.#timer = undefined;
    this.#flush();
  }

  #flush(): void {
    if (!this.#active) return;
    const tiles = this.#hidden ? [] : toView(this.#tiles);
    const text = JSON.stringify(tiles);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#send(tiles);
  }
}

export function toView(tiles: VisibleTile[]): TileView[] {
  const ratio = pixelRatio();
  const byTile = new Map<string, TileView>();
  for (const { peerId, source, width, height } of tiles) {
    if (width < 1 || height < 1) continue;
    const key = `${peerId} ${source}`;
    const view = { peerId, source, width: side(width * ratio), height: side(height * ratio) };
    const other = byTile.get(key);
    // The same person may be on the stage and in the strip: the larger picture decides.
    if (!other || other.width * other.height < view.width * view.height) byTile.set(key, view);
  }
  return [...byTile.values()].slice(0, LIMITS.tiles);
}

function pixelRatio(): number {
  return Math.min(MAX_RATIO, Math.max(1, globalThis.devicePixelRatio || 1));
}

function side(pixels: number): number {
  return Math.min(LIMITS.tileSide, Math.max(1, Math.round(pixels)));
}
