import { storeToRefs } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { Ref } from 'vue';
import type { PeerId } from '@parley/protocol';
import { arrange, tileKey } from '../components/stage/arrange.ts';
import type { StageTile } from '../components/stage/arrange.ts';
import type { Size } from '../components/stage/layout.ts';
import { useCallStore } from '../stores/call.ts';
import { usePreferencesStore } from '../stores/preferences.ts';
import { useCallView } from './call-view.ts';

/** Who is shown where on a stage of this size. */
export function useArrangement(stage: Readonly<Ref<Size>>) {
  const store = useCallStore();
  const { hideSelf } = storeToRefs(usePreferencesStore());
  const view = useCallView().state;

  const tiles = computed<StageTile[]>(() => {
    const alone = store.peers.length === 1;
    return store.peers.flatMap((peer) => {
      const made: StageTile[] = [];
      const add = (source: 'camera' | 'screen') =>
        made.push({ key: tileKey(peer.id, source), peerId: peer.id, source, self: peer.self });
      if (!peer.self || !hideSelf.value || alone) add('camera');
      if (peer.screen) add('screen');
      return made;
    });
  });

  /** Who spoke last stays large in silence; the own voice never takes the stage. */
  const speakerId = ref<PeerId | null>(null);
  watch(
    () => store.activeSpeakerId,
    (id) => {
      if (id !== null && id !== store.selfId) speakerId.value = id;
    },
    { immediate: true },
  );

  const arrangement = computed(() =>
    arrange(tiles.value, stage.value, {
      view: view.view,
      pinned: view.pinned,
      speakerId: speakerId.value,
      page: view.page,
      corner: view.corner,
    }),
  );
  watch(
    () => arrangement.value.page,
    (page) => {
      view.page = page;
    },
  );
  return { arrangement, tiles, speakerId };
}
