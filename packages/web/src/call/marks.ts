/**
 * When each step on the way to the first picture was reached, in milliseconds since navigation started
 * (`performance.now()`). The first occurrence counts, so that a reconnection does not rewrite the way in.
 */
export type Mark =
  | 'enter'
  | 'ticketSent'
  | 'ticket'
  | 'socketSent'
  | 'socket'
  | 'welcome'
  | 'capabilities'
  | 'joinSent'
  | 'joined'
  | 'newConsumer'
  | 'consumed'
  | 'dtlsConnected'
  | 'firstPacket'
  | 'firstFrame'
  | 'sendConnected'
  | 'firstProducer';

const marks = new Map<Mark, number>();
const waiting = new Map<Mark, (() => void)[]>();

export function mark(name: Mark): void {
  if (marks.has(name)) return;
  marks.set(name, Math.round(performance.now() * 10) / 10);
  for (const go of waiting.get(name) ?? []) go();
  waiting.delete(name);
}

/** Resolves when the step is reached, or `withinMs` later. */
export function whenMarked(name: Mark, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (marks.has(name)) {
      resolve();
      return;
    }
    waiting.set(name, [...(waiting.get(name) ?? []), resolve]);
    setTimeout(resolve, withinMs);
  });
}

/** What may have been reached before somebody entered. */
const EARLY: readonly Mark[] = ['ticketSent', 'ticket', 'socketSent', 'socket'];
let entered = false;

/** A new way in. The first one of a page keeps what was prepared for it. */
export function restartMarks(): void {
  for (const name of [...marks.keys()]) {
    if (entered || !EARLY.includes(name)) marks.delete(name);
  }
  entered = true;
}

export function hasMark(name: Mark): boolean {
  return marks.has(name);
}

export function allMarks(): Record<string, number> {
  return Object.fromEntries(marks);
}
