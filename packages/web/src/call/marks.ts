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

export function mark(name: Mark): void {
  if (!marks.has(name)) marks.set(name, Math.round(performance.now() * 10) / 10);
}

/** Forgets everything but the ticket, which may have been fetched before somebody entered. */
export function restartMarks(): void {
  for (const name of [...marks.keys()]) {
    if (name !== 'ticketSent' && name !== 'ticket') marks.delete(name);
  }
}

export function hasMark(name: Mark): boolean {
  return marks.has(name);
}

export function allMarks(): Record<string, number> {
  return Object.fromEntries(marks);
}
