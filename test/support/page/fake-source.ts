import { bandOf, CELL_COLUMNS, cellsOf } from './cells.ts';
import { BEAT_OFF, BEAT_ON, toneOf } from './tone.ts';

/**
 * Cameras and microphones for browsers that cannot be fed from files (Firefox), and for tests with several devices: each
 * camera is a canvas with the mark, each microphone an oscillator, given out in place of the browser's. Runs before any
 * script of the page. `window.__person` says who it is; device n shows and sounds like person + n, so that a receiver
 * can tell which device it gets.
 */
interface PersonSource {
  person: number;
  width: number;
  height: number;
  fps: number;
  /** How many cameras, and how many microphones; 1 when left out. */
  devices?: number;
}

interface FakeDevice {
  deviceId: string;
  kind: 'videoinput' | 'audioinput';
  label: string;
  groupId: string;
  person: number;
  tracks: Set<MediaStreamTrack>;
}

const own = (window as unknown as { __person: PersonSource }).__person;
const began = Date.now();
let context: AudioContext | null = null;

const devices: FakeDevice[] = [];
for (let index = 0; index < (own.devices ?? 1); index += 1) {
  for (const kind of ['audioinput', 'videoinput'] as const) {
    const word = kind === 'audioinput' ? 'microphone' : 'camera';
    const deviceId = `test-${word}-${index}`;
    const label = `Test ${word} ${index + 1}`;
    devices.push({
      deviceId,
      kind,
      label,
      groupId: `test-${index}`,
      person: own.person + index,
      tracks: new Set(),
    });
  }
}

function cameraTrack(device: FakeDevice): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = own.width;
  canvas.height = own.height;
  const pen = canvas.getContext('2d', { alpha: false });
  if (!pen) throw new Error('no canvas');
  const { top, side } = bandOf(own.width, own.height);
  const paint = () => {
    // Counted by the clock, so that a second capture and a delayed timer both tell the true age of a picture.
    const counter = Math.floor(((Date.now() - began) / 1000) * own.fps);
    pen.fillStyle = `hsl(${device.person * 137} 30% 45%)`;
    pen.fillRect(0, 0, own.width, own.height);
    pen.fillStyle = '#e0b8a0';
    pen.beginPath();
    const sway = Math.sin(counter / own.fps) * own.width * 0.08;
    pen.arc(own.width / 2 + sway, own.height * 0.24, own.height * 0.18, 0, 2 * Math.PI);
    pen.fill();
    cellsOf({ person: device.person, counter }).forEach((white, cell) => {
      pen.fillStyle = white ? '#e8e8e8' : '#101010';
      pen.fillRect(
        (cell % CELL_COLUMNS) * side,
        top + Math.floor(cell / CELL_COLUMNS) * side,
        side + 1,
        side + 1,
      );
    });
  };
  paint();
  const [track] = canvas.captureStream(own.fps).getVideoTracks();
  if (!track) throw new Error('no picture from the canvas');
  const timer = setInterval(() => {
    if (track.readyState === 'ended') clearInterval(timer);
    else paint();
  }, 1000 / own.fps);
  return described(track, device, { width: own.width, height: own.height, frameRate: own.fps });
}

function microphoneTrack(device: FakeDevice): MediaStreamTrack {
  context ??= new AudioContext();
  const sound = context;
  void sound.resume();
  const out = sound.createMediaStreamDestination();
  const gain = new GainNode(sound, { gain: 0 });
  const tone = new OscillatorNode(sound, { frequency: toneOf(device.person) });
  tone.connect(gain).connect(out);
  tone.start();
  let next = sound.currentTime + 0.1;
  const beat = () => {
    while (next < sound.currentTime + 2) {
      gain.gain.setTargetAtTime(0.4, next, 0.01);
      gain.gain.setTargetAtTime(0, next + BEAT_ON, 0.01);
      next += BEAT_ON + BEAT_OFF;
    }
  };
  beat();
  const [track] = out.stream.getAudioTracks();
  if (!track) throw new Error('no sound from the oscillator');
  const timer = setInterval(() => {
    if (track.readyState !== 'ended') return beat();
    clearInterval(timer);
    tone.stop();
  }, 500);
  return described(track, device, {});
}

/** A canvas track says little about itself; a camera's says its size, and the product reads it. */
function described(
  track: MediaStreamTrack,
  device: FakeDevice,
  settings: MediaTrackSettings,
): MediaStreamTrack {
  const full = { deviceId: device.deviceId, groupId: device.groupId, ...settings };
  Object.defineProperty(track, 'label', { value: device.label });
  Object.defineProperty(track, 'getSettings', { value: () => full });
  Object.defineProperty(track, 'applyConstraints', { value: () => Promise.resolve() });
  device.tracks.add(track);
  return track;
}

function chosen(kind: FakeDevice['kind'], constraints: MediaTrackConstraints | boolean): FakeDevice {
  const present = devices.filter((device) => device.kind === kind);
  const wanted = typeof constraints === 'object' ? constraints.deviceId : undefined;
  const exact = typeof wanted === 'object' && !Array.isArray(wanted) ? wanted.exact : undefined;
  const ideal = typeof wanted === 'object' && !Array.isArray(wanted) ? wanted.ideal : wanted;
  const device = present.find(({ deviceId }) => deviceId === (exact ?? ideal));
  if (exact !== undefined && !device) throw new DOMException('no such device', 'OverconstrainedError');
  const first = device ?? present[0];
  if (!first) throw new DOMException('no device', 'NotFoundError');
  return first;
}

if (navigator.mediaDevices) {
  const { mediaDevices } = navigator;
  mediaDevices.getUserMedia = (constraints) =>
    new Promise((resolve) => {
      const tracks: MediaStreamTrack[] = [];
      if (constraints?.audio) tracks.push(microphoneTrack(chosen('audioinput', constraints.audio)));
      if (constraints?.video) tracks.push(cameraTrack(chosen('videoinput', constraints.video)));
      resolve(new MediaStream(tracks));
    });
  mediaDevices.enumerateDevices = () =>
    Promise.resolve(
      devices.map(({ deviceId, kind, label, groupId }) => {
        const info = { deviceId, kind, label, groupId };
        return { ...info, toJSON: () => info };
      }),
    );
}

/** Pulls a plug: the tracks of the device end and the page is told, as a browser does. */
function unplug(deviceId: string): void {
  const index = devices.findIndex((device) => device.deviceId === deviceId);
  const [device] = index < 0 ? [] : devices.splice(index, 1);
  for (const track of device?.tracks ?? []) {
    if (track.readyState === 'ended') continue;
    track.stop();
    track.dispatchEvent(new Event('ended'));
  }
  navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
}

Object.defineProperty(window, '__devices', { value: { unplug }, enumerable: false });
