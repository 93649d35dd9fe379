import { ParleyError } from '@parley/protocol';
import type { Signal } from './signal.ts';

const EVERY_MS = 5_000;
const ANSWER_MS = 5_000;

/**
 * Asks the server now and then whether it is there. A socket whose other end vanished without a word stays open for
 * minutes otherwise, since a page does not see the pings of the WebSocket layer. @returns what ends the asking
 */
export function watchPulse(signal: Pick<Signal, 'request'>, dead: (error: Error) => void): () => void {
  let asking = false;
  const timer = setInterval(() => {
    if (asking) return;
    asking = true;
    signal.request('ping', {}, ANSWER_MS).then(
      () => {
        asking = false;
      },
      (error: unknown) => {
        asking = false;
        // A refusal is an answer too.
        if (error instanceof ParleyError && error.key === 'TIMEOUT') dead(error);
      },
    );
  }, EVERY_MS);
  return () => clearInterval(timer);
}
