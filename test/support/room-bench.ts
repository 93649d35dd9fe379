import type {
  Params,
  ParamsInput,
  ParleyError,
  PeerId,
  RoomSlug,
  RtpCapabilities,
  ServerNotificationName,
  TrackSource,
} from '@parley/protocol';
import { SOURCE_KIND } from '@parley/protocol';
import type { Peer } from '../../packages/sfu/src/room/peer.ts';
import type { Broadcast, PeerLink } from '../../packages/sfu/src/room/ports.ts';
import { Room } from '../../packages/sfu/src/room/room.ts';
import type { Joined } from '../../packages/sfu/src/room/room.ts';
import { produce } from '../../packages/sfu/src/room/tracks.ts';
import { createLogger } from '../../packages/sfu/src/runtime.ts';
import { FakeHost } from './fake-media.ts';
import type { FakeConsumer, FakeTransport } from './fake-media.ts';
import { Roster } from './roster.ts';
import { opusParameters, vp8Parameters, vp9Parameters } from './rtp-parameters.ts';
import { CAN_DECODE } from './signalling-client.ts';

/** A signalling connection that notes what is said and keeps the roster, as a client would. */
export class FakeLink implements PeerLink {
  readonly said: { method: ServerNotificationName; data: unknown }[] = [];
  readonly offered: Params<'newConsumer'>[] = [];
  readonly roster = new Roster();
  goodbye: { key: string; retryAfterMs: number | null } | null = null;
  /** How the client answers a consumer; the default acknowledges at once. */
  answer: (data: Params<'newConsumer'>) => Promise<void> = () => Promise.resolve();
  /** Room events that came before the snapshot: the real session keeps them back in the same way. */
  #early: Params<'roomEvents'>[] | null = [];

  begin(joined: Joined): void {
    this.roster.start(joined.snapshot);
    for (const batch of this.#early ?? []) this.roster.apply(batch);
    this.#early = null;
  }

  notify<K extends ServerNotificationName>(method: K, data: Params<K>): void {
    if (this.goodbye) return;
    this.said.push({ method, data });
    if (method !== 'roomEvents') return;
    if (this.#early) this.#early.push(data as Params<'roomEvents'>);
    else this.roster.apply(data as Params<'roomEvents'>);
  }

  broadcast(message: Broadcast): void {
    // What travels is the text; that it says the same as the data is part of what is tested.
    const frame = JSON.parse(message.text) as { method: ServerNotificationName; data: never };
    this.notify(frame.method, frame.data);
  }

  async requestNewConsumer(data: Params<'newConsumer'>): Promise<void> {
    this.offered.push(data);
    await this.answer(data);
  }

  close({ key }: ParleyError, retryAfterMs: number | null): void {
    this.goodbye ??= { key, retryAfterMs };
  }

  all<K extends ServerNotificationName>(method: K): Params<K>[] {
    return this.said.filter((item) => item.method === method).map(({ data }) => data as Params<K>);
  }

  events(): Params<'roomEvents'>['events'] {
    return this.all('roomEvents').flatMap(({ events }) => events);
  }
}

/** Somebody in a meeting on a bench. */
export interface Seat {
  readonly peer: Peer;
  readonly link: FakeLink;
  readonly joined: Joined;
}

export interface EnterOptions {
  readonly id?: string;
  readonly view?: ParamsInput<'join'>['view'];
  readonly rtpCapabilities?: RtpCapabilities;
  readonly link?: FakeLink;
  readonly role?: 'participant' | 'viewer';
}

/** A room over fake media. */
export class RoomBench {
  readonly host = new FakeHost();
  readonly room: Room;
  now = 1_800_000_000_000;
  #ids = 0;
  #ssrc = 1;

  constructor(options: { maxPeers?: number; patienceMs?: number } = {}) {
    this.room = new Room('bench' as RoomSlug, {
      host: this.host,
      logger: createLogger('silent'),
      now: () => this.now,
      newId: () => `id-${(this.#ids += 1)}`,
      maxPeers: options.maxPeers ?? 100,
      patienceMs: options.patienceMs ?? 10_000,
    });
  }

  async enter(name: string, options: EnterOptions = {}): Promise<Seat> {
    const link = options.link ?? new FakeLink();
    const joined = await this.room.join({
      id: (options.id ?? name) as PeerId,
      role: options.role ?? 'participant',
      name,
      device: 'desktop',
      rtpCapabilities: options.rtpCapabilities ?? CAN_DECODE,
      view: options.view,
      link,
    });
    link.begin(joined);
    return { peer: joined.peer, link, joined };
  }

  publish(
    { peer }: Seat,
    source: TrackSource,
    more: { layers?: number; paused?: boolean; codec?: 'vp9'; transportId?: string } = {},
  ) {
    const ssrcs = Array.from({ length: more.layers ?? 1 }, () => (this.#ssrc += 1));
    const kind = SOURCE_KIND[source];
    const parameters =
      kind === 'audio'
        ? opusParameters(ssrcs[0]!)
        : more.codec
          ? vp9Parameters(ssrcs[0]!)
          : vp8Parameters(ssrcs);
    return produce(this.room, peer, {
      transportId: (more.transportId ?? peer.media?.send.id ?? 'none') as Params<'produce'>['transportId'],
      kind,
      source,
      rtpParameters: { ...parameters, mid: `m${(this.#ssrc += 1)}` },
      paused: more.paused ?? false,
    });
  }

  /** DTLS of the receiving side is up. */
  connect({ peer }: Seat): void {
    (peer.media?.recv as FakeTransport).dtls();
  }

  consumers({ peer }: Seat): FakeConsumer[] {
    return [...((peer.media?.recv as FakeTransport | undefined)?.consumers ?? [])];
  }

  consumerOf(seat: Seat, producerId: string): FakeConsumer | undefined {
    return this.consumers(seat).find((consumer) => consumer.producerId === producerId);
  }
}

/** Lets everything that is under way come to rest: some turns of the event loop. */
export async function rest(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
