import { onMounted, onScopeDispose, ref, watch } from 'vue';

/** Milliseconds after which even a call without pictures gets its menus. */
const LATEST_MS = 3_000;

/** Somebody else's picture has been seen: from then on the page has time for other things. */
const pictureSeen = ref(false);

export const markPictureSeen = (): void => {
  pictureSeen.value = true;
};

/** Becomes true after the first picture, when the browser has nothing better to do: for what is not part of it. */
export function useLater() {
  const later = ref(false);
  const now = (): void => {
    later.value = true;
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  onMounted(() => {
    timer = setTimeout(now, LATEST_MS);
  });
  watch(
    pictureSeen,
    (seen) => {
      if (!seen) return;
      if (typeof requestIdleCallback === 'function') requestIdleCallback(now, { timeout: LATEST_MS });
      else setTimeout(now, 200);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return { later, now };
}
