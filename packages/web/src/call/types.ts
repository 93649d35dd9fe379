import type {
  Capability,
  ChatMessage,
  DeviceKind,
  ErrorKey,
  PeerId,
  Quality,
  Role,
  RoomSlug,
  TrackSource,
  VideoSource,
} from '@parley/protocol';

/**
 * The seam between the headless call layer (`call/`) and the components: plain data out, commands in. Components never
 * see a mediasoup object or a socket; the call layer never sees a component.
 */

/** `reconnecting` means that nothing is being sent; the screen and the media never say different things. */
export type CallPhase = 'idle' | 'connecting' | 'joined' | 'reconnecting' | 'left' | 'failed';

/** What connecting is busy with, to be said in words on the screen. */
export type ConnectStep = 'ticket' | 'socket' | 'join' | 'media';

/** A toggle that people press fast: what is wanted, what is, and whether the two are being brought together. */
export interface ToggleState {
  /** What the person wants. */
  wanted: boolean;
  /** What is the case: true while the track is published and not paused. */
  on: boolean;
  pending: boolean;
  /** Why it could not be done the last time; null when nothing is wrong. */
  problem: MediaProblem | null;
}

/** Why a device or a share could not be had. Each has a sentence and an advice in the language files: `problem.<key>`. */
export type MediaProblem =
  'denied' | 'dismissed' | 'notFound' | 'inUse' | 'insecure' | 'unsupported' | 'notAllowed' | 'failed';

export interface RemoteTrack {
  source: TrackSource;
  producerId: string;
  paused: boolean;
}

export interface CallPeer {
  id: PeerId;
  name: string;
  role: Role;
  device: DeviceKind;
  joinedAt: number;
  self: boolean;
  microphone: RemoteTrack | null;
  camera: RemoteTrack | null;
  screen: RemoteTrack | null;
  /** 0 (silent) to 1 (loud), for the level mark. */
  level: number;
  speaking: boolean;
  quality: Quality;
}

export interface CallMessage extends ChatMessage {
  self: boolean;
}

/** A failure of the whole call. `key` has a sentence in the language files: `error.<key>`. */
export interface CallFailure {
  key: ErrorKey | 'NETWORK' | 'UNSUPPORTED_BROWSER';
  /** Whether trying again by hand makes sense. */
  retry: boolean;
}

export interface DeviceList {
  microphones: MediaDeviceOption[];
  cameras: MediaDeviceOption[];
  speakers: MediaDeviceOption[];
}
export interface MediaDeviceOption {
  id: string;
  /** Empty until the browser has given permission; show a numbered name then. */
  label: string;
}

/** Something that deserves a toast or the live region, newest last; the component layer translates it. */
export type CallNotice =
  | { id: number; kind: 'joined' | 'left' | 'sharing' | 'sharingEnded'; name: string }
  | { id: number; kind: 'deviceLost' | 'deviceSwitched'; source: 'microphone' | 'camera'; label: string }
  | { id: number; kind: 'problem'; source: TrackSource; problem: MediaProblem }
  | { id: number; kind: 'talkingWhileMuted' }
  | { id: number; kind: 'error'; key: ErrorKey };

/** Everything the components show. The Pinia store `useCallStore` (stores/call.ts) holds exactly this. */
export interface CallState {
  slug: RoomSlug | null;
  phase: CallPhase;
  step: ConnectStep | null;
  failure: CallFailure | null;
  /** Milliseconds since the epoch; when the present phase began. */
  since: number;
  selfId: PeerId | null;
  capabilities: Capability[];
  /** In the order of joining, self first. Stable: nobody moves because somebody else spoke. */
  peers: CallPeer[];
  activeSpeakerId: PeerId | null;
  microphone: ToggleState;
  camera: ToggleState;
  screen: ToggleState;
  messages: CallMessage[];
  unread: number;
  /** The browser refused to play sound until the person touches the page: show one button, "tap to hear". */
  soundBlocked: boolean;
  notices: CallNotice[];
  devices: DeviceList;
  /** Chosen device ids; null is the browser's default. */
  chosen: { microphone: string | null; camera: string | null; speaker: string | null };
}

/** One visible tile and its size in CSS pixels; the call layer multiplies with the device pixel ratio. */
export interface VisibleTile {
  peerId: PeerId;
  source: VideoSource;
  width: number;
  height: number;
}

export interface EnterOptions {
  slug: RoomSlug;
  name: string;
  microphone: boolean;
  camera: boolean;
}

/** Commands. None of them throws: what went wrong stands in the state or in a notice. */
export interface CallActions {
  enter(options: EnterOptions): Promise<void>;
  leave(): void;
  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  /** `detail` keeps text sharp, `motion` keeps films fluent. */
  setScreen(on: boolean, mode?: 'detail' | 'motion'): void;
  setDevice(kind: 'microphone' | 'camera' | 'speaker', id: string | null): void;
  refreshDevices(): Promise<void>;
  rename(name: string): Promise<boolean>;
  sendChat(text: string): Promise<boolean>;
  /** The chat panel is open and seen: unread becomes 0 and stays so until `false`. */
  setChatSeen(seen: boolean): void;
  /** The whole of what is shown now. Called often; the call layer coalesces. */
  setVisibleTiles(tiles: VisibleTile[]): void;
  /** Must be called in a gesture of the person. */
  unblockSound(): Promise<void>;
  dismissNotice(id: number): void;
  /** The stream of a tile (own camera and screen too), null while there is none. Changes are reactive (shallowRef inside). */
  stream(peerId: PeerId, source: VideoSource): MediaStream | null;
  /** Figures for the network panel, at most once a second. */
  networkStats(): Promise<NetworkStats>;
}

export interface NetworkStats {
  /** Milliseconds; null while unknown. */
  rttMs: number | null;
  sendKbps: number;
  recvKbps: number;
  /** 0 to 1, of the received packets of the last interval. */
  lossIn: number | null;
  /** For example `udp 192.0.2.7:44444`; exact jargon is welcome here. */
  path: string | null;
  videos: {
    peerId: PeerId;
    source: VideoSource;
    width: number;
    height: number;
    fps: number;
    codec: string;
  }[];
}

/** The public contract of `window.parley` (see the README): read-only, plain JSON. */
export interface ParleyWindow {
  state(): Record<string, unknown>;
  stats(): Promise<Record<string, unknown>>;
}
