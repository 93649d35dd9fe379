import type { ParleyWindow } from './types.ts';

declare global {
  interface Window {
    /** Public contract, see the README. */
    readonly parley?: ParleyWindow;
  }
}

const idle: ParleyWindow = {
  state: () => ({ phase: 'idle' }),
  stats: () => Promise.resolve({ consumers: [], producers: [] }),
};
let provider: ParleyWindow = idle;

/** Puts the read-only `window.parley` into the page. Light enough for the first chunk; safe to call twice. */
export function installParley(): void {
  if (Object.hasOwn(window, 'parley')) return;
  const parley: ParleyWindow = Object.freeze({
    state: () => provider.state(),
    stats: () => provider.stats(),
  });
  Object.defineProperty(window, 'parley', {
    value: parley,
    enumerable: true,
    writable: false,
    configurable: false,
  });
}

export function provideParley(next: ParleyWindow): void {
  provider = next;
}
