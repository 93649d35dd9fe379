import { toValue, watchEffect } from 'vue';
import type { MaybeRefOrGetter } from 'vue';

/** Title of the document while the calling component is shown. */
export function useTitle(title: MaybeRefOrGetter<string>): void {
  watchEffect(() => {
    const text = toValue(title);
    document.title = text ? `${text} · Parley` : 'Parley';
  });
}
