import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DEFAULT_PREFERENCES, PREFERENCES_KEY, readPreferences, usePreferencesStore } from './preferences.ts';

let stored: Map<string, string>;
beforeEach(() => {
  stored = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  });
  setActivePinia(createPinia());
});
afterEach(() => void vi.unstubAllGlobals());

it('remembers what was chosen', () => {
  const preferences = usePreferencesStore();
  preferences.name = 'Ann';
  preferences.theme = 'dark';
  preferences.mirror = false;
  preferences.camera = 'cam';
  expect(readPreferences()).toEqual({
    ...DEFAULT_PREFERENCES,
    name: 'Ann',
    theme: 'dark',
    mirror: false,
    camera: 'cam',
  });
});

it.each(['not json', '7', 'null', '[]', '{"name":7,"theme":"pink","mirror":"yes","camera":{}}'])(
  'falls back to the defaults for %s',
  (text) => {
    stored.set(PREFERENCES_KEY, text);
    expect(readPreferences()).toEqual(DEFAULT_PREFERENCES);
  },
);

it('works where storage is denied', () => {
  const denied = (): never => {
    throw new DOMException('denied', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: denied, setItem: denied });
  const preferences = usePreferencesStore();
  preferences.name = 'Ann';
  expect(preferences.name).toBe('Ann');
});
