import type { MediaProblem } from './types.ts';

export type DeviceSourceName = 'microphone' | 'camera';

/** A device or a share that could not be had, with the key of its sentence in the language files. */
export class CaptureError extends Error {
  readonly problem: MediaProblem;

  constructor(problem: MediaProblem, cause?: unknown) {
    super(`capture: ${problem}`, { cause });
    this.name = 'CaptureError';
    this.problem = problem;
  }
}

/** Turns what the browser throws into the problem to tell. */
export function problemOf(error: unknown): MediaProblem {
  if (error instanceof CaptureError) return error.problem;
  const { name = '', message = '' } = (error ?? {}) as { name?: string; message?: string };
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      return /dismissed/i.test(message) ? 'dismissed' : 'denied';
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'notFound';
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'inUse';
    case 'SecurityError':
      return 'insecure';
    case 'NotSupportedError':
      return 'unsupported';
    default:
      return 'failed';
  }
}

function devices(): MediaDevices {
  // Browsers hide this from pages that are neither https nor localhost.
  if (!navigator.mediaDevices) throw new CaptureError(window.isSecureContext ? 'unsupported' : 'insecure');
  return navigator.mediaDevices;
}

export function constraintsFor(source: DeviceSourceName, deviceId: string | null): MediaTrackConstraints {
  const device = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  return source === 'microphone'
    ? { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true }
    : // Wishes only: a camera that knows nothing but 320x180 must work too.
      { ...device, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
}

interface Waiting {
  source: DeviceSourceName;
  deviceId: string | null;
  resolve(track: MediaStreamTrack): void;
  reject(error: unknown): void;
}
let waiting: Waiting[] = [];

/**
 * Opens a microphone or a camera. Microphone and camera asked for in the same moment are one question to the person.
 *
 * @param deviceId null for the browser's default. A device that is gone is replaced by the default.
 * @throws {CaptureError}
 */
export function openDevice(source: DeviceSourceName, deviceId: string | null): Promise<MediaStreamTrack> {
  return new Promise((resolve, reject) => {
    waiting.push({ source, deviceId, resolve, reject });
    if (waiting.length === 1) queueMicrotask(flush);
  });
}

function flush(): void {
  const all = waiting;
  waiting = [];
  const microphone = all.find(({ source }) => source === 'microphone');
  const camera = all.find(({ source }) => source === 'camera');
  if (microphone && camera && all.length === 2) void openBoth(microphone, camera);
  else for (const one of all) void openOne(one);
}

async function openBoth(microphone: Waiting, camera: Waiting): Promise<void> {
  let stream: MediaStream;
  try {
    stream = await devices().getUserMedia({
      audio: constraintsFor('microphone', microphone.deviceId),
      video: constraintsFor('camera', camera.deviceId),
    });
  } catch (error) {
    if (
      problemOf(error) === 'denied' ||
      problemOf(error) === 'dismissed' ||
      problemOf(error) === 'insecure'
    ) {
      // Asking the same person the same thing twice more would be rude, but one of the two may be allowed already.
      const allowed = await Promise.all([isGranted('microphone'), isGranted('camera')]);
      if (!allowed[0] && !allowed[1]) {
        microphone.reject(asCaptureError(error));
        camera.reject(asCaptureError(error));
        return;
      }
    }
    // One of the two is missing or busy: the other must not suffer for it.
    void openOne(microphone);
    void openOne(camera);
    return;
  }
  settle(microphone, stream.getAudioTracks()[0]);
  settle(camera, stream.getVideoTracks()[0]);
}

async function openOne(one: Waiting): Promise<void> {
  try {
    settle(one, await openWithFallback(one.source, one.deviceId));
  } catch (error) {
    one.reject(asCaptureError(error));
  }
}

async function openWithFallback(
  source: DeviceSourceName,
  id: string | null,
): Promise<MediaStreamTrack | undefined> {
  const key = source === 'microphone' ? 'audio' : 'video';
  try {
    const stream = await devices().getUserMedia({ [key]: constraintsFor(source, id) });
    return stream.getTracks()[0];
  } catch (error) {
    if (id === null || problemOf(error) !== 'notFound') throw error;
    return openWithFallback(source, null);
  }
}

function settle(one: Waiting, track: MediaStreamTrack | undefined): void {
  if (track) one.resolve(track);
  else one.reject(new CaptureError('notFound'));
}

async function isGranted(name: DeviceSourceName): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: name as PermissionName });
    return status.state === 'granted';
  } catch {
    return false;
  }
}

function asCaptureError(error: unknown): CaptureError {
  return error instanceof CaptureError ? error : new CaptureError(problemOf(error), error);
}

export interface ScreenCapture {
  video: MediaStreamTrack;
  /** Tab or system sound, where the browser and the person gave it. */
  audio: MediaStreamTrack | null;
}

/**
 * Asks for a screen, a window or a tab. Must be called directly in a gesture of the person.
 *
 * @throws {CaptureError} `dismissed` when the picker was closed.
 */
export async function openScreen(mode: 'detail' | 'motion'): Promise<ScreenCapture> {
  if (!navigator.mediaDevices?.getDisplayMedia) {
    throw new CaptureError(window.isSecureContext ? 'unsupported' : 'insecure');
  }
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { frameRate: mode === 'detail' ? { ideal: 15, max: 30 } : { ideal: 30 } },
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      // Hints that not every browser knows; unknown ones are ignored.
      ...{ systemAudio: 'include', selfBrowserSurface: 'exclude', surfaceSwitching: 'include' },
    });
    const video = stream.getVideoTracks()[0];
    if (!video) throw new CaptureError('failed');
    video.contentHint = mode === 'detail' ? 'detail' : 'motion';
    const audio = stream.getAudioTracks()[0] ?? null;
    if (audio) audio.contentHint = 'music';
    return { video, audio };
  } catch (error) {
    // The picker has no "no" of its own: closing it is not a refusal that needs an advice.
    if (problemOf(error) === 'denied' && !/system/i.test(String((error as Error).message))) {
      throw new CaptureError('dismissed', error);
    }
    throw asCaptureError(error);
  }
}
