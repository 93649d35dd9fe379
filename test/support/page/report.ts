/** What the probe in a page tells the test. All times are milliseconds since the epoch. */
export interface TileSample {
  /** When the frame was shown. */
  at: number;
  person: number;
  counter: number;
  /** Size of the decoded frame. */
  width: number;
  height: number;
}

export interface TileReport {
  peer: string;
  name: string;
  source: string;
  self: boolean;
  /** CSS pixels of the tile on the page. */
  tileWidth: number;
  tileHeight: number;
  videoWidth: number;
  videoHeight: number;
  hasVideo: boolean;
  /** Whether a person sees the video and not something in its place. */
  visible: boolean;
  /** New frames whose mark was read, and frames that were looked at without finding a whole mark. */
  decoded: number;
  unreadable: number;
  last: TileSample | null;
}

export interface SoundReport {
  /** `data-peer` of the element; empty when it has none. */
  peer: string;
  /** Whether a person would hear it: playing, not muted, volume above nought. */
  audible: boolean;
  /** Amplitude (0 to 1) of the tone of each person, by person number: the loudest moment of the asked window. */
  tones: number[];
}

export interface Violation {
  directive: string;
  blocked: string;
  sample: string;
}

export interface ProbeReport {
  at: number;
  tiles: TileReport[];
  sounds: SoundReport[];
  violations: Violation[];
}
