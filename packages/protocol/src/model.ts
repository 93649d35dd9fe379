import * as z from 'zod';
import { ChatId, PeerId, ProducerId } from './ids.ts';
import { LIMITS } from './limits.ts';
import { MediaKind } from './media.ts';

/** What a person may do. The server checks it; the UI reads the same list to disable what would be refused. */
export const Capability = z.enum(['sendAudio', 'sendVideo', 'sendScreen', 'chat']);
export type Capability = z.infer<typeof Capability>;

export const Role = z.enum(['participant', 'viewer']);
export type Role = z.infer<typeof Role>;

/** Role to capabilities: named sets over one list. */
export const ROLE_CAPABILITIES: Readonly<Record<Role, readonly Capability[]>> = {
  participant: ['sendAudio', 'sendVideo', 'sendScreen', 'chat'],
  viewer: ['chat'],
};

/** Where the media of a producer comes from. */
export const TrackSource = z.enum(['microphone', 'camera', 'screen', 'screenAudio']);
export type TrackSource = z.infer<typeof TrackSource>;

export const SOURCE_KIND: Readonly<Record<TrackSource, MediaKind>> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
};

export const SOURCE_CAPABILITY: Readonly<Record<TrackSource, Capability>> = {
  microphone: 'sendAudio',
  camera: 'sendVideo',
  screen: 'sendScreen',
  screenAudio: 'sendScreen',
};

/** Sources that are shown as a tile. */
export const VideoSource = TrackSource.extract(['camera', 'screen']);
export type VideoSource = z.infer<typeof VideoSource>;

/** Control characters and direction overrides would let a name imitate another or break a line of text. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_NAMES = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

export const DisplayName = z
  .string()
  .max(LIMITS.name * 2)
  .transform((text) =>
    text.replace(FORBIDDEN_IN_NAMES, ' ').replace(/\s+/g, ' ').trim().slice(0, LIMITS.name),
  )
  .refine((text) => text.length > 0, 'a name is needed');

export const DeviceKind = z.enum(['desktop', 'phone', 'tablet', 'unknown']);
export type DeviceKind = z.infer<typeof DeviceKind>;

export const TrackInfo = z.object({
  producerId: ProducerId,
  source: TrackSource,
  kind: MediaKind,
  /** Muted microphone or switched-off camera: the producer stays, nothing is sent. */
  paused: z.boolean(),
  /** For example `video/VP8`. */
  codec: z.string().max(64),
});
export type TrackInfo = z.infer<typeof TrackInfo>;

export const PeerInfo = z.object({
  id: PeerId,
  name: z.string().max(LIMITS.name),
  role: Role,
  device: DeviceKind,
  /** Milliseconds since the epoch, by the server's clock. */
  joinedAt: z.number().int(),
  tracks: z.array(TrackInfo).max(LIMITS.producersPerPeer),
});
export type PeerInfo = z.infer<typeof PeerInfo>;

export const ChatMessage = z.object({
  id: ChatId,
  peerId: PeerId,
  name: z.string().max(LIMITS.name),
  text: z.string().min(1).max(LIMITS.chatText),
  /** Milliseconds since the epoch, by the server's clock. */
  at: z.number().int(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** Why somebody is no longer there. */
export const LeaveReason = z.enum(['left', 'connectionLost', 'replaced', 'removed']);
export type LeaveReason = z.infer<typeof LeaveReason>;

/**
 * Everything that changes in a meeting, in the order of its `seq`. A snapshot with `seq` n and all events after n give
 * the present state: no gap, no duplicate.
 */
export const RoomEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('peerJoined'), peer: PeerInfo }),
  z.object({ type: z.literal('peerLeft'), peerId: PeerId, reason: LeaveReason }),
  z.object({ type: z.literal('peerRenamed'), peerId: PeerId, name: z.string().max(LIMITS.name) }),
  z.object({ type: z.literal('trackAdded'), peerId: PeerId, track: TrackInfo }),
  z.object({ type: z.literal('trackPaused'), peerId: PeerId, producerId: ProducerId }),
  z.object({ type: z.literal('trackResumed'), peerId: PeerId, producerId: ProducerId }),
  z.object({ type: z.literal('trackRemoved'), peerId: PeerId, producerId: ProducerId }),
  z.object({ type: z.literal('chatAdded'), message: ChatMessage }),
]);
export type RoomEvent = z.infer<typeof RoomEvent>;

export const RoomSnapshot = z.object({
  seq: z.number().int().min(0),
  peers: z.array(PeerInfo).max(LIMITS.peers),
  chat: z.array(ChatMessage).max(LIMITS.chatHistory),
});
export type RoomSnapshot = z.infer<typeof RoomSnapshot>;

/** One tile that a client shows, with its size in device pixels. */
export const TileView = z.object({
  peerId: PeerId,
  source: VideoSource,
  width: z.number().int().min(1).max(LIMITS.tileSide),
  height: z.number().int().min(1).max(LIMITS.tileSide),
});
export type TileView = z.infer<typeof TileView>;

/** Uplink quality of a person as the server sees it, for the mark on the tile. */
export const Quality = z.enum(['good', 'fair', 'poor']);
export type Quality = z.infer<typeof Quality>;
