import { bandOf, CELL_COLUMNS, CELL_ROWS, cellsOf } from './cells.ts';
import { BEAT_OFF, BEAT_ON, toneOf } from './tone.ts';

/**
 * A camera and a microphone for browsers that cannot be fed from files (Firefox): a canvas with the mark and an oscillator,
 * given out in place of `getUserMedia`. Runs before any script of the page; `window.__person` says who it is.
 */
interface PersonSource {
  person: number;
  width: number;
  height: number;
  fps: number;
}

const own = (window as unknown as { __person: PersonSource }).__person;
let began: number | null = null;
let context: AudioContext | null = null;

function cameraTrack(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = own.width;
  canvas.height = own.height;
  const pen = canvas.getContext('2d', { alpha: false });
  if (!pen) throw new Error('no canvas');
  // Counted by the clock, so that a second capture and a delayed timer both tell the true age of a picture.
  began ??= Date.now();
  const start = began;
  const paint = () => {
    const counter = Math.floor(((Date.now() - start) / 1000) * own.fps);
    pen.fillStyle = `hsl(${own.person * 137} 30% 45%)`;
    pen.fillRect(0, 0, own.width, own.height);
    pen.fillStyle = '#e0b8a0';
    pen.beginPath();
    const sway = Math.sin(counter / own.fps) * own.width * 0.08;
    pen.arc(own.width / 2 + sway, own.height * 0.24, own.height * 0.18, 0, 2 * Math.PI);
    pen.fill();
    const { top, side } = bandOf(own.width, own.height);
    cellsOf({ person: own.person, counter }).forEach((white, cell) => {
      pen.fillStyle = white ? '#e8e8e8' : '#101010';
      pen.fillRect((cell % CELL_COLUMNS) * side, top + Math.floor(cell / CELL_COLUMNS) * side, side + 1, side + 1);
    });
    if (top + CELL_ROWS * side > own.height) throw new Error('the mark does not fit the picture');
  };
  paint();
  const stream = canvas.captureStream(own.fps);
  const [track] = stream.getVideoTracks();
  if (!track) throw new Error('no picture from the canvas');
  const timer = setInterval(() => {
    if (track.readyState === 'ended') clearInterval(timer);
    else paint();
  }, 1000 / own.fps);
  return described(track, 'Test camera', { width: own.width, height: own.height, frameRate: own.fps });
}

function microphoneTrack(): MediaStreamTrack {
  context ??= new AudioContext();
  const sound = context;
  void sound.resume();
  const out = sound.createMediaStreamDestination();
  const gain = new GainNode(sound, { gain: 0 });
  const tone = new OscillatorNode(sound, { frequency: toneOf(own.person) });
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
  return described(track, 'Test microphone', {});
}

/** A canvas track says little about itself; a camera's says its size, and the product reads it. */
function described(track: MediaStreamTrack, label: string, settings: MediaTrackSettings): MediaStreamTrack {
  const full = { deviceId: `${label}-${own.person}`, groupId: 'test', ...settings };
  Object.defineProperty(track, 'label', { value: label });
  Object.defineProperty(track, 'getSettings', { value: () => full });
  Object.defineProperty(track, 'applyConstraints', { value: () => Promise.resolve() });
  return track;
}

if (navigator.mediaDevices) {
  navigator.mediaDevices.getUserMedia = (constraints) => {
    const tracks: MediaStreamTrack[] = [];
    if (constraints?.audio) tracks.push(microphoneTrack());
    if (constraints?.video) tracks.push(cameraTrack());
    return Promise.resolve(new MediaStream(tracks));
  };
}
