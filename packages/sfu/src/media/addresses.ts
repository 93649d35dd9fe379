import { isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { types } from 'mediasoup';

export interface ListenAddress {
  /** Address to bind. */
  readonly ip: string;
  /** Address or host name put into the ICE candidates instead of `ip`. */
  readonly announced?: string;
}

/**
 * Which addresses media is offered on. Pure.
 *
 * Told where the server is seen from outside: bind everything, announce just that. Otherwise each address of the machine
 * is a candidate of its own, ordinary ones first, loopback last: a page on the machine itself finds a pair in Chromium
 * also without a network, and in Firefox, which never pairs with loopback, over the ordinary address. Link-local IPv6 is
 * left out, since a candidate cannot carry its zone.
 */
export function listenAddresses(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
  announced: readonly string[],
): ListenAddress[] {
  if (announced.length > 0) {
    return announced.map((item) => ({ ip: isIP(item) === 6 ? '::' : '0.0.0.0', announced: item }));
  }
  const all = Object.values(interfaces).flatMap((list) => list ?? []);
  const usable = all.filter(({ address }) => !/^fe80:/i.test(address));
  const rank = ({ internal, family }: NetworkInterfaceInfo) =>
    (internal ? 2 : 0) + (family === 'IPv6' ? 1 : 0);
  const ordered = [...usable].sort((a, b) => rank(a) - rank(b));
  return [...new Set(ordered.map(({ address }) => address))].map((ip) => ({ ip }));
}

/** One UDP and one TCP entry for each address, all on the same port; port 0 lets the worker choose. */
export function listenInfos(addresses: readonly ListenAddress[], port: number): types.TransportListenInfo[] {
  return (['udp', 'tcp'] as const).flatMap((protocol) =>
    addresses.map(({ ip, announced }) => ({
      protocol,
      ip,
      ...(announced === undefined ? {} : { announcedAddress: announced }),
      ...(port === 0 ? {} : { port }),
      flags: isIP(ip) === 6 ? { ipv6Only: true } : {},
      ...(protocol === 'udp' ? { sendBufferSize: 4_194_304, recvBufferSize: 4_194_304 } : {}),
    })),
  );
}
