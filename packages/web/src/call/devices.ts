import type { DeviceList, MediaDeviceOption } from './types.ts';

/** Chromium lists aliases of the default device beside the real ones; null stands for the default here. */
const ALIASES: readonly string[] = ['default', 'communications', ''];

/** The devices that can be chosen. Empty where the browser does not tell; ids and labels are empty before permission. */
export async function listDevices(): Promise<DeviceList> {
  const list: DeviceList = { microphones: [], cameras: [], speakers: [] };
  let all: MediaDeviceInfo[] = [];
  try {
    all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  } catch {
    return list;
  }
  const into: Record<MediaDeviceKind, MediaDeviceOption[]> = {
    audioinput: list.microphones,
    videoinput: list.cameras,
    audiooutput: list.speakers,
  };
  for (const { kind, deviceId, label } of all) {
    if (!ALIASES.includes(deviceId)) into[kind].push({ id: deviceId, label });
  }
  return list;
}

/** Calls `changed` when something was plugged in or out, once per burst. Returns how to stop. */
export function watchDevices(changed: () => void): () => void {
  if (!navigator.mediaDevices?.addEventListener) return () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listener = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, 200);
  };
  navigator.mediaDevices.addEventListener('devicechange', listener);
  return () => {
    clearTimeout(timer);
    navigator.mediaDevices.removeEventListener('devicechange', listener);
  };
}
