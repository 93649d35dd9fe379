import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { listenAddresses, listenInfos } from './addresses.ts';

const info = (address: string, internal = false): NetworkInterfaceInfo =>
  ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as NetworkInterfaceInfo;

const MACHINE = {
  lo: [info('127.0.0.1', true), info('::1', true)],
  eth0: [info('2001:db8::5'), info('192.0.2.5'), info('fe80::1')],
  wlan0: [info('198.51.100.7'), info('FE80::2')],
  gone: undefined,
};

describe('without an announced address', () => {
  it('offers every address, ordinary IPv4 first, loopback last', () => {
    expect(listenAddresses(MACHINE, []).map(({ ip }) => ip)).toEqual([
      '192.0.2.5',
      '198.51.100.7',
      '2001:db8::5',
      '127.0.0.1',
      '::1',
    ]);
  });

  it('leaves out link-local IPv6, and names an address once', () => {
    const addresses = listenAddresses({ ...MACHINE, alias: [info('192.0.2.5')] }, []).map(({ ip }) => ip);
    expect(addresses.filter((ip) => /^fe80/i.test(ip))).toEqual([]);
    expect(addresses.filter((ip) => ip === '192.0.2.5')).toHaveLength(1);
  });

  it('offers loopback on a machine without a network', () => {
    expect(listenAddresses({ lo: MACHINE.lo }, []).map(({ ip }) => ip)).toEqual(['127.0.0.1', '::1']);
  });
});

describe('with announced addresses', () => {
  it('binds everything and announces just those', () => {
    expect(listenAddresses(MACHINE, ['203.0.113.9', '2001:db8::9'])).toEqual([
      { ip: '0.0.0.0', announced: '203.0.113.9' },
      { ip: '::', announced: '2001:db8::9' },
    ]);
    expect(listenAddresses(MACHINE, ['meet.example'])).toEqual([
      { ip: '0.0.0.0', announced: 'meet.example' },
    ]);
  });
});

describe('listenInfos', () => {
  it('has UDP and TCP for each address, all on one port', () => {
    const infos = listenInfos(listenAddresses(MACHINE, []), 24400);
    expect(infos.map(({ protocol }) => protocol)).toEqual([...Array(5).fill('udp'), ...Array(5).fill('tcp')]);
    expect(new Set(infos.map(({ port }) => port))).toEqual(new Set([24400]));
  });

  it('lets the worker choose for port 0, and keeps IPv6 sockets to IPv6', () => {
    const infos = listenInfos(listenAddresses({}, ['203.0.113.9', '2001:db8::9']), 0);
    expect(infos.every((entry) => !('port' in entry))).toBe(true);
    expect(infos.map(({ ip, flags }) => [ip, flags?.ipv6Only ?? false])).toEqual([
      ['0.0.0.0', false],
      ['::', true],
      ['0.0.0.0', false],
      ['::', true],
    ]);
    expect(infos[0]).toMatchObject({ announcedAddress: '203.0.113.9' });
  });
});
