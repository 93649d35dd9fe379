import type { types } from 'mediasoup';
import type { ProducerId, RoomSlug, RtpCapabilities, TransportOptions } from '@parley/protocol';
import { ParleyError } from '@parley/protocol';
import type { Logger } from '../runtime.ts';
import type { AudioLevel, MediaHost, MediaTransport, RoomMedia } from '../room/ports.ts';
import { routerCodecs } from './codecs.ts';
import type { CodecName } from './codecs.ts';
import { LocalTransport } from './transport.ts';
import type { PooledWorker, WorkerPool } from './worker-pool.ts';

/** Below this, in dBov, nobody counts as heard. */
const HEARD_DBOV = -65;
const LEVELS_EVERY_MS = 250;
const LEVELS_MOST = 16;
const SPEAKER_EVERY_MS = 300;
/** A downlink is assumed to carry this much until there is an estimate, in bit/s. */
const INITIAL_DOWNLINK_BPS = 2_000_000;

/** The media host of a single machine: routers in the worker pool of this process. */
export class LocalHost implements MediaHost {
  readonly #pool: WorkerPool;
  readonly #codecs: types.RouterRtpCodecCapability[];
  readonly #logger: Logger;

  constructor(pool: WorkerPool, codecs: readonly CodecName[], logger: Logger) {
    this.#pool = pool;
    this.#codecs = routerCodecs(codecs);
    this.#logger = logger;
  }

  async openRoom(slug: RoomSlug): Promise<RoomMedia> {
    const slot = this.#pool.pick();
    // Counted before the first `await`: meetings that are opened at once (after a restart, say) go to different workers.
    slot.load += 1;
    try {
      const router = await slot.worker.createRouter({ mediaCodecs: this.#codecs });
      const [levels, speaker] = await Promise.all([
        router.createAudioLevelObserver({
          maxEntries: LEVELS_MOST,
          threshold: HEARD_DBOV,
          interval: LEVELS_EVERY_MS,
        }),
        router.createActiveSpeakerObserver({ interval: SPEAKER_EVERY_MS }),
      ]);
      return new LocalRoomMedia(slot, router, levels, speaker);
    } catch (error) {
      slot.load -= 1;
      this.#logger.error({ err: error, slug }, 'router cannot be made');
      throw new ParleyError('MEDIA_UNAVAILABLE');
    }
  }
}

class LocalRoomMedia implements RoomMedia {
  onDied: (() => void) | null = null;
  onActiveSpeaker: ((producerId: ProducerId | null) => void) | null = null;
  onAudioLevels: ((levels: readonly AudioLevel[]) => void) | null = null;
  readonly #slot: PooledWorker;
  readonly #router: types.Router;
  readonly #levels: types.AudioLevelObserver;
  readonly #speaker: types.ActiveSpeakerObserver;

  constructor(
    slot: PooledWorker,
    router: types.Router,
    levels: types.AudioLevelObserver,
    speaker: types.ActiveSpeakerObserver,
  ) {
    this.#slot = slot;
    this.#router = router;
    this.#levels = levels;
    this.#speaker = speaker;
    router.observer.once('close', () => {
      slot.load -= 1;
    });
    router.once('workerclose', () => this.onDied?.());
    levels.on('volumes', (volumes) => {
      this.onAudioLevels?.(
        volumes.map(({ producer, volume }) => ({ producerId: producer.id as ProducerId, volume })),
      );
    });
    levels.on('silence', () => this.onAudioLevels?.([]));
    speaker.on('dominantspeaker', ({ producer }) => this.onActiveSpeaker?.(producer.id as ProducerId));
  }

  get rtpCapabilities(): RtpCapabilities {
    return this.#router.rtpCapabilities as RtpCapabilities;
  }

  get closed(): boolean {
    return this.#router.closed;
  }

  async createTransport(_direction: 'send' | 'recv'): Promise<MediaTransport> {
    try {
      const transport = await this.#router.createWebRtcTransport({
        webRtcServer: this.#slot.server,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: INITIAL_DOWNLINK_BPS,
      });
      const options = {
        id: transport.id,
        iceParameters: transport.iceParameters,
        iceCandidates: transport.iceCandidates,
        dtlsParameters: transport.dtlsParameters,
      } as unknown as TransportOptions;
      return new LocalTransport(transport, options, this.#router, this.#slot, [this.#levels, this.#speaker]);
    } catch (error) {
      throw this.#router.closed ? new ParleyError('MEDIA_UNAVAILABLE') : error;
    }
  }

  close(): void {
    this.onDied = null;
    this.#router.close();
  }
}
