import { defineStore } from 'pinia';
import { ref, watch, type Ref } from 'vue';

export type ThemePreference = 'system' | 'light' | 'dark';

/** What is remembered on this device between visits. */
export interface Preferences {
  name: string;
  theme: ThemePreference;
  /** A language tag, or null for the browser's. */
  language: string | null;
  microphone: string | null;
  camera: string | null;
  speaker: string | null;
  /** The own picture as in a mirror. Others always see it as it is. */
  mirror: boolean;
  hideSelf: boolean;
}

export const PREFERENCES_KEY = 'parley.preferences';

export const DEFAULT_PREFERENCES: Preferences = {
  name: '',
  theme: 'system',
  language: null,
  microphone: null,
  camera: null,
  speaker: null,
  mirror: true,
  hideSelf: false,
};

/** Storage may be denied (private windows, embedded pages) or hold anything: then the defaults are used. */
export function readPreferences(): Preferences {
  let stored: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(PREFERENCES_KEY) ?? '{}');
    if (parsed !== null && typeof parsed === 'object') stored = parsed as Record<string, unknown>;
  } catch {
    return { ...DEFAULT_PREFERENCES };
  }
  const text = (key: string): string | null =>
    typeof stored[key] === 'string' && stored[key] !== '' ? (stored[key] as string).slice(0, 256) : null;
  const flag = (key: 'mirror' | 'hideSelf'): boolean =>
    typeof stored[key] === 'boolean' ? stored[key] : DEFAULT_PREFERENCES[key];
  return {
    name: text('name') ?? '',
    theme: stored.theme === 'light' || stored.theme === 'dark' ? stored.theme : 'system',
    language: text('language'),
    microphone: text('microphone'),
    camera: text('camera'),
    speaker: text('speaker'),
    mirror: flag('mirror'),
    hideSelf: flag('hideSelf'),
  };
}

type PreferenceRefs = { [K in keyof Preferences]: Ref<Preferences[K]> };

export const usePreferencesStore = defineStore('preferences', (): PreferenceRefs => {
  const first = readPreferences();
  const refs: PreferenceRefs = {
    name: ref(first.name),
    theme: ref(first.theme),
    language: ref(first.language),
    microphone: ref(first.microphone),
    camera: ref(first.camera),
    speaker: ref(first.speaker),
    mirror: ref(first.mirror),
    hideSelf: ref(first.hideSelf),
  };
  const keys = Object.keys(refs) as (keyof Preferences)[];
  watch(
    () => keys.map((key) => refs[key].value),
    () => {
      try {
        const all = Object.fromEntries(keys.map((key) => [key, refs[key].value]));
        localStorage.setItem(PREFERENCES_KEY, JSON.stringify(all));
      } catch {
        // Not remembered, then; everything works without.
      }
    },
    { flush: 'sync' },
  );
  return refs;
});
