import type {
  RtpCodecCapability,
  RtpCapabilities,
  RtpEncodingParameters,
  ProducerCodecOptions,
} from 'mediasoup-client/types';

export interface PictureSize {
  width: number;
  height: number;
}

/** Layers by the long side of what the camera delivers: Chromium never sends the top of three for a 640-wide camera. */
export function layerCount({ width, height }: PictureSize): 1 | 2 | 3 {
  const long = Math.max(width, height);
  if (long >= 960) return 3;
  if (long >= 480) return 2;
  return 1;
}

/** Bits per second for a talking head of this size at up to 30 pictures a second, in VP8. */
const BITRATES: readonly (readonly [pixels: number, bitrate: number])[] = [
  [320 * 180, 150_000],
  [320 * 240, 200_000],
  [480 * 270, 350_000],
  [640 * 360, 500_000],
  [640 * 480, 650_000],
  [960 * 540, 1_000_000],
  [1280 * 720, 1_700_000],
];
const MOST = 2_500_000;

export function bitrateFor({ width, height }: PictureSize): number {
  const pixels = width * height;
  return BITRATES.find(([limit]) => pixels <= limit)?.[1] ?? MOST;
}

/**
 * Simulcast of a camera, smallest layer first, each half as wide as the next. Three temporal layers in each let the
 * server halve the frame rate for a receiver before it takes away size.
 */
export function cameraEncodings(size: PictureSize): RtpEncodingParameters[] {
  const count = layerCount(size);
  // A single encoding must not promise temporal layers: not every browser makes them without simulcast.
  if (count === 1) return [{ maxBitrate: bitrateFor(size) }];
  return Array.from({ length: count }, (_, index) => {
    const scale = 2 ** (count - 1 - index);
    return {
      scaleResolutionDownBy: scale,
      maxBitrate: bitrateFor({ width: size.width / scale, height: size.height / scale }),
      scalabilityMode: 'L1T3',
    };
  });
}

export type ScreenMode = 'detail' | 'motion';

/** One sharp layer: text that has been scaled down is of use to nobody. */
export function screenEncodings(mode: ScreenMode): RtpEncodingParameters[] {
  return mode === 'detail'
    ? [{ maxBitrate: 3_000_000, maxFramerate: 15 }]
    : [{ maxBitrate: 4_000_000, maxFramerate: 30 }];
}

export const VOICE_OPTIONS: ProducerCodecOptions = { opusDtx: true, opusFec: true, opusStereo: false };
/** Sound of a shared tab is music as often as voice: no discontinuous transmission, both channels. */
export const SHARED_SOUND_OPTIONS: ProducerCodecOptions = {
  opusDtx: false,
  opusFec: true,
  opusStereo: true,
  opusMaxAverageBitrate: 128_000,
};
/** Without a hint the encoder starts at 300 kbit/s and needs many seconds until the top layer is affordable. */
export const VIDEO_OPTIONS: ProducerCodecOptions = { videoGoogleStartBitrate: 1_000 };

/** VP8: every browser sends it with simulcast. Undefined (the router's first choice) where it cannot be had. */
export function videoCodec(
  capabilities: RtpCapabilities,
  mimeType = 'video/VP8',
): RtpCodecCapability | undefined {
  return capabilities.codecs?.find((codec) => codec.mimeType.toLowerCase() === mimeType.toLowerCase());
}
