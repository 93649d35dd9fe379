import type { RtpParameters } from '@parley/protocol';
import { vp8PayloadType } from '../../infra/worker/smoke/rtp.ts';

/** What a browser-like client says about its tracks. One SSRC for each simulcast layer, lowest first. */
export function vp8Parameters(ssrcs: readonly number[]): RtpParameters {
  return {
    mid: 'media',
    codecs: [
      {
        mimeType: 'video/VP8',
        payloadType: vp8PayloadType,
        clockRate: 90000,
        parameters: {},
        rtcpFeedback: [
          { type: 'nack' },
          { type: 'nack', parameter: 'pli' },
          { type: 'ccm', parameter: 'fir' },
        ],
      },
    ],
    headerExtensions: [],
    encodings: ssrcs.map((ssrc) => ({ ssrc, ...(ssrcs.length > 1 ? { scalabilityMode: 'L1T2' } : {}) })),
    rtcp: { cname: 'test', reducedSize: true, mux: true },
  };
}

export function vp9Parameters(ssrc: number): RtpParameters {
  const parameters = vp8Parameters([ssrc]);
  return {
    ...parameters,
    codecs: [{ ...parameters.codecs[0]!, mimeType: 'video/VP9', parameters: { 'profile-id': 0 } }],
  };
}

export const OPUS_PAYLOAD_TYPE = 111;
/** Id of the header extension that tells how loud a packet is (RFC 6464). */
export const LEVEL_EXTENSION_ID = 10;

export function opusParameters(ssrc: number): RtpParameters {
  return {
    mid: 'media',
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: OPUS_PAYLOAD_TYPE,
        clockRate: 48000,
        channels: 2,
        parameters: { useinbandfec: 1 },
        rtcpFeedback: [],
      },
    ],
    headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: LEVEL_EXTENSION_ID }],
    encodings: [{ ssrc }],
    rtcp: { cname: 'test', reducedSize: true, mux: true },
  };
}
