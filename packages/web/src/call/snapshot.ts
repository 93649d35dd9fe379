import type { Producer, Transport } from 'mediasoup-client/types';
import type { CallState, ParleyWindow } from './types.ts';
import { allMarks } from './marks.ts';
import type { Media, ProducerData } from './media.ts';
import type { RecordedError } from './notices.ts';
import { entriesOf, reportOf, selectedPair, type Report, type StatsEntry } from './quality.ts';
import type { Subscription } from './subscriber.ts';

/** What `window.parley` reads; everything is looked up at the moment of the call. */
export interface SnapshotSources {
  state: CallState;
  media(): Media | null;
  producers(): Producer<ProducerData>[];
  subscriptions(): Subscription[];
  errors(): readonly RecordedError[];
  session(): { sessionId: string | null; seq: number };
}

const INBOUND = [
  'bytesReceived',
  'packetsReceived',
  'packetsLost',
  'jitter',
  'framesReceived',
  'framesDecoded',
  'framesDropped',
  'keyFramesDecoded',
  'frameWidth',
  'frameHeight',
  'framesPerSecond',
  'freezeCount',
  'totalFreezesDuration',
  'pliCount',
  'nackCount',
  'audioLevel',
  'totalAudioEnergy',
  'totalSamplesDuration',
  'totalSamplesReceived',
  'concealedSamples',
  'jitterBufferDelay',
  'jitterBufferEmittedCount',
  'decoderImplementation',
] as const;
const OUTBOUND = [
  'rid',
  'active',
  'bytesSent',
  'packetsSent',
  'framesEncoded',
  'framesSent',
  'keyFramesEncoded',
  'frameWidth',
  'frameHeight',
  'framesPerSecond',
  'targetBitrate',
  'qualityLimitationReason',
  'pliCount',
  'nackCount',
  'scalabilityMode',
] as const;

/** Ids of transports to what their last statistics said; `state()` answers at once and statistics do not. */
const lastPaths = new Map<string, Record<string, unknown>>();

export function createParley(sources: SnapshotSources): ParleyWindow {
  return {
    state: () => {
      void refreshPaths(sources.media()?.transports ?? []);
      return structuredState(sources);
    },
    stats: async () => {
      const [consumers, producers] = await Promise.all([
        Promise.all(sources.subscriptions().map(consumerStats)),
        Promise.all(sources.producers().map(producerStats)),
        refreshPaths(sources.media()?.transports ?? []),
      ]);
      return plain({
        at: performance.now(),
        consumers,
        producers,
        transports: transportsOf(sources.media()),
      });
    },
  };
}

/** Called when a transport changes its state, so that the first `state()` after it knows the path already. */
export async function refreshPaths(transports: Transport[]): Promise<void> {
  await Promise.all(
    transports.map(async (transport) => {
      if (transport.closed) return;
      const report = await reportOf(transport);
      if (report.size > 0) lastPaths.set(transport.id, describePath(report));
    }),
  );
}

function structuredState({ state, media, producers, subscriptions, errors, session }: SnapshotSources) {
  return plain({
    ...session(),
    slug: state.slug,
    phase: state.phase,
    step: state.step,
    failure: state.failure,
    since: state.since,
    epoch: media()?.epoch ?? null,
    selfId: state.selfId,
    activeSpeakerId: state.activeSpeakerId,
    soundBlocked: state.soundBlocked,
    toggles: { microphone: state.microphone, camera: state.camera, screen: state.screen },
    peers: state.peers,
    handler: media()?.device.handlerName ?? null,
    producers: producers().map(describeProducer),
    consumers: subscriptions().map(describeConsumer),
    transports: transportsOf(media()),
    errors: errors(),
    timings: allMarks(),
  });
}

function describeProducer(producer: Producer<ProducerData>) {
  const { codecs, encodings } = producer.rtpParameters;
  return {
    id: producer.id,
    source: producer.appData.source,
    kind: producer.kind,
    codec: codecs[0]?.mimeType ?? null,
    encodings: encodings ?? [],
    track: producer.track && {
      label: producer.track.label,
      enabled: producer.track.enabled,
      readyState: producer.track.readyState,
      width: producer.track.getSettings().width ?? null,
      height: producer.track.getSettings().height ?? null,
    },
  };
}

function describeConsumer({ consumer, ...rest }: Subscription) {
  return {
    ...rest,
    codec: consumer.rtpParameters.codecs[0]?.mimeType ?? null,
    muted: consumer.track.muted,
    readyState: consumer.track.readyState,
  };
}

function transportsOf(media: Media | null) {
  return (media?.transports ?? []).map((transport) => ({
    id: transport.id,
    direction: transport.direction,
    connectionState: transport.connectionState,
    iceState: null,
    dtlsState: null,
    srtpCipher: null,
    selectedPair: null,
    ...lastPaths.get(transport.id),
  }));
}

function describePath(report: Report): Record<string, unknown> {
  const entry = entriesOf(report, 'transport')[0];
  const selected = selectedPair(report);
  const side = (candidate: StatsEntry | undefined) =>
    candidate && {
      type: candidate.candidateType,
      protocol: candidate.protocol,
      address: candidate.address ?? candidate.ip ?? null,
      port: candidate.port,
    };
  return {
    iceState: entry?.iceState ?? selected?.pair.state ?? null,
    dtlsState: entry?.dtlsState ?? null,
    srtpCipher: entry?.srtpCipher ?? null,
    selectedPair: selected && {
      local: side(selected.local),
      remote: side(selected.remote),
      rtt: selected.pair.currentRoundTripTime ?? null,
    },
  };
}

async function consumerStats(subscription: Subscription) {
  const report = await reportOf(subscription.consumer);
  const inbound = entriesOf(report, 'inbound-rtp')[0];
  return { ...describeConsumer(subscription), rtp: inbound ? pick(inbound, INBOUND) : null };
}

async function producerStats(producer: Producer<ProducerData>) {
  const report = await reportOf(producer);
  return {
    ...describeProducer(producer),
    rtp: entriesOf(report, 'outbound-rtp').map((entry) => pick(entry, OUTBOUND)),
  };
}

function pick(entry: StatsEntry, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => entry[key] !== undefined).map((key) => [key, entry[key]]));
}

/** Out of reach of whoever reads it, and certainly JSON. */
function plain(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
