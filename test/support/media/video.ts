import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bandOf, CELL_COLUMNS, CELL_ROWS, cellsOf } from '../page/cells.ts';
import { cached } from './cache.ts';

/** Chromium plays a Motion JPEG file at this rate, whatever it was made for. */
export const FILE_FPS = 30;
const GENERATOR_VERSION = 3;

export interface VideoSpec {
  /** 0 to 15; stands in the mark of every frame. */
  person: number;
  width: number;
  height: number;
  /** Length in seconds; the file loops, so it must be longer than the run for the counter to be unambiguous. */
  seconds: number;
}

/**
 * Path of a Motion JPEG file for `--use-file-for-fake-video-capture`: a moving scene with the mark of `cells.ts` in every
 * frame. Motion JPEG because raw video of some minutes would fill gigabytes.
 */
export async function videoFile(spec: VideoSpec): Promise<string> {
  const name = `person-${spec.person}-${spec.width}x${spec.height}-${spec.seconds}s`;
  return await cached(name, 'mjpeg', { ...spec, FILE_FPS, GENERATOR_VERSION }, async (path) => {
    const { width, height } = spec;
    const args = ['-hide_banner', '-loglevel', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'yuv420p'];
    args.push('-s', `${width}x${height}`, '-r', String(FILE_FPS), '-i', 'pipe:0');
    args.push('-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '7', '-f', 'mjpeg', path);
    const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let trouble = '';
    ffmpeg.stderr.on('data', (chunk: Buffer) => (trouble += String(chunk)));
    ffmpeg.stdin.on('error', () => undefined); // its exit code tells
    const ended = once(ffmpeg, 'exit');
    const painter = new Painter(spec);
    for (let counter = 0; counter < spec.seconds * FILE_FPS; counter += 1) {
      if (ffmpeg.exitCode !== null) break;
      if (!ffmpeg.stdin.write(painter.frame(counter))) {
        await Promise.race([once(ffmpeg.stdin, 'drain'), ended]);
      }
    }
    ffmpeg.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)} while making ${name}: ${trouble}`);
  });
}

/** Paints I420 frames: a tinted backdrop, a head and shoulders that sway, and the mark. */
class Painter {
  readonly #spec: VideoSpec;
  readonly #backdrop: Buffer;

  constructor(spec: VideoSpec) {
    this.#spec = spec;
    const { width, height, person } = spec;
    this.#backdrop = Buffer.alloc((width * height * 3) / 2);
    for (let y = 0; y < height; y += 1) {
      this.#backdrop.fill(95 + Math.round((70 * y) / height), y * width, (y + 1) * width);
    }
    const angle = (person * 2.4) % (2 * Math.PI);
    const chroma = (width * height) / 4;
    this.#backdrop.fill(Math.round(128 + 30 * Math.cos(angle)), width * height, width * height + chroma);
    this.#backdrop.fill(Math.round(128 + 30 * Math.sin(angle)), width * height + chroma);
  }

  /** A new buffer for each frame: the pipe to the encoder keeps it until it is written. */
  frame(counter: number): Buffer {
    const { width, height, person } = this.#spec;
    const frame = Buffer.from(this.#backdrop);
    const sway = Math.sin((2 * Math.PI * counter) / (FILE_FPS * 4)) * width * 0.08;
    this.#ellipse(frame, width / 2 + sway, height * 1.1, width * 0.26, height * 0.4, 70);
    this.#ellipse(frame, width / 2 + sway, height * 0.24, width * 0.1, height * 0.19, 200);
    const { top, side } = bandOf(width, height);
    const cells = cellsOf({ person, counter });
    for (let row = 0; row < CELL_ROWS; row += 1) {
      const from = Math.round(top + row * side);
      const to = Math.round(top + (row + 1) * side);
      for (let column = 0; column < CELL_COLUMNS; column += 1) {
        const luma = cells[row * CELL_COLUMNS + column] ? 225 : 25;
        const left = Math.round(column * side);
        const right = Math.round((column + 1) * side);
        for (let y = from; y < to; y += 1) frame.fill(luma, y * width + left, y * width + right);
      }
    }
    return frame;
  }

  #ellipse(frame: Buffer, x: number, y: number, rx: number, ry: number, luma: number): void {
    const { width, height } = this.#spec;
    for (let line = Math.max(0, Math.ceil(y - ry)); line < Math.min(height, y + ry); line += 1) {
      const half = rx * Math.sqrt(Math.max(0, 1 - ((line - y) / ry) ** 2));
      const left = Math.max(0, Math.round(x - half));
      const right = Math.min(width, Math.round(x + half));
      if (right > left) frame.fill(luma, line * width + left, line * width + right);
    }
  }
}
