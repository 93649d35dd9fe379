import { watch } from 'vue';
import { useI18n } from 'vue-i18n';
import type { CallNotice } from '../call/types.ts';
import { useCallStore } from '../stores/call.ts';
import { useCallActions } from './call-actions.ts';
import { useCallView } from './call-view.ts';
import { useToasts } from './toasts.ts';

/** Turns what happens in the call into words: toasts for the eye, the live region for the ear. */
export function useNews(): void {
  const { t } = useI18n();
  const store = useCallStore();
  const call = useCallActions();
  const { state } = useCallView();
  const { show, say } = useToasts();

  /** Where there is a pointer there is a keyboard, as a rule. */
  const keys = matchMedia('(hover: hover)').matches;

  function words(notice: CallNotice): { text: string; icon: string; problem?: boolean } {
    switch (notice.kind) {
      case 'joined':
        return { text: t('notices.joined', { name: notice.name }), icon: 'i-lucide-user-plus' };
      case 'left':
        return { text: t('notices.left', { name: notice.name }), icon: 'i-lucide-user-minus' };
      case 'sharing':
        return { text: t('notices.sharing', { name: notice.name }), icon: 'i-lucide-monitor-up' };
      case 'sharingEnded':
        return { text: t('notices.sharingEnded', { name: notice.name }), icon: 'i-lucide-monitor-x' };
      case 'deviceLost':
        return {
          text: t(`notices.deviceLost.${notice.source}`, { label: notice.label }),
          icon: 'i-lucide-unplug',
          problem: true,
        };
      case 'deviceSwitched':
        return {
          text: t(`notices.deviceSwitched.${notice.source}`, { label: notice.label }),
          icon: 'i-lucide-plug',
        };
      case 'problem': {
        const source = notice.source === 'screenAudio' ? 'screen' : notice.source;
        return {
          text: t(`problem.${notice.problem}.${source}`),
          icon: 'i-lucide-triangle-alert',
          problem: true,
        };
      }
      case 'talkingWhileMuted':
        return {
          text: keys ? t('call.mutedTalking', { key: 'M' }) : t('call.mutedTalkingTouch'),
          icon: 'i-lucide-mic-off',
        };
      case 'error':
        return { text: t(`error.${notice.key}.title`), icon: 'i-lucide-triangle-alert', problem: true };
    }
  }

  let last = 0;
  watch(
    () => store.notices,
    (notices) => {
      for (const notice of notices) {
        if (notice.id <= last) continue;
        last = notice.id;
        const { text, icon, problem } = words(notice);
        // Choosing no screen is an answer, not a problem.
        if (!(notice.kind === 'problem' && notice.problem === 'dismissed' && notice.source === 'screen')) {
          show({ text, icon, tone: problem ? 'problem' : 'plain' });
          say(text);
        }
        call.dismissNotice(notice.id);
      }
    },
    { deep: true, immediate: true },
  );

  watch(
    () => store.messages.length,
    (length, before) => {
      const message = length > before ? store.messages.at(-1) : undefined;
      if (!message || message.self) return;
      const text = t('notices.message', { name: message.name, text: message.text });
      say(text);
      if (state.panel !== 'chat') {
        const short = message.text.length > 80 ? `${message.text.slice(0, 80)}…` : message.text;
        show({
          text: t('notices.message', { name: message.name, text: short }),
          icon: 'i-lucide-message-square',
        });
      }
    },
  );
}
