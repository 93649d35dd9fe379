import type { PeerId } from '@parley/protocol';
import { useDocumentVisibility } from '@vueuse/core';
import { watch } from 'vue';
import type { Ref } from 'vue';
import type { VisibleTile } from '../call/types.ts';
import { speakerOf } from '../components/stage/arrange.ts';
import type { Arrangement, StageTile } from '../components/stage/arrange.ts';
import { useCallActions } from './call-actions.ts';
import { useCallView } from './call-view.ts';
import { PIP } from './use-pip.ts';

/** Tells the call layer what is on the screen and how large, for only that is sent to this browser. */
export function useVisibleTiles(
  arrangement: Readonly<Ref<Arrangement>>,
  tiles: Readonly<Ref<readonly StageTile[]>>,
  speakerId: Readonly<Ref<PeerId | null>>,
): void {
  const call = useCallActions();
  const view = useCallView().state;
  const visibility = useDocumentVisibility();

  const shown = (): VisibleTile[] => {
    if (visibility.value === 'visible') {
      return arrangement.value.placed
        .filter(({ tile }) => !tile.self)
        .map(({ tile: { peerId, source }, rect }) => ({
          peerId,
          source,
          width: Math.max(1, Math.floor(rect.width)),
          height: Math.max(1, Math.floor(rect.height)),
        }));
    }
    // In the background only the small window on top shows anybody.
    const tile = view.pip ? speakerOf(tiles.value, speakerId.value) : null;
    return tile && !tile.self ? [{ peerId: tile.peerId, source: tile.source, ...PIP }] : [];
  };
  watch(shown, (list) => call.setVisibleTiles(list), { immediate: true });
}
