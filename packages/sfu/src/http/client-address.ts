import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** The address of the client, seen through `hops` trusted proxies: the hops-th entry of X-Forwarded-For from the right. */
export function clientAddress(request: IncomingMessage, hops: number): string {
  const remote = request.socket.remoteAddress ?? '';
  if (hops === 0) return normal(remote);
  const header = request.headers['x-forwarded-for'];
  const chain = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((part) => part.trim());
  return normal(chain.filter(Boolean).at(-hops) ?? remote);
}

/** One household has a whole /64 of IPv6 addresses: they count as one. IPv4 in IPv6 form counts as IPv4. */
export function rateKey(address: string): string {
  if (!isIPv6(address)) return address;
  // A proxy may write an address in several ways; the URL parser knows one (RFC 5952).
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function normal(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

/** Host that the browser sees, for comparing with its Origin. */
export function requestHost(request: IncomingMessage, hops: number): string | undefined {
  const forwarded = hops > 0 ? request.headers['x-forwarded-host'] : undefined;
  const value = Array.isArray(forwarded) ? forwarded[0] : forwarded;
  return (value ?? request.headers.host)?.toLowerCase();
}

/**
 * A page may open the signalling socket when it was served by this very host, or by an origin of the list. A request
 * without Origin does not come from a page; it still needs a ticket.
 */
export function originAllowed(
  request: IncomingMessage,
  origin: string | undefined,
  options: { hops: number; allowed: readonly string[] },
): boolean {
  if (origin === undefined || origin === '') return true;
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return false;
  }
  if (options.allowed.some((item) => new URL(item).origin === url.origin)) return true;
  const host = requestHost(request, options.hops);
  if (host === undefined) return false;
  const [name, port] = [host.replace(/:(\d+)$/, ''), /:(\d+)$/.exec(host)?.[1]];
  const standard = url.protocol === 'https:' ? '443' : '80';
  return url.hostname === name && (url.port || standard) === (port ?? standard);
}
