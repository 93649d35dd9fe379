import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddress, originAllowed, rateKey, requestHost } from './client-address.ts';

const request = (headers: Record<string, string | string[]>, remoteAddress = '10.0.0.1') =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

describe('clientAddress', () => {
  const forwarded = { 'x-forwarded-for': '6.6.6.6, 203.0.113.5, 10.0.0.9' };

  it('believes no header without a trusted proxy', () => {
    expect(clientAddress(request(forwarded), 0)).toBe('10.0.0.1');
  });

  it('counts hops from the right, where the trusted ones write', () => {
    expect(clientAddress(request(forwarded), 1)).toBe('10.0.0.9');
    expect(clientAddress(request(forwarded), 2)).toBe('203.0.113.5');
  });

  it('joins repeated headers, and falls back to the socket', () => {
    expect(clientAddress(request({ 'x-forwarded-for': ['6.6.6.6', '203.0.113.5'] }), 1)).toBe('203.0.113.5');
    expect(clientAddress(request({}), 1)).toBe('10.0.0.1');
    expect(clientAddress(request({ 'x-forwarded-for': ' , ' }), 1)).toBe('10.0.0.1');
  });

  it('writes IPv4 as IPv4, and leaves out zones', () => {
    expect(clientAddress(request({}, '::ffff:192.0.2.1'), 0)).toBe('192.0.2.1');
    expect(clientAddress(request({}, 'fe80::1%eth0'), 0)).toBe('fe80::1');
  });
});

describe('rateKey', () => {
  it('counts a /64 as one household', () => {
    expect(rateKey('2001:db8:1:2::1')).toBe(rateKey('2001:db8:1:2:ffff:ffff:ffff:ffff'));
    expect(rateKey('2001:db8:1:2::1')).not.toBe(rateKey('2001:db8:1:3::1'));
    expect(rateKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(rateKey('::1')).toBe('0:0:0:0::/64');
    expect(rateKey('1:2:3::')).toBe('1:2:3:0::/64');
  });

  it('sees the same address behind different spellings', () => {
    expect(rateKey('2001:0DB8:0001:0002::1')).toBe(rateKey('2001:db8:1:2::1'));
    expect(rateKey('1:2:3:4:5:6:192.0.2.1')).toBe(rateKey('1:2:3:4::1'));
    expect(rateKey('1:2:3::6:192.0.2.1')).toBe(rateKey('1:2:3:0::1'));
  });

  it('leaves IPv4 and what is no address as it is', () => {
    expect(rateKey('192.0.2.1')).toBe('192.0.2.1');
    expect(rateKey('unknown')).toBe('unknown');
  });
});

describe('originAllowed', () => {
  const ask = (
    origin: string | undefined,
    host: string,
    more: { hops?: number; allowed?: string[]; forwarded?: string } = {},
  ) =>
    originAllowed(
      request({ host, ...(more.forwarded ? { 'x-forwarded-host': more.forwarded } : {}) }),
      origin,
      { hops: more.hops ?? 0, allowed: more.allowed ?? [] },
    );

  it('takes the own host, port and all', () => {
    expect(ask('http://localhost:3000', 'localhost:3000')).toBe(true);
    expect(ask('http://localhost:3000', 'localhost:3001')).toBe(false);
    expect(ask('http://localhost', 'localhost:3000')).toBe(false);
    expect(ask('http://evil.example:3000', 'localhost:3000')).toBe(false);
  });

  it('knows the default ports', () => {
    expect(ask('https://meet.example', 'meet.example')).toBe(true);
    expect(ask('https://meet.example', 'meet.example:443')).toBe(true);
    expect(ask('http://meet.example', 'meet.example:80')).toBe(true);
    expect(ask('https://meet.example', 'meet.example:80')).toBe(false);
    expect(ask('https://meet.example:443', 'meet.example')).toBe(true);
  });

  it('knows IPv6 hosts', () => {
    expect(ask('http://[::1]:3000', '[::1]:3000')).toBe(true);
    expect(ask('http://[::1]', '[::1]')).toBe(true);
    expect(ask('http://[::1]:3000', '[::2]:3000')).toBe(false);
  });

  it('does not care about upper case in the host', () => {
    expect(ask('https://meet.example', 'Meet.Example')).toBe(true);
  });

  it('takes the host that the trusted proxy names, and only then', () => {
    expect(ask('https://meet.example', 'backend:3000', { hops: 1, forwarded: 'meet.example' })).toBe(true);
    expect(ask('https://meet.example', 'backend:3000', { hops: 0, forwarded: 'meet.example' })).toBe(false);
    expect(requestHost(request({ host: 'a', 'x-forwarded-host': 'b' }), 0)).toBe('a');
  });

  it('takes listed origins whole, not as a beginning', () => {
    const allowed = ['https://app.example/'];
    expect(ask('https://app.example', 'meet.example', { allowed })).toBe(true);
    expect(ask('http://app.example', 'meet.example', { allowed })).toBe(false);
    expect(ask('https://app.example.evil.example', 'meet.example', { allowed })).toBe(false);
  });

  it('refuses opaque and unreadable origins; no origin is no page', () => {
    expect(ask('null', 'meet.example')).toBe(false);
    expect(ask('nonsense', 'meet.example')).toBe(false);
    expect(ask('file:///x', 'meet.example')).toBe(false);
    expect(ask(undefined, 'meet.example')).toBe(true);
  });
});
