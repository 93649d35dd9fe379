import type { DeviceSourceName } from './capture.ts';

/** Tracks on their way from the page before the call into the call, so that no device is opened twice. */
const tracks: Partial<Record<DeviceSourceName, MediaStreamTrack>> = {};

export function putTrack(source: DeviceSourceName, track: MediaStreamTrack): void {
  tracks[source]?.stop();
  tracks[source] = track;
}

/** The track, if it is still alive; it belongs to the caller from then on. */
export function takeTrack(source: DeviceSourceName): MediaStreamTrack | null {
  const track = tracks[source];
  delete tracks[source];
  return track?.readyState === 'live' ? track : null;
}
