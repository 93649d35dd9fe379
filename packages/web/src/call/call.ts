import { ParleyError, type DeviceKind, type PeerId, type PeerInfo, type VideoSource } from '@parley/protocol';
import type { Device } from 'mediasoup-client';
import type { MediaOffer } from '@parley/protocol/media';
import { AudioOut } from './audio-out.ts';
import { listDevices, watchDevices } from './devices.ts';
import { mark, restartMarks } from './marks.ts';
import { Media } from './media.ts';
import { Notices } from './notices.ts';
import { Publisher } from './publisher.ts';
import { NetworkMeter } from './quality.ts';
import { forgetReload, reloadOnce } from './reload.ts';
import { Roster } from './roster.ts';
import { Session, type Joined, type SessionHost, type Welcome } from './session.ts';
import { Signal } from './signal.ts';
import { refreshPaths } from './snapshot.ts';
import { Streams } from './streams.ts';
import { Subscriber } from './subscriber.ts';
import { takeTicket } from './ticket.ts';
import type { CallFailure, CallPhase, CallState, EnterOptions } from './types.ts';
import { View } from './view.ts';
import { loadDevice, warmUp } from './warm.ts';

/** Everything of one call, put together: the session on one side, media and state on the other. */
export class Call {
  readonly state: CallState;
  readonly notices: Notices;
  readonly roster: Roster;
  readonly streams = new Streams();
  readonly audio: AudioOut;
  readonly view: View;
  readonly publisher: Publisher;
  readonly subscriber: Subscriber;
  readonly network = new NetworkMeter();
  #session: Session | null = null;
  #sessionId: string | null = null;
  #media: Media | null = null;
  #device: Device | null = null;
  #name = '';
  #unwatch: () => void = () => undefined;

  constructor(state: CallState) {
    this.state = state;
    this.notices = new Notices(state);
    this.roster = new Roster(state, this.notices);
    this.audio = new AudioOut((blocked) => (state.soundBlocked = blocked));
    this.view = new View((tiles) => this.signal?.notify('setView', { tiles }));
    this.publisher = new Publisher({
      state,
      streams: this.streams,
      roster: this.roster,
      notices: this.notices,
      devicesChanged: () => void this.refreshDevices(),
    });
    this.subscriber = new Subscriber(this.streams, this.audio, {
      requestKeyFrame: (consumerId) => this.signal?.notify('requestKeyFrame', { consumerId }),
      trouble: (error) => this.notices.record(error),
    });
  }

  /** The socket of a session that is inside the meeting. */
  get signal(): Signal | null {
    return this.state.phase === 'joined' ? (this.#session?.signal ?? null) : null;
  }

  get media(): Media | null {
    return this.#media;
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  async enter(options: EnterOptions): Promise<void> {
    this.#end();
    restartMarks();
    mark('enter');
    this.roster.reset();
    this.state.slug = options.slug;
    this.state.failure = null;
    this.state.notices = [];
    this.state.capabilities = [];
    this.#name = options.name;
    this.#phase('connecting');
    this.#unwatch = this.#watch();

    const session = new Session(options.slug, this.#host());
    this.#session = session;
    try {
      warmUp();
    } catch {
      this.#fail({ key: 'UNSUPPORTED_BROWSER', retry: false });
      return;
    }
    const entered = session.run();
    // After the ticket is on its way: opening devices takes its own time beside everything else.
    this.publisher.begin(options);
    void this.audio.setSpeaker(this.state.chosen.speaker);
    await entered;
  }

  leave(): void {
    if (!this.#session) return;
    this.#end();
    this.#phase('left');
  }

  rename(name: string): void {
    this.#name = name;
  }

  /** The network is back, or another one. */
  wake(): void {
    this.#session?.wake();
    if (this.state.phase === 'joined') this.#media?.nudge();
  }

  async refreshDevices(): Promise<void> {
    this.state.devices = await listDevices();
  }

  stream(peerId: PeerId, source: VideoSource): MediaStream | null {
    return this.streams.get(peerId, source);
  }

  #host(): SessionHost {
    const { notices, roster, subscriber } = this;
    return {
      takeTicket,
      openSignal: (ticket, handlers) => new Signal(ticket, handlers),
      loadDevice: ({ routerRtpCapabilities }) => loadDevice(routerRtpCapabilities),
      view: () => this.view.guess(),
      deviceKind,
      name: () => this.#name,
      step: (step) => (this.state.step = step),
      welcomed: (welcome) => {
        forgetReload();
        this.#sessionId = welcome.sessionId;
        if (this.state.selfId && this.state.selfId !== welcome.peerId)
          this.publisher.hideLocal(this.state.selfId);
        this.state.selfId = welcome.peerId;
        this.state.capabilities = welcome.capabilities;
        this.publisher.showLocal(welcome.peerId);
      },
      joined: (joined, welcome, device, signal) => this.#joined(joined, welcome, device, signal),
      lost: () => this.#lost(),
      failed: (failure) => this.#fail(failure),
      trouble: (error) => notices.record(error),
      reload: reloadOnce,
      requests: { newConsumer: (params) => subscriber.add(params) },
      notifications: {
        roomEvents: (batch) => {
          if (!roster.apply(batch)) this.#session?.restart(new Error(`events missing before ${batch.seq}`));
        },
        mediaReset: (offer) => this.#renew(offer),
        refused: ({ key, method, detail }) => {
          notices.record(new Error(`refused ${method ?? 'frame'}: ${key} ${detail ?? ''}`));
        },
        consumerClosed: ({ consumerId }) => subscriber.closed(consumerId),
        consumerPaused: ({ consumerId }) => subscriber.paused(consumerId, true),
        consumerResumed: ({ consumerId }) => subscriber.paused(consumerId, false),
        consumerLayersChanged: ({ consumerId, layers }) => subscriber.layers(consumerId, layers),
        activeSpeaker: (params) => roster.setActiveSpeaker(params),
        audioLevels: (params) => roster.setLevels(params),
        peerQualities: (params) => roster.setQualities(params),
      },
    };
  }

  /** The order matters for the time to the first picture: receiving first, then the people, then sending. */
  #joined(joined: Joined, welcome: Welcome, device: Device, signal: Signal): void {
    this.#device = device;
    this.state.step = 'media';
    this.#newMedia(joined.media, device, signal);
    this.roster.load(joined.snapshot, selfInfo(welcome, this.#name));
    this.#phase('joined');
    this.view.start();
    if (this.#media) this.publisher.attach(this.#media, signal);
    this.state.step = null;
  }

  #newMedia(offer: MediaOffer, device: Device, signal: Signal): void {
    this.#media?.close();
    const media = new Media(device, offer, signal, {
      replaced: (direction) => {
        if (media !== this.#media) return;
        if (direction === 'recv') this.subscriber.clear();
        else this.publisher.republish();
      },
      lost: (error) => {
        if (media === this.#media) this.#session?.restart(error);
      },
      trouble: (error) => this.notices.record(error),
      changed: (transport) => void refreshPaths([transport]),
    });
    this.#media = media;
    this.subscriber.attach(media);
  }

  /** The worker behind the media died, or moved: seat, people and chat stay. */
  #renew(offer: MediaOffer): void {
    const signal = this.#session?.signal;
    if (!signal || !this.#device || !this.#media || offer.epoch <= this.#media.epoch) return;
    this.#newMedia(offer, this.#device, signal);
    if (this.#media) this.publisher.attach(this.#media, signal);
  }

  /** Nothing is sent from here on, and the screen says so. What still comes in is shown until the next session. */
  #lost(): void {
    this.view.pause();
    this.#media?.freeze();
    this.publisher.detach();
    if (this.state.phase !== 'reconnecting') this.#phase('reconnecting');
  }

  #fail(failure: CallFailure): void {
    this.#end();
    this.state.failure = failure;
    this.#phase('failed');
  }

  #end(): void {
    const session = this.#session;
    this.#session = null;
    session?.leave();
    this.#unwatch();
    this.#unwatch = () => undefined;
    this.view.reset();
    this.publisher.stop();
    this.subscriber.detach();
    this.#media?.close();
    this.#media = null;
    this.audio.clear();
    this.streams.clear();
    this.network.reset();
    this.#sessionId = null;
    this.state.step = null;
    this.state.soundBlocked = false;
    this.state.activeSpeakerId = null;
  }

  #watch(): () => void {
    const online = (): void => this.wake();
    const hidden = (): void => this.view.setHidden(document.visibilityState === 'hidden' && !inPicture());
    // The tile goes at once for the others, not when the server has noticed.
    const gone = (): void => this.leave();
    addEventListener('online', online);
    if (document.visibilityState === 'hidden') hidden();
    document.addEventListener('visibilitychange', hidden);
    addEventListener('pagehide', gone);
    const unwatchDevices = watchDevices(() => void this.refreshDevices());
    return () => {
      removeEventListener('online', online);
      document.removeEventListener('visibilitychange', hidden);
      removeEventListener('pagehide', gone);
      unwatchDevices();
    };
  }

  #phase(phase: CallPhase): void {
    this.state.phase = phase;
    this.state.since = Date.now();
  }
}

/** Picture-in-picture is seen while its page is not. */
function inPicture(): boolean {
  const documentPicture = (window as { documentPictureInPicture?: { window: Window | null } })
    .documentPictureInPicture;
  return document.pictureInPictureElement !== null || Boolean(documentPicture?.window);
}

function deviceKind(): DeviceKind {
  if (!matchMedia('(pointer: coarse)').matches) return 'desktop';
  return Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
}

function selfInfo(welcome: Welcome, name: string): PeerInfo {
  return {
    id: welcome.peerId,
    name,
    role: welcome.role,
    device: deviceKind(),
    joinedAt: Date.now(),
    tracks: [],
  };
}

/** For commands that need somebody on the other side. */
export function requireSignal(call: Call): Signal {
  if (!call.signal) throw new ParleyError('CLOSED');
  return call.signal;
}
