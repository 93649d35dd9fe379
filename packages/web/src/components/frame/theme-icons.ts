import type { ThemePreference } from '../../stores/preferences.ts';

export const THEME_ICONS: Readonly<Record<ThemePreference, string>> = {
  system: 'i-lucide-monitor',
  light: 'i-lucide-sun',
  dark: 'i-lucide-moon',
};
