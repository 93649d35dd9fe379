import {
  ParleyError,
  type MediaOffer,
  type ParamsInput,
  type TransportId,
  type TransportOptions,
} from '@parley/protocol';
import type { Device } from 'mediasoup-client';
import type { AppData, Producer, ProducerOptions, Transport } from 'mediasoup-client/types';
import { fromProtoo } from './failure.ts';
import { PathKeeper } from './path.ts';
import { mark } from './marks.ts';
import type { Signal } from './signal.ts';

export type Direction = 'send' | 'recv';
export type Requester = Pick<Signal, 'request'>;

export interface MediaEvents {
  /** A transport was built anew in the same epoch: what was on it is gone. */
  replaced(direction: Direction): void;
  /** The media path cannot be had back: only a new session helps. */
  lost(error: unknown): void;
  trouble(error: unknown): void;
  /** The connection state of a transport changed. */
  changed(transport: Transport): void;
}

/** What a published track tells the server beside its RTP. */
export interface ProducerData extends AppData {
  source: 'microphone' | 'camera' | 'screen' | 'screenAudio';
}

/** Both transports of one epoch. Dies with its socket, with `mediaReset`, or by `close`. */
export class Media {
  readonly epoch: number;
  readonly device: Device;
  readonly #link: Requester;
  readonly #events: MediaEvents;
  readonly #keepers = new Map<Direction, PathKeeper>();
  #sendOptions: TransportOptions;
  #send: Transport | null = null;
  #recv: Transport;
  #closed = false;

  constructor(device: Device, offer: MediaOffer, link: Requester, events: MediaEvents) {
    this.device = device;
    this.epoch = offer.epoch;
    this.#link = link;
    this.#events = events;
    this.#sendOptions = offer.sendTransport;
    this.#recv = this.#create('recv', offer.recvTransport);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get recv(): Transport {
    return this.#recv;
  }

  /** The sending side is built when something is to be sent: who only watches does not pay for it. */
  get send(): Transport {
    this.#send ??= this.#create('send', this.#sendOptions);
    return this.#send;
  }

  get transports(): Transport[] {
    return this.#send ? [this.#send, this.#recv] : [this.#recv];
  }

  /** @throws {ParleyError} from the server; other errors where the browser refuses. */
  produce(options: ProducerOptions<ProducerData>): Promise<Producer<ProducerData>> {
    if (this.#closed) return Promise.reject(new ParleyError('CLOSED'));
    return this.send.produce(options);
  }

  /** The socket is gone: nothing more is sent or repaired, but what is still coming in may be shown. */
  freeze(): void {
    for (const keeper of this.#keepers.values()) keeper.close();
    this.#send?.close();
  }

  /** The machine is on another network: the old path is gone even where the browser has not noticed. */
  nudge(): void {
    for (const keeper of this.#keepers.values()) void keeper.restartNow();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const keeper of this.#keepers.values()) keeper.close();
    this.#send?.close();
    this.#recv.close();
  }

  #create(direction: Direction, options: TransportOptions): Transport {
    const transport =
      direction === 'send'
        ? this.device.createSendTransport(options)
        : this.device.createRecvTransport(options);
    const transportId = options.id;

    transport.on('connect', ({ dtlsParameters }, callback) => {
      // Not awaited: the browser may look for its path while the server takes note. The request is on the wire before
      // the first connectivity check, and DTLS repeats its first flight should it be faster all the same.
      this.#link
        .request('connectWebRtcTransport', { transportId, dtlsParameters })
        .catch((error: unknown) => {
          this.#failed(transport, direction, error);
        });
      callback();
    });

    transport.on('produce', ({ kind, rtpParameters, appData }, callback, errback) => {
      const { source } = appData as ProducerData;
      // The browser library's types are wider than the protocol's; the server checks the real thing.
      const described = rtpParameters as ParamsInput<'produce'>['rtpParameters'];
      this.#link.request('produce', { transportId, kind, source, rtpParameters: described }).then(
        ({ producerId }) => callback({ id: producerId }),
        (error: unknown) => errback(fromProtoo(error)),
      );
    });

    transport.on('connectionstatechange', (state) => {
      if (state === 'connected') mark(direction === 'recv' ? 'dtlsConnected' : 'sendConnected');
      this.#events.changed(transport);
    });

    this.#keepers.set(
      direction,
      new PathKeeper(transport, {
        restart: () => this.#restart(transport, transportId),
        replace: () => this.#replace(direction),
        lost: (error) => this.#events.lost(error),
        trouble: (error) => this.#events.trouble(error),
      }),
    );
    return transport;
  }

  #failed(transport: Transport, direction: Direction, error: unknown): void {
    if (this.#closed || transport.closed) return;
    this.#events.trouble(error);
    void this.#keepers.get(direction)?.replaceNow();
  }

  async #restart(transport: Transport, transportId: TransportId): Promise<void> {
    const { iceParameters } = await this.#link.request('restartIce', { transportId }, 5_000);
    if (!transport.closed) await transport.restartIce({ iceParameters });
  }

  async #replace(direction: Direction): Promise<void> {
    const options = await this.#link.request(
      'createWebRtcTransport',
      { epoch: this.epoch, direction },
      5_000,
    );
    if (this.#closed) return;
    this.#keepers.get(direction)?.close();
    if (direction === 'recv') {
      this.#recv.close();
      this.#recv = this.#create('recv', options);
    } else {
      this.#send?.close();
      this.#sendOptions = options;
      this.#send = null;
    }
    this.#events.replaced(direction);
  }
}
