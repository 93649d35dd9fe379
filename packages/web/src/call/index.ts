import { ParleyError, type ErrorKey } from '@parley/protocol';
import { useCallStore } from '../stores/call.ts';
import { usePreferencesStore } from '../stores/preferences.ts';
import { Call, requireSignal } from './call.ts';
import { createParley } from './snapshot.ts';
import type { CallActions } from './types.ts';
import { warmUp } from './warm.ts';
import { installParley, provideParley } from './window.ts';

export { usePreview, type Preview } from './preview.ts';
export type * from './types.ts';

let actions: CallActions | null = null;

/** The one call of this page. Needs an active Pinia. */
export function useCall(): CallActions {
  actions ??= createCall();
  return actions;
}

function createCall(): CallActions {
  const state = useCallStore();
  const preferences = usePreferencesStore();
  for (const kind of ['microphone', 'camera', 'speaker'] as const) state.chosen[kind] = preferences[kind];
  const call = new Call(state);
  try {
    // While the person is still looking at the page before the call.
    warmUp();
  } catch {
    // Said when somebody enters.
  }

  installParley();
  provideParley(
    createParley({
      state,
      media: () => call.media,
      producers: () => call.publisher.producers,
      subscriptions: () => call.subscriber.subscriptions,
      errors: () => call.notices.errors,
      session: () => ({ sessionId: call.sessionId, seq: call.roster.seq }),
    }),
  );

  /** A refused command becomes a notice; the caller learns only that it did not work. */
  const attempt = async (command: () => Promise<unknown>): Promise<boolean> => {
    try {
      await command();
      return true;
    } catch (error) {
      call.notices.record(error);
      const key: ErrorKey = error instanceof ParleyError ? error.key : 'INTERNAL';
      call.notices.add({ kind: 'error', key });
      return false;
    }
  };

  return {
    enter: (options) => call.enter(options),
    leave: () => call.leave(),
    setMicrophone: (on) => call.publisher.microphone.set(on),
    setCamera: (on) => call.publisher.camera.set(on),
    setScreen: (on, mode = 'detail') => call.publisher.screen.set(on, mode),
    setDevice: (kind, id) => {
      state.chosen[kind] = id;
      preferences[kind] = id;
      if (kind === 'speaker') void call.audio.setSpeaker(id);
      else call.publisher[kind].choose(id);
    },
    refreshDevices: () => call.refreshDevices(),
    rename: (name) =>
      attempt(async () => {
        const { displayName } = await requireSignal(call).request('changeDisplayName', { displayName: name });
        call.rename(displayName);
      }),
    sendChat: (text) => attempt(() => requireSignal(call).request('sendChat', { text })),
    setChatSeen: (seen) => call.roster.setChatSeen(seen),
    setVisibleTiles: (tiles) => call.view.set(tiles),
    unblockSound: () => call.audio.unblock(),
    dismissNotice: (id) => call.notices.dismiss(id),
    stream: (peerId, source) => call.stream(peerId, source),
    networkStats: () => call.network.read(call.media?.transports ?? [], call.subscriber.subscriptions),
  };
}
