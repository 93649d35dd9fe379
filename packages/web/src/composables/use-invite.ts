import { useI18n } from 'vue-i18n';
import { useCallStore } from '../stores/call.ts';
import { useToasts } from './toasts.ts';

/** The link that one sends to others: without what belongs to this person. */
export function useInvite() {
  const { t } = useI18n();
  const store = useCallStore();
  const { show } = useToasts();
  const link = () => `${location.origin}/m/${store.slug ?? location.pathname.split('/')[2] ?? ''}`;

  async function copy(): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(link());
      show({ text: t('common.linkCopied'), icon: 'i-lucide-check' });
      return true;
    } catch {
      show({ text: t('common.copyFailed'), icon: 'i-lucide-info' });
      return false;
    }
  }
  return { link, copy };
}
