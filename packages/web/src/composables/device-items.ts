import type { DropdownMenuItem } from '@nuxt/ui/components/DropdownMenu.vue';
import { useI18n } from 'vue-i18n';
import type { DeviceList, MediaDeviceOption } from '../call/types.ts';

export type DeviceKind = 'microphone' | 'camera' | 'speaker';

const LISTS = { microphone: 'microphones', camera: 'cameras', speaker: 'speakers' } as const;

export const devicesOf = (devices: DeviceList, kind: DeviceKind): MediaDeviceOption[] => devices[LISTS[kind]];

/** Names of devices as people read them: without the hardware ids in brackets, numbered while they are secret. */
export function useDeviceItems() {
  const { t } = useI18n();
  const label = (option: MediaDeviceOption, kind: DeviceKind, index: number) =>
    option.label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, '') ||
    t(`prejoin.numbered.${kind}`, { n: index + 1 });

  function items(
    devices: DeviceList,
    kind: DeviceKind,
    chosen: string | null,
    choose: (id: string | null) => void,
  ): DropdownMenuItem[] {
    const list = devicesOf(devices, kind);
    if (list.length === 0) return [{ label: t('prejoin.noDevice'), disabled: true }];
    const current = list.some(({ id }) => id === chosen) ? chosen : list[0]!.id;
    return list.map((option, index) => ({
      label: label(option, kind, index),
      type: 'checkbox',
      checked: option.id === current,
      translate: 'no',
      onSelect: () => choose(option.id),
    }));
  }
  return { items, label };
}
