import type { Capability, PeerId, ProducerId, TrackSource } from '@parley/protocol';
import type { Producer } from 'mediasoup-client/types';
import { DeviceSource, type DeviceSourceHost, type SourceHost } from './device-source.ts';
import type { DeviceSourceName } from './capture.ts';
import { takeTrack } from './handover.ts';
import type { Media, ProducerData, Requester } from './media.ts';
import type { Notices } from './notices.ts';
import type { Roster } from './roster.ts';
import { ScreenSource } from './screen-source.ts';
import type { Streams } from './streams.ts';
import type { CallState, EnterOptions } from './types.ts';
import { Voice } from './voice.ts';

export interface PublisherHost {
  state: CallState;
  streams: Streams;
  roster: Roster;
  notices: Notices;
  /** The device list may have changed (permission given, something unplugged). */
  devicesChanged(): void;
}

/** Sends: microphone, camera and screen, each brought from desired to actual state on its own. */
export class Publisher {
  readonly #host: PublisherHost;
  readonly #voice: Voice;
  readonly microphone: DeviceSource;
  readonly camera: DeviceSource;
  readonly screen: ScreenSource;
  #media: Media | null = null;
  #link: Requester | null = null;

  constructor(host: PublisherHost) {
    this.#host = host;
    const { state } = host;
    this.#voice = new Voice({
      muted: () => !state.microphone.wanted,
      level: (level) => host.roster.setSelfLevel(level),
      talkingWhileMuted: () => host.notices.add({ kind: 'talkingWhileMuted' }),
    });
    this.microphone = new DeviceSource(
      'microphone',
      state.microphone,
      this.#deviceHost('microphone', 'sendAudio'),
    );
    this.camera = new DeviceSource('camera', state.camera, this.#deviceHost('camera', 'sendVideo'));
    this.screen = new ScreenSource(state.screen, this.#sourceHost('screen'));
  }

  get producers(): Producer<ProducerData>[] {
    return [this.microphone.producer, this.camera.producer, ...this.screen.producers].filter(
      (producer) => producer !== null && !producer.closed,
    ) as Producer<ProducerData>[];
  }

  /** Opens the devices that are wanted from the start; publishing follows when the media side stands. */
  begin({ microphone, camera }: Pick<EnterOptions, 'microphone' | 'camera'>): void {
    const { chosen } = this.#host.state;
    for (const [source, wanted] of [
      ['microphone', microphone],
      ['camera', camera],
    ] as const) {
      const handed = takeTrack(source);
      this[source].choose(chosen[source]);
      if (wanted && handed) {
        this[source].adopt(handed);
      } else {
        handed?.stop();
      }
      this[source].set(wanted);
    }
  }

  /** A new media side, of a new session or a new epoch: everything wanted is published on it. */
  attach(media: Media, link: Requester): void {
    this.#media = media;
    this.#link = link;
    this.republish();
  }

  /** Nothing can be sent at the moment. Devices stay open, wishes stay. */
  detach(): void {
    this.#media = null;
    this.#link = null;
    this.republish();
  }

  republish(): void {
    this.microphone.unpublish();
    this.camera.unpublish();
    this.screen.unpublish();
  }

  /** Capabilities changed. */
  kick(): void {
    this.microphone.kick();
    this.camera.kick();
    this.screen.kick();
  }

  stop(): void {
    this.#media = null;
    this.#link = null;
    this.microphone.stop();
    this.camera.stop();
    this.screen.stop();
    this.#voice.listen(null);
  }

  #sourceHost(source: TrackSource): SourceHost {
    const { state, streams, roster, notices } = this.#host;
    return {
      media: () => this.#media,
      request: (method, producerId) =>
        this.#link
          ? this.#link.request(method, { producerId: producerId as ProducerId })
          : Promise.resolve(undefined),
      trackChanged: (track) => {
        if (source === 'microphone') this.#voice.listen(track);
        else if (state.selfId) streams.set(state.selfId, source as 'camera' | 'screen', track);
        if (track && source !== 'screen') this.#host.devicesChanged();
      },
      published: (producerId, paused) => {
        roster.setSelfTrack(source, producerId === null ? null : { producerId, paused });
      },
      problem: (problem) => notices.problem(source, problem),
      trouble: (error) => notices.record(error),
    };
  }

  #deviceHost(source: DeviceSourceName, capability: Capability): DeviceSourceHost {
    const { state, notices } = this.#host;
    return {
      ...this.#sourceHost(source),
      // Before the welcome nothing is known; the server decides in the end anyway.
      allowed: () => state.capabilities.length === 0 || state.capabilities.includes(capability),
      lost: (label) => {
        state.chosen[source] = null;
        notices.add({ kind: 'deviceLost', source, label });
        this.#host.devicesChanged();
      },
      switched: (label) => notices.add({ kind: 'deviceSwitched', source, label }),
    };
  }

  /** Local pictures are kept under the own id, which is known only after the welcome and may change. */
  showLocal(selfId: PeerId): void {
    const { streams } = this.#host;
    streams.set(selfId, 'camera', this.camera.track);
    streams.set(selfId, 'screen', this.screen.track);
  }

  hideLocal(selfId: PeerId): void {
    const { streams } = this.#host;
    streams.set(selfId, 'camera', null);
    streams.set(selfId, 'screen', null);
  }
}
