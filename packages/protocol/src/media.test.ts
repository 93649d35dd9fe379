import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { DtlsParameters, RtpCapabilities, RtpParameters } from './media.ts';

const codec = { mimeType: 'video/VP8', clockRate: 90_000, payloadType: 96 };

describe('RTP descriptions', () => {
  it('takes what a browser sends and drops what it does not know', () => {
    const given = {
      mid: '0',
      codecs: [{ ...codec, fancy: true }],
      encodings: [{ rid: 'r0', maxBitrate: 100_000 }],
      news: 1,
    };
    expect(RtpParameters.parse(given)).toEqual({
      mid: '0',
      codecs: [codec],
      encodings: [{ rid: 'r0', maxBitrate: 100_000 }],
    });
  });

  it.each([
    ['no codec', { codecs: [] }],
    ['too many codecs', { codecs: Array.from({ length: LIMITS.codecs + 1 }, () => codec) }],
    ['a payload type out of range', { codecs: [{ ...codec, payloadType: 128 }] }],
    ['a kind that does not exist', { codecs: [{ ...codec, mimeType: 'text/plain' }] }],
    ['an ssrc that is no 32-bit number', { codecs: [codec], encodings: [{ ssrc: 2 ** 32 }] }],
    ['a rid with other characters', { codecs: [codec], encodings: [{ rid: 'a b' }] }],
    ['a number that is none', { codecs: [{ ...codec, parameters: { x: Number.NaN } }] }],
    ['a number without end', { codecs: [{ ...codec, parameters: { x: 1e300 } }] }],
    [
      'too many codec parameters',
      {
        codecs: [
          {
            ...codec,
            parameters: Object.fromEntries(
              Array.from({ length: LIMITS.codecParameters + 1 }, (_, i) => [`k${i}`, 1]),
            ),
          },
        ],
      },
    ],
  ])('refuses %s', (_, given) => expect(RtpParameters.safeParse(given).success).toBe(false));

  it('takes capabilities that are empty, as those of a client that cannot receive', () => {
    expect(RtpCapabilities.parse({})).toEqual({});
  });
});

describe('DTLS parameters', () => {
  it('needs a fingerprint of a known form', () => {
    const fingerprint = { algorithm: 'sha-256', value: 'AB:CD:EF' };
    expect(DtlsParameters.safeParse({ fingerprints: [fingerprint] }).success).toBe(true);
    for (const fingerprints of [
      [],
      [{ ...fingerprint, value: 'ABCD' }],
      [{ ...fingerprint, algorithm: 'md5' }],
    ]) {
      expect(DtlsParameters.safeParse({ fingerprints }).success).toBe(false);
    }
  });
});
