import { useWakeLock } from '@vueuse/core';
import { onMounted, onScopeDispose } from 'vue';

/** The screen does not go dark during a call. The lock comes back by itself when the page does. */
export function useWake(): void {
  const lock = useWakeLock();
  onMounted(() => {
    if (lock.isSupported.value) lock.request('screen').catch(() => undefined);
  });
  onScopeDispose(() => void lock.release().catch(() => undefined));
}
