import { useDocumentVisibility } from '@vueuse/core';
import { watch } from 'vue';
import type { Ref } from 'vue';
import type { Arrangement } from '../components/stage/arrange.ts';
import type { VisibleTile } from '../call/types.ts';
import { useCallActions } from './call-actions.ts';
import { useCallView } from './call-view.ts';

/** Tells the call layer what is on the screen and how large, for only that is sent to this browser. */
export function useVisibleTiles(arrangement: Readonly<Ref<Arrangement>>): void {
  const call = useCallActions();
  const view = useCallView().state;
  const visibility = useDocumentVisibility();
  watch(
    (): VisibleTile[] => {
      // A page in the background shows nothing, unless its speaker is in a window on top of the others.
      const shown = visibility.value === 'visible' || view.pip ? arrangement.value.placed : [];
      return shown
        .filter(({ tile }) => !tile.self)
        .map(({ tile, rect }) => ({
          peerId: tile.peerId,
          source: tile.source,
          width: Math.max(1, Math.floor(rect.width)),
          height: Math.max(1, Math.floor(rect.height)),
        }));
    },
    (tiles) => call.setVisibleTiles(tiles),
    { immediate: true },
  );
}
