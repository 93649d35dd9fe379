import { watchEffect } from 'vue';
import { i18n, pickLanguage } from '../i18n/index.ts';
import { usePreferencesStore } from '../stores/preferences.ts';

/** Follows the chosen language, else the browser's, and tells the document. */
export function useLanguage(): void {
  const preferences = usePreferencesStore();
  watchEffect(() => {
    const code = pickLanguage(preferences.language, navigator.languages);
    i18n.global.locale.value = code;
    document.documentElement.lang = code;
  });
}
