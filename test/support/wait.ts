/** Milliseconds between two looks. Short against everything that is waited for, long against the cost of a look. */
const INTERVAL_MS = 150;

export interface WaitOptions {
  /** Milliseconds after which the wait fails. */
  timeoutMs: number;
  /** Said when it fails, with the last thing that was seen. */
  what: string;
  /** More for the failure's message: what a person would want to know. */
  explain?: () => unknown;
}

/**
 * Looks until `look` gives something other than null, undefined or false, and returns it. Errors of a look count as
 * nothing seen (a page in the middle of a navigation throws) and are told when time is up.
 */
export async function until<T>(
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const began = Date.now();
  let trouble: unknown = null;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== null && seen !== undefined && seen !== false) return seen;
      trouble = null;
    } catch (error) {
      trouble = error;
    }
    if (Date.now() - began > options.timeoutMs) break;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
  let story: unknown = '';
  try {
    story = await options.explain?.();
  } catch (error) {
    story = `(could not be explained: ${String(error)})`;
  }
  const told = story === undefined || story === '' ? '' : `\n${JSON.stringify(story, null, 1)}`;
  const last = trouble ? ` Last error: ${String(trouble)}.` : '';
  throw new Error(`Not within ${options.timeoutMs} ms: ${options.what}.${last}${told}`);
}

/** Holds for `forMs`: fails as soon as `look` gives something (a reason why it does not hold). */
export async function holds(
  look: () => Promise<string | null> | string | null,
  options: { forMs: number; what: string },
): Promise<void> {
  const began = Date.now();
  while (Date.now() - began < options.forMs) {
    const broken = await look();
    if (broken) throw new Error(`${options.what}: ${broken}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/** The middle value; NaN of an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
