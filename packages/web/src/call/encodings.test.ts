import { describe, expect, it } from 'vitest';
import { bitrateFor, cameraEncodings, layerCount, screenEncodings, videoCodec } from './encodings.ts';

describe('camera layers', () => {
  it.each([
    [1920, 1080, 3],
    [1280, 720, 3],
    [960, 540, 3],
    [959, 540, 2],
    [640, 480, 2],
    [480, 270, 2],
    [479, 270, 1],
    [320, 180, 1],
    [720, 1280, 3],
    [480, 640, 2],
  ])('%ix%i gives %i', (width, height, layers) => {
    expect(layerCount({ width, height })).toBe(layers);
    expect(cameraEncodings({ width, height })).toHaveLength(layers);
  });

  it('are ordered from small to large, each half as wide as the next, with three temporal layers', () => {
    const encodings = cameraEncodings({ width: 1280, height: 720 });
    expect(encodings.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual([4, 2, 1]);
    expect(encodings.map(({ maxBitrate }) => maxBitrate)).toEqual([150_000, 500_000, 1_700_000]);
    expect(encodings.map(({ scalabilityMode }) => scalabilityMode)).toEqual(['L1T3', 'L1T3', 'L1T3']);
  });

  it('promise no temporal layers where there is one encoding only', () => {
    expect(cameraEncodings({ width: 320, height: 180 })).toEqual([{ maxBitrate: 150_000 }]);
  });

  it('cost more with more pixels', () => {
    const rates = [
      [320, 180],
      [640, 360],
      [640, 480],
      [1280, 720],
      [1920, 1080],
    ].map(([width, height]) => bitrateFor({ width: width!, height: height! }));
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(new Set(rates).size).toBe(rates.length);
  });
});

it('a screen is one layer, sharp or fluent', () => {
  expect(screenEncodings('detail')).toEqual([{ maxBitrate: 3_000_000, maxFramerate: 15 }]);
  expect(screenEncodings('motion')[0]!.maxFramerate).toBe(30);
});

it('VP8 is chosen where it is, and the choice left to the router where it is not', () => {
  const vp8 = { kind: 'video' as const, mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 100 };
  const vp9 = { kind: 'video' as const, mimeType: 'video/VP9', clockRate: 90_000, preferredPayloadType: 100 };
  expect(videoCodec({ codecs: [vp9, vp8] })).toBe(vp8);
  expect(videoCodec({ codecs: [vp9] })).toBeUndefined();
});
