import type { Transport } from 'mediasoup-client/types';
import { describe, expect, it, vi } from 'vitest';
import { NetworkMeter, pathOf, rates, selectedPair, type Report, type StatsEntry } from './quality.ts';

const report = (...entries: StatsEntry[]): Report => new Map(entries.map((entry) => [entry.id, entry]));
const pair = (id: string, more: object): StatsEntry => ({
  id,
  type: 'candidate-pair',
  localCandidateId: 'l',
  remoteCandidateId: 'r',
  ...more,
});
const far: StatsEntry = {
  id: 'r',
  type: 'remote-candidate',
  protocol: 'udp',
  address: '192.0.2.7',
  port: 44444,
};

describe('the selected path', () => {
  it.each([
    [
      'named by the transport',
      [{ id: 't', type: 'transport', selectedCandidatePairId: 'p2' }, pair('p1', {}), pair('p2', {})],
    ],
    ['marked by Firefox', [pair('p1', {}), pair('p2', { selected: true })]],
    [
      'nominated',
      [pair('p1', { nominated: true, state: 'failed' }), pair('p2', { nominated: true, state: 'succeeded' })],
    ],
  ])('%s', (_name, entries) => {
    expect(selectedPair(report(...(entries as StatsEntry[]), far))?.pair.id).toBe('p2');
    expect(pathOf(report(...(entries as StatsEntry[]), far))).toBe('udp 192.0.2.7:44444');
  });

  it('is unknown before there is one', () => {
    expect(pathOf(report(pair('p1', { state: 'in-progress' })))).toBeNull();
  });
});

describe('rates', () => {
  const totals = (at: number, all: number) => ({
    at,
    sent: all,
    received: 2 * all,
    packets: all / 100,
    lost: all / 1_000,
  });

  it('are those of the interval', () => {
    expect(rates(totals(0, 0), totals(2_000, 250_000))).toEqual({
      sendKbps: 1_000,
      recvKbps: 2_000,
      lossIn: 250 / 2_750,
    });
  });

  it('are zero after a counter went back, and loss unknown without packets', () => {
    expect(rates(totals(0, 9_000), totals(1_000, 0))).toEqual({ sendKbps: 0, recvKbps: 0, lossIn: null });
  });
});

it('asks the browser at most once a second', async () => {
  const getStats = vi.fn(() => Promise.resolve(new Map() as unknown as RTCStatsReport));
  const meter = new NetworkMeter();
  const transports = [{ getStats } as unknown as Transport];
  await Promise.all([meter.read(transports, []), meter.read(transports, []), meter.read(transports, [])]);
  expect(getStats).toHaveBeenCalledTimes(1);
});
