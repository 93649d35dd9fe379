import type { CallActions } from '../call/types.ts';

/**
 * The only door from the components to the call layer. It is loaded when a meeting is opened, not with the landing page,
 * and a gallery or a test may put something else behind the door.
 */
let loading: Promise<CallActions> | null = null;
let loaded: CallActions | null = null;

export function loadCall(): Promise<CallActions> {
  loading ??= import('../call/index.ts')
    .then(({ useCall }) => provideCall(useCall()))
    .catch((error: unknown) => {
      // Offline at that moment: the next try loads it again.
      loading = null;
      throw error;
    });
  return loading;
}

export function provideCall(actions: CallActions): CallActions {
  loaded = actions;
  loading = Promise.resolve(actions);
  return actions;
}

/** For components that exist only during a call, when the call layer is there for certain. */
export function useCallActions(): CallActions {
  if (!loaded) throw new Error('The call layer is not loaded yet');
  return loaded;
}
