import { Icon, addIcon as add } from '@iconify/vue/offline';

/**
 * Stands in for `@iconify/vue` (see vite.config.ts). Nuxt UI asks for `lucide-mic` where the bundle says `lucide:mic`,
 * and wants to know whether an icon is there.
 */
const known = new Set<string>();

export function addIcon(name: string, data: Parameters<typeof add>[1]): void {
  for (const form of [name, name.replace(':', '-')]) {
    add(form, data);
    known.add(form);
  }
}

export const iconLoaded = (name: string): boolean => known.has(name);

export { Icon };
