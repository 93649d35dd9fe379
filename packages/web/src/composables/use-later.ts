import { onMounted, onScopeDispose, ref } from 'vue';

/** Milliseconds after which even a busy page gets its menus. */
const LATEST_MS = 2_500;

/** Becomes true when the browser has nothing better to do: for what is not part of the first picture. */
export function useLater() {
  const later = ref(false);
  const now = () => {
    later.value = true;
  };
  let cancel = () => undefined as void;
  onMounted(() => {
    if (typeof requestIdleCallback === 'function') {
      const id = requestIdleCallback(now, { timeout: LATEST_MS });
      cancel = () => cancelIdleCallback(id);
    } else {
      const id = setTimeout(now, LATEST_MS / 2);
      cancel = () => clearTimeout(id);
    }
  });
  onScopeDispose(() => cancel());
  return { later, now };
}
