import { useIdle, useMediaQuery } from '@vueuse/core';
import { computed } from 'vue';
import { useCallStore } from '../stores/call.ts';
import { useCallView } from './call-view.ts';

const STILL_MS = 3_000;

/** True when bar and cursor may fade: nobody moves, nothing is open, and there is something to look at. */
export function useQuiet() {
  const store = useCallStore();
  const { state } = useCallView();
  const { idle } = useIdle(STILL_MS, {
    events: ['mousemove', 'mousedown', 'keydown', 'touchstart', 'wheel', 'focusin'],
  });
  // Where there is no pointer that could be moved to bring it back, the bar stays.
  const pointer = useMediaQuery('(hover: hover) and (pointer: fine)');
  return computed(
    () =>
      idle.value &&
      pointer.value &&
      store.phase === 'joined' &&
      store.peers.length > 1 &&
      !state.panel &&
      !state.dialog,
  );
}
