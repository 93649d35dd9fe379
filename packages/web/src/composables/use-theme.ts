import { usePreferredDark } from '@vueuse/core';
import { storeToRefs } from 'pinia';
import { computed, watchEffect } from 'vue';
import { usePreferencesStore } from '../stores/preferences.ts';

/** Sets the theme class of the page. Called once, before the first paint of the application. */
export function useTheme(): void {
  const { theme } = storeToRefs(usePreferencesStore());
  const systemDark = usePreferredDark();
  const dark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemDark.value));
  watchEffect(() => {
    const root = document.documentElement;
    root.classList.toggle('dark', dark.value);
    root.classList.toggle('light', !dark.value);
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      meta.content = dark.value ? '#171513' : '#faf9f7';
    }
  });
}
