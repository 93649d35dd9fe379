import type { types } from 'mediasoup';

type Codec = types.RouterRtpCodecCapability;
export type CodecName = 'opus' | 'vp8' | 'vp9' | 'av1' | 'h264';

/** Rate at which a sender starts before it has an estimate, in kbit/s: a picture within the first second. */
const START = { 'x-google-start-bitrate': 1000 };

/**
 * Codecs of a router. Each receiver gets what its sender chose, so the list is the union of what browsers send; there is
 * no transcoding. Opus: in-band FEC repairs single losses (RFC 6716 section 2.1.7), DTX saves silence, stereo is decided
 * by the sender. H264: constrained baseline, which every hardware encoder has, and main.
 */
const CODECS: Readonly<Record<CodecName, readonly Codec[]>> = {
  opus: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      clockRate: 48000,
      channels: 2,
      parameters: { useinbandfec: 1, usedtx: 1, minptime: 10 },
    },
  ],
  vp8: [{ kind: 'video', mimeType: 'video/VP8', clockRate: 90000, parameters: START }],
  vp9: [
    { kind: 'video', mimeType: 'video/VP9', clockRate: 90000, parameters: { 'profile-id': 0, ...START } },
  ],
  av1: [{ kind: 'video', mimeType: 'video/AV1', clockRate: 90000, parameters: START }],
  h264: [
    {
      kind: 'video',
      mimeType: 'video/H264',
      clockRate: 90000,
      parameters: {
        'packetization-mode': 1,
        'profile-level-id': '42e01f',
        'level-asymmetry-allowed': 1,
        ...START,
      },
    },
    {
      kind: 'video',
      mimeType: 'video/H264',
      clockRate: 90000,
      parameters: {
        'packetization-mode': 1,
        'profile-level-id': '4d0032',
        'level-asymmetry-allowed': 1,
        ...START,
      },
    },
  ],
};

export function routerCodecs(names: readonly CodecName[]): Codec[] {
  return names.flatMap((name) => [...CODECS[name]]);
}
