import { ref, shallowReactive, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useCallStore } from '../stores/call.ts';
import { usePreferencesStore } from '../stores/preferences.ts';
import { openDevice, problemOf, type DeviceSourceName } from './capture.ts';
import { listDevices, watchDevices } from './devices.ts';
import { putTrack } from './handover.ts';
import { meterOf, type Meter } from './level.ts';
import type { MediaProblem } from './types.ts';

export interface Preview {
  /** The camera's picture, without sound; null while there is none. */
  stream: ShallowRef<MediaStream | null>;
  /** Loudness of the microphone, 0 to 1, about ten times a second. */
  level: Ref<number>;
  /** True while the device is open. */
  on: { microphone: boolean; camera: boolean };
  problems: { microphone: MediaProblem | null; camera: MediaProblem | null };
  /** Opens microphone and camera, as far as they are wanted, with one question to the person. */
  start(): Promise<void>;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  /** Remembered, and used by the call as well. */
  setDevice(kind: 'microphone' | 'camera' | 'speaker', id: string | null): Promise<void>;
  /** Leaves the open devices to the next `enter`; the preview is over. */
  handOver(): void;
  /** Closes everything. Safe to call at any time. */
  stop(): void;
}

/** Microphone and camera on the page before the call. */
export function usePreview(): Preview {
  const call = useCallStore();
  const preferences = usePreferencesStore();
  const stream = shallowRef<MediaStream | null>(null);
  const level = ref(0);
  const on = shallowReactive({ microphone: false, camera: false });
  const problems = shallowReactive<Preview['problems']>({ microphone: null, camera: null });
  const wanted = { microphone: true, camera: true };
  const tracks: Record<DeviceSourceName, MediaStreamTrack | null> = { microphone: null, camera: null };
  /** Counts up with each change, so that a device that opens too late is closed again. */
  const turn = { microphone: 0, camera: 0 };
  let meter: Meter | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  let unwatch: (() => void) | null = null;

  for (const kind of ['microphone', 'camera', 'speaker'] as const) call.chosen[kind] = preferences[kind];

  const refresh = async (): Promise<void> => {
    call.devices = await listDevices();
  };

  const take = (source: DeviceSourceName, track: MediaStreamTrack | null): void => {
    tracks[source] = track;
    on[source] = track !== null;
    if (source === 'camera') {
      stream.value = track ? new MediaStream([track]) : null;
      return;
    }
    meter?.stop();
    clearInterval(timer);
    level.value = 0;
    meter = track ? meterOf(track) : null;
    if (meter) timer = setInterval(() => (level.value = meter?.read() ?? 0), 100);
  };

  const close = (source: DeviceSourceName): void => {
    turn[source] += 1;
    tracks[source]?.stop();
    if (tracks[source]) take(source, null);
  };

  const open = async (source: DeviceSourceName): Promise<void> => {
    turn[source] += 1;
    const mine = turn[source];
    try {
      const track = await openDevice(source, call.chosen[source]);
      if (mine !== turn[source]) {
        track.stop();
        return;
      }
      tracks[source]?.stop();
      problems[source] = null;
      take(source, track);
      track.addEventListener('ended', () => {
        // Unplugged: the default takes over, if there is one.
        if (tracks[source] !== track) return;
        take(source, null);
        void open(source);
      });
      await refresh();
    } catch (error) {
      if (mine !== turn[source]) return;
      tracks[source]?.stop();
      take(source, null);
      problems[source] = problemOf(error);
    }
  };

  const toggle = async (source: DeviceSourceName, value: boolean): Promise<void> => {
    wanted[source] = value;
    if (value) await open(source);
    else close(source);
  };

  const stop = (): void => {
    close('microphone');
    close('camera');
    unwatch?.();
    unwatch = null;
  };

  return {
    stream,
    level,
    on,
    problems,
    async start() {
      unwatch ??= watchDevices(() => void refresh());
      const sources = (['microphone', 'camera'] as const).filter(
        (source) => wanted[source] && !tracks[source],
      );
      await Promise.all([...sources.map((source) => open(source)), refresh()]);
    },
    setMicrophone: (value) => toggle('microphone', value),
    setCamera: (value) => toggle('camera', value),
    async setDevice(kind, id) {
      call.chosen[kind] = id;
      preferences[kind] = id;
      if (kind !== 'speaker' && wanted[kind]) await open(kind);
    },
    handOver() {
      for (const source of ['microphone', 'camera'] as const) {
        const track = tracks[source];
        turn[source] += 1;
        if (track) {
          take(source, null);
          putTrack(source, track);
        }
      }
      stop();
    },
    stop,
  };
}
