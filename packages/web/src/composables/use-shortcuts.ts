import { useEventListener, useFullscreen } from '@vueuse/core';
import { onScopeDispose, ref } from 'vue';
import { useCallStore } from '../stores/call.ts';
import { useCallActions } from './call-actions.ts';
import { useCallView } from './call-view.ts';
import { useControls } from './use-controls.ts';

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
/** Where the space bar already means something. */
const pressable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    'button, a, [role="menuitem"], [role="menuitemcheckbox"], [role="option"], [role="slider"]',
  ) !== null;

/** Keys of the call. None works while one is typing, or together with Ctrl, Alt or the system key. */
export function useShortcuts() {
  const store = useCallStore();
  const call = useCallActions();
  const view = useCallView();
  const controls = useControls();
  const fullscreen = useFullscreen(document.documentElement);
  /** The microphone is on only as long as the space bar is down. */
  const talking = ref(false);

  const KEYS: Record<string, () => unknown> = {
    m: () => controls.toggleMicrophone(),
    v: () => controls.toggleCamera(),
    s: () => controls.toggleScreen(),
    c: () => view.togglePanel('chat'),
    p: () => view.togglePanel('people'),
    f: () => fullscreen.toggle(),
    '?': () => {
      view.state.dialog = view.state.dialog === 'shortcuts' ? null : 'shortcuts';
    },
  };

  function stopTalking(): void {
    if (!talking.value) return;
    talking.value = false;
    call.setMicrophone(false);
  }

  useEventListener(document, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === 'Escape') {
      if (!event.defaultPrevented && view.state.panel) view.state.panel = null;
      return;
    }
    if (view.state.dialog === 'settings') return;
    if (event.key === ' ') {
      if (pressable(event.target)) return;
      event.preventDefault();
      if (event.repeat || talking.value || store.microphone.wanted || controls.microphoneReason.value) return;
      talking.value = true;
      call.setMicrophone(true);
      return;
    }
    const run = KEYS[event.key.toLowerCase()];
    if (!run || event.repeat) return;
    event.preventDefault();
    run();
  });
  useEventListener(document, 'keyup', (event) => {
    if (event.key === ' ') stopTalking();
  });
  // A key released in another window is never heard of here.
  useEventListener(window, 'blur', stopTalking);
  onScopeDispose(stopTalking);
  return { talking };
}
