import type { PeerId, VideoSource } from '@parley/protocol';
import type { Transport } from 'mediasoup-client/types';
import type { Subscription } from './subscriber.ts';
import type { NetworkStats } from './types.ts';

const EVERY_MS = 1_000;

/** One entry of a statistics report; which members are there depends on its type and on the browser. */
export interface StatsEntry {
  id: string;
  type: string;
  [member: string]: unknown;
}

export type Report = Map<string, StatsEntry>;

export interface Totals {
  at: number;
  sent: number;
  received: number;
  packets: number;
  lost: number;
}

export async function reportOf(source: { getStats(): Promise<RTCStatsReport> }): Promise<Report> {
  const report: Report = new Map();
  try {
    (await source.getStats()).forEach((entry: StatsEntry) => report.set(entry.id, entry));
  } catch {
    // Closed meanwhile.
  }
  return report;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function entriesOf(report: Report, type: string): StatsEntry[] {
  return [...report.values()].filter((entry) => entry.type === type);
}

/** The pair of addresses that carries the media; Firefox marks it `selected`, others name it in the transport entry. */
export function selectedPair(
  report: Report,
): { pair: StatsEntry; local?: StatsEntry; remote?: StatsEntry } | null {
  const named = entriesOf(report, 'transport')
    .map((entry) => report.get(String(entry.selectedCandidatePairId)))
    .find((entry) => entry !== undefined);
  const pairs = entriesOf(report, 'candidate-pair');
  const pair =
    named ??
    pairs.find((entry) => entry.selected === true) ??
    pairs.find((entry) => entry.nominated === true && entry.state === 'succeeded');
  if (!pair) return null;
  return {
    pair,
    local: report.get(String(pair.localCandidateId)),
    remote: report.get(String(pair.remoteCandidateId)),
  };
}

export function pathOf(report: Report): string | null {
  const selected = selectedPair(report);
  if (!selected?.remote) return null;
  const { protocol, address, ip, port } = selected.remote;
  return `${String(protocol)} ${String(address ?? ip)}:${String(port)}`;
}

export function totalsOf(reports: Report[], at: number): Totals {
  const totals: Totals = { at, sent: 0, received: 0, packets: 0, lost: 0 };
  for (const report of reports) {
    for (const entry of entriesOf(report, 'outbound-rtp')) totals.sent += number(entry.bytesSent);
    for (const entry of entriesOf(report, 'inbound-rtp')) {
      totals.received += number(entry.bytesReceived);
      totals.packets += number(entry.packetsReceived);
      totals.lost += number(entry.packetsLost);
    }
  }
  return totals;
}

/** Figures of the interval between two readings; a counter that went back (a rebuilt transport) counts as nothing. */
export function rates(before: Totals, after: Totals): Pick<NetworkStats, 'sendKbps' | 'recvKbps' | 'lossIn'> {
  const ms = Math.max(1, after.at - before.at);
  const grown = (key: 'sent' | 'received' | 'packets' | 'lost'): number =>
    Math.max(0, after[key] - before[key]);
  const packets = grown('packets') + grown('lost');
  return {
    sendKbps: Math.round((grown('sent') * 8) / ms),
    recvKbps: Math.round((grown('received') * 8) / ms),
    lossIn: packets === 0 ? null : grown('lost') / packets,
  };
}

function videoOf(subscription: Subscription, report: Report): NetworkStats['videos'][number] | null {
  const inbound = entriesOf(report, 'inbound-rtp')[0];
  if (subscription.kind !== 'video' || !inbound) return null;
  const codec = report.get(String(inbound.codecId));
  return {
    peerId: subscription.peerId as PeerId,
    source: subscription.source as VideoSource,
    width: number(inbound.frameWidth),
    height: number(inbound.frameHeight),
    fps: Math.round(number(inbound.framesPerSecond)),
    codec: String(codec?.mimeType ?? subscription.consumer.rtpParameters.codecs[0]?.mimeType ?? ''),
  };
}

/** Figures for the network panel. Asked more often than once a second, it repeats the last answer. */
export class NetworkMeter {
  #last: { at: number; stats: Promise<NetworkStats> } | null = null;
  #before: Totals | null = null;

  read(transports: Transport[], subscriptions: Subscription[]): Promise<NetworkStats> {
    const now = performance.now();
    if (this.#last && now - this.#last.at < EVERY_MS) return this.#last.stats;
    const stats = this.#measure(transports, subscriptions);
    this.#last = { at: now, stats };
    return stats;
  }

  reset(): void {
    this.#last = null;
    this.#before = null;
  }

  async #measure(transports: Transport[], subscriptions: Subscription[]): Promise<NetworkStats> {
    const reports = await Promise.all(transports.map(reportOf));
    const videos = await Promise.all(
      subscriptions
        .filter(({ kind, paused }) => kind === 'video' && !paused)
        .map(async (subscription) => videoOf(subscription, await reportOf(subscription.consumer))),
    );
    const after = totalsOf(reports, performance.now());
    const before = this.#before ?? after;
    this.#before = after;
    const rtts = reports
      .map((report) => selectedPair(report)?.pair.currentRoundTripTime)
      .filter((rtt) => typeof rtt === 'number');
    return {
      rttMs: rtts.length > 0 ? Math.round(Math.min(...rtts) * 10_000) / 10 : null,
      ...rates(before, after),
      path: reports.map(pathOf).find((path) => path !== null) ?? null,
      videos: videos.filter((video) => video !== null),
    };
  }
}
