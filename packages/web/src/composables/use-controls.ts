import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useCallStore } from '../stores/call.ts';
import { canShareScreen } from './browser.ts';
import { useCallActions } from './call-actions.ts';

/** What the buttons and the keys of a call do, and why they sometimes may not. */
export function useControls() {
  const { t } = useI18n();
  const store = useCallStore();
  const call = useCallActions();

  const refusal = (capability: 'sendAudio' | 'sendVideo' | 'sendScreen' | 'chat') =>
    store.phase !== 'connecting' && store.selfId && !store.capabilities.includes(capability)
      ? t('controls.notAllowed')
      : null;

  const microphoneReason = computed(() => refusal('sendAudio'));
  const cameraReason = computed(() => refusal('sendVideo'));
  const screenReason = computed(() => (canShareScreen() ? refusal('sendScreen') : t('controls.noShare')));
  const chatReason = computed(() => (refusal('chat') ? t('controls.noChat') : null));

  return {
    microphoneReason,
    cameraReason,
    screenReason,
    chatReason,
    toggleMicrophone: () => microphoneReason.value ?? call.setMicrophone(!store.microphone.wanted),
    toggleCamera: () => cameraReason.value ?? call.setCamera(!store.camera.wanted),
    toggleScreen: (mode?: 'detail' | 'motion') =>
      screenReason.value ?? call.setScreen(!store.screen.wanted, mode ?? 'detail'),
  };
}
