import type {
  Capability,
  DeviceKind,
  PeerId,
  PeerInfo,
  ProducerId,
  Quality,
  Role,
  RtpCapabilities,
  TrackInfo,
  TrackSource,
  TransportId,
} from '@parley/protocol';
import { ROLE_CAPABILITIES } from '@parley/protocol';
import type { MediaProducer, MediaTransport, PeerLink } from './ports.ts';
import type { Subscriptions } from './subscriptions.ts';

/** One published track of a peer. */
export interface Track {
  readonly producer: MediaProducer;
  readonly source: TrackSource;
  paused: boolean;
  score: number;
}

/** Media objects of a peer; all of them belong to one epoch and die together. */
export interface PeerMedia {
  readonly send: MediaTransport;
  readonly recv: MediaTransport;
}

/** Somebody in a meeting. Plain state: the room and its helpers change it, synchronously. */
export class Peer {
  readonly id: PeerId;
  readonly role: Role;
  readonly joinedAt: number;
  name: string;
  device: DeviceKind;
  rtpCapabilities: RtpCapabilities;
  link: PeerLink;
  /** False between the loss of the socket and the return or the end of the patience. */
  connected = true;
  closed = false;
  media: PeerMedia | null = null;
  readonly transports = new Map<TransportId, { direction: 'send' | 'recv'; transport: MediaTransport }>();
  readonly tracks = new Map<ProducerId, Track>();
  /** Set right after construction: it needs the peer and the room. */
  subscriptions!: Subscriptions;
  quality: Quality = 'good';

  constructor(init: {
    id: PeerId;
    role: Role;
    joinedAt: number;
    name: string;
    device: DeviceKind;
    rtpCapabilities: RtpCapabilities;
    link: PeerLink;
  }) {
    this.id = init.id;
    this.role = init.role;
    this.joinedAt = init.joinedAt;
    this.name = init.name;
    this.device = init.device;
    this.rtpCapabilities = init.rtpCapabilities;
    this.link = init.link;
  }

  get capabilities(): readonly Capability[] {
    return ROLE_CAPABILITIES[this.role];
  }

  info(): PeerInfo {
    return {
      id: this.id,
      name: this.name,
      role: this.role,
      device: this.device,
      joinedAt: this.joinedAt,
      tracks: [...this.tracks.values()].map(trackInfo),
    };
  }

  trackOf(source: TrackSource): Track | null {
    for (const track of this.tracks.values()) {
      if (track.source === source) return track;
    }
    return null;
  }

  /** Closes all media objects. Does not tell anybody: that is the room's business. */
  closeMedia(): void {
    this.subscriptions.reset();
    this.media = null;
    for (const { transport } of this.transports.values()) transport.close();
    this.transports.clear();
    this.tracks.clear();
  }
}

export function trackInfo(track: Track): TrackInfo {
  return {
    producerId: track.producer.id,
    source: track.source,
    kind: track.producer.kind,
    paused: track.paused,
    codec: track.producer.codec,
  };
}
