import { reactive } from 'vue';
import type { Corner } from '../components/stage/layout.ts';

export type Panel = 'chat' | 'people' | 'network';
export type Dialog = 'settings' | 'shortcuts';

interface CallViewState {
  view: 'grid' | 'speaker';
  pinned: string | null;
  page: number;
  corner: Corner;
  panel: Panel | null;
  dialog: Dialog | null;
  /** The call is shown in a small window on top of others. */
  pip: boolean;
  /** Milliseconds since the epoch; null before the call. */
  startedAt: number | null;
}

const fresh = (): CallViewState => ({
  view: 'grid',
  pinned: null,
  page: 0,
  corner: 'bottom-right',
  panel: null,
  dialog: null,
  pip: false,
  startedAt: null,
});

const state = reactive(fresh());

/** How the person has arranged the call. One call at a time, so one state; it begins anew with each call. */
export function useCallView() {
  return {
    state,
    reset: () => Object.assign(state, fresh()),
    togglePanel(panel: Panel) {
      state.panel = state.panel === panel ? null : panel;
    },
    togglePin(key: string) {
      state.pinned = state.pinned === key ? null : key;
      state.page = 0;
    },
  };
}
