import { bandOf, CELL_COLUMNS, CELL_ROWS } from './cells.ts';
import type { Mark } from './cells.ts';
import type { TileSample } from './report.ts';

/** Pixels per cell after scaling; the mean is taken of the inner part, away from smeared edges. */
const SCALE = 8;
const EDGE = 2;
/** Reading a frame costs a copy out of the decoder; a few a second per tile are enough. */
const LEAST_MS = 140;
/** Without a frame callback for so long, look anyway: a hidden video calls nobody. */
const SILENT_MS = 1_000;

/** Reads the marks of one `<video>`: on frame callbacks, by polling where a browser calls rarely. */
export class MarkReader {
  decoded = 0;
  unreadable = 0;
  readonly #video: HTMLVideoElement;
  readonly #decode: (luma: number[]) => Mark | null;
  readonly #found: (sample: TileSample) => void;
  readonly #canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D | null;
  #lastLook = 0;
  #lastCall = 0;
  #lastCounter = -1;
  #stopped = false;

  constructor(
    video: HTMLVideoElement,
    decode: (luma: number[]) => Mark | null,
    found: (sample: TileSample) => void,
  ) {
    this.#video = video;
    this.#decode = decode;
    this.#found = found;
    this.#canvas.width = CELL_COLUMNS * SCALE;
    this.#canvas.height = CELL_ROWS * SCALE;
    this.#context = this.#canvas.getContext('2d', { willReadFrequently: true });
    if ('requestVideoFrameCallback' in video) this.#await();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Called regularly from outside. */
  tick(): void {
    if (Date.now() - this.#lastCall > SILENT_MS) this.#look();
  }

  #await(): void {
    if (this.#stopped) return;
    this.#video.requestVideoFrameCallback(() => {
      this.#lastCall = Date.now();
      if (this.#lastCall - this.#lastLook >= LEAST_MS) this.#look();
      this.#await();
    });
  }

  #look(): void {
    const video = this.#video;
    const { videoWidth: width, videoHeight: height } = video;
    if (!this.#context || width === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const at = Date.now();
    this.#lastLook = at;
    const { top, side } = bandOf(width, height);
    const { width: wide, height: high } = this.#canvas;
    this.#context.drawImage(video, 0, top, width, side * CELL_ROWS, 0, 0, wide, high);
    const mark = this.#decode(lumaOf(this.#context.getImageData(0, 0, wide, high).data));
    if (!mark) {
      this.unreadable += 1;
      return;
    }
    // A frozen picture is looked at again and again, and shows nothing new.
    if (mark.counter === this.#lastCounter) return;
    this.#lastCounter = mark.counter;
    this.decoded += 1;
    this.#found({ at, person: mark.person, counter: mark.counter, width, height });
  }
}

/** Mean luma of the inner part of each cell. */
function lumaOf(pixels: Uint8ClampedArray): number[] {
  const luma: number[] = [];
  const inner = SCALE - 2 * EDGE;
  for (let cell = 0; cell < CELL_COLUMNS * CELL_ROWS; cell += 1) {
    const left = (cell % CELL_COLUMNS) * SCALE + EDGE;
    const top = Math.floor(cell / CELL_COLUMNS) * SCALE + EDGE;
    let sum = 0;
    for (let y = top; y < top + inner; y += 1) {
      for (let x = left; x < left + inner; x += 1) {
        const at = (y * CELL_COLUMNS * SCALE + x) * 4;
        sum += 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
      }
    }
    luma.push(sum / (inner * inner));
  }
  return luma;
}
