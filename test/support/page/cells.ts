/**
 * The mark that every test picture carries: who it shows and which frame it is, as black and white cells.
 *
 * Two rows of sixteen squares, each a sixteenth of the picture's width, lie around the horizontal middle line. The
 * middle is what survives when a browser crops 4:3 to 16:9, and everything is measured in widths, so the mark is found in
 * any scaling. Two guard cells (black, white) give the threshold; eight check bits reject a picture that is torn, grey or
 * not ours. The counter is Gray-coded: from one frame to the next a single counter cell flips, which costs an encoder at a
 * low bitrate next to nothing.
 *
 * Pure and free of imports: the generator (Node), the injected source (Firefox) and the probe (every page) share it.
 */
export const CELL_COLUMNS = 16;
export const CELL_ROWS = 2;
export const COUNTER_BITS = 18;
export const PERSON_BITS = 4;
export const CHECK_BITS = 8;
/** Frames until the counter begins again: 2.4 hours at 30 frames a second. */
export const COUNTER_END = 2 ** COUNTER_BITS;
/** Least difference of the guards' luma that counts as black and white. */
const LEAST_CONTRAST = 60;

export interface Mark {
  /** 0 to 15; which of the test's people the picture was made for. */
  person: number;
  /** Number of the frame since the start of the source. */
  counter: number;
}

/** CRC-8 (polynomial 0x07) over the 22 payload bits, seeded so that all black is not a valid mark. */
function checkOf(payload: number): number {
  let crc = 0x5a;
  for (let bit = COUNTER_BITS + PERSON_BITS - 1; bit >= 0; bit -= 1) {
    const top = ((crc >> 7) & 1) ^ ((payload >> bit) & 1);
    crc = ((crc << 1) & 0xff) ^ (top ? 0x07 : 0);
  }
  return crc;
}

/** The 32 cells in reading order; true is white. */
export function cellsOf(mark: Mark): boolean[] {
  const gray = mark.counter ^ (mark.counter >> 1);
  const payload = mark.person * COUNTER_END + (gray % COUNTER_END);
  const cells = [false, true];
  for (let bit = COUNTER_BITS + PERSON_BITS - 1; bit >= 0; bit -= 1) cells.push(((payload >> bit) & 1) === 1);
  const check = checkOf(payload);
  for (let bit = CHECK_BITS - 1; bit >= 0; bit -= 1) cells.push(((check >> bit) & 1) === 1);
  return cells;
}

/** Reads the mark from the mean luma (0 to 255) of the 32 cells; null when it is not a whole mark. */
export function markOf(luma: ArrayLike<number>): Mark | null {
  const black = luma[0] ?? 0;
  const white = luma[1] ?? 0;
  if (white - black < LEAST_CONTRAST) return null;
  const threshold = (white + black) / 2;
  const read = (from: number, bits: number) => {
    let value = 0;
    for (let index = from; index < from + bits; index += 1) {
      value = value * 2 + ((luma[index] ?? 0) > threshold ? 1 : 0);
    }
    return value;
  };
  const payload = read(2, PERSON_BITS + COUNTER_BITS);
  if (read(2 + PERSON_BITS + COUNTER_BITS, CHECK_BITS) !== checkOf(payload)) return null;
  let counter = payload % COUNTER_END;
  for (let shift = 1; shift < COUNTER_BITS; shift *= 2) counter ^= counter >> shift;
  return { person: Math.floor(payload / COUNTER_END), counter };
}

/** Where the band of cells lies in a picture, in its own pixels. */
export function bandOf(width: number, height: number): { top: number; side: number } {
  const side = width / CELL_COLUMNS;
  return { top: height / 2 - side * (CELL_ROWS / 2), side };
}
