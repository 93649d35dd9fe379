import { toneOf } from './page/tone.ts';
import type { SoundReport, TileReport, TileSample } from './page/report.ts';
import type { PersonPage } from './person-page.ts';
import { holds, median, until } from './wait.ts';

/** Amplitude above which a tone is there. Sources are made at 0.4; voice processing and Opus leave at least a fifth. */
export const HEARD = 0.02;
/** Amplitude below which a tone is not there. Between both nothing is claimed. */
export const SILENT = 0.006;

/** The tile of somebody, by the name on it; `self` is the own picture. */
export function tileOf(
  tiles: readonly TileReport[],
  name: string,
  source = 'camera',
): TileReport | undefined {
  return tiles.find((tile) => tile.name === name && tile.source === source);
}

/** Waits until `viewer` decodes new frames of `shown`, with the right person in them; milliseconds since the call. */
export async function seesPicture(
  viewer: PersonPage,
  shown: PersonPage,
  options: { timeoutMs: number; source?: string },
): Promise<number> {
  const began = Date.now();
  let first: TileSample | null = null;
  await until(
    async () => {
      const last = tileOf(await viewer.tiles(), shown.name, options.source)?.last;
      if (!last || last.at < began) return false;
      if (last.person !== shown.person) throw new Error(`picture of person ${last.person}`);
      // A camera that was opened anew counts from the beginning.
      if (!first || last.counter < first.counter) first = last;
      return last.counter > first.counter;
    },
    {
      timeoutMs: options.timeoutMs,
      what: `${viewer.name} decodes moving pictures of ${shown.name}`,
      explain: async () => [await viewer.story(), await shown.story()],
    },
  );
  return Date.now() - began;
}

/** People (by number) whose tone is heard in the page at the moment, over all playing elements. */
export function heardIn(sounds: readonly SoundReport[], level = HEARD): number[] {
  const heard = new Set<number>();
  for (const sound of sounds) {
    if (!sound.audible) continue;
    sound.tones.forEach((amplitude, person) => amplitude > level && heard.add(person));
  }
  return [...heard].sort((a, b) => a - b);
}

/** Waits until `listener` hears exactly the tones of `voices`, no other; milliseconds since the call. */
export async function hearsExactly(
  listener: PersonPage,
  voices: readonly PersonPage[],
  options: { timeoutMs: number },
): Promise<number> {
  const began = Date.now();
  const wanted = voices.map(({ person }) => person).sort((a, b) => a - b);
  let seen: SoundReport[] = [];
  await until(
    async () => {
      seen = await listener.sounds();
      const all = heardIn(seen, SILENT);
      return String(heardIn(seen)) === String(wanted) && String(all) === String(wanted);
    },
    {
      timeoutMs: options.timeoutMs,
      what: `${listener.name} hears ${voices.map((one) => `${one.name} (${toneOf(one.person)} Hz)`).join(', ')} only`,
      explain: async () => ({ sounds: rounded(seen), story: await listener.story() }),
    },
  );
  return Date.now() - began;
}

/** Fails when the tone of `silent` is heard within the next `forMs`. */
export async function staysSilent(listener: PersonPage, silent: PersonPage, forMs: number): Promise<void> {
  await holds(
    async () => {
      const loudest = Math.max(
        0,
        ...(await listener.sounds(300)).map(({ tones }) => tones[silent.person] ?? 0),
      );
      return loudest > SILENT ? `amplitude ${loudest.toFixed(4)}` : null;
    },
    { forMs, what: `${listener.name} hears ${silent.name}` },
  );
}

export interface Lateness {
  /** Frames compared. */
  frames: number;
  /** Milliseconds between a frame in the sender's own view and the same frame at the receiver. */
  medianMs: number;
  worstMs: number;
}

/**
 * How late the picture of `shown` is at `viewer`, from the frame counters that both pages decoded: the same machine, the
 * same clock, so no guess about clocks enters. Between two samples the sender's counter is interpolated.
 */
export async function lateness(viewer: PersonPage, shown: PersonPage, overMs: number): Promise<Lateness> {
  const since = Date.now() - overMs;
  const own = (await shown.tiles()).find((tile) => tile.self && tile.source === 'camera');
  const far = tileOf(await viewer.tiles(), shown.name);
  if (!own || !far) throw new Error(`${shown.name} has no tile to compare at ${viewer.name}`);
  const sent = await shown.history(own.peer, 'camera', since - 5_000);
  const received = await viewer.history(far.peer, 'camera', since);
  const late = received.flatMap((sample) => {
    const at = timeOf(sent, sample.counter);
    return at === null ? [] : [sample.at - at];
  });
  return {
    frames: late.length,
    medianMs: Math.round(median(late)),
    worstMs: Math.round(Math.max(...late, Number.NEGATIVE_INFINITY)),
  };
}

/** When the sender showed a counter; null outside of what was sampled or where the source began again. */
function timeOf(sent: readonly TileSample[], counter: number): number | null {
  for (let index = 1; index < sent.length; index += 1) {
    const before = sent[index - 1];
    const after = sent[index];
    if (!before || !after || before.counter > counter || after.counter < counter) continue;
    if (after.counter === before.counter) return before.at;
    return (
      before.at + ((after.at - before.at) * (counter - before.counter)) / (after.counter - before.counter)
    );
  }
  return null;
}

/** Short enough for a line in a log. */
export function rounded(sounds: readonly SoundReport[]): unknown {
  return sounds.map(({ peer, audible, tones }) => ({
    peer,
    audible,
    tones: tones.map((one) => one.toFixed(3)).join(' '),
  }));
}
