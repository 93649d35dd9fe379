import { expect, it } from 'vitest';
import { routerCodecs } from './codecs.ts';
import { FIELDS } from '../config.ts';

it('knows every codec that the configuration knows', () => {
  for (const name of FIELDS.codecs.schema.parse(undefined)) {
    expect(routerCodecs([name])[0]?.mimeType.toLowerCase()).toContain(name);
  }
});

it('keeps the order of preference', () => {
  expect(routerCodecs(['vp9', 'opus', 'vp8']).map(({ mimeType }) => mimeType)).toEqual([
    'video/VP9',
    'audio/opus',
    'video/VP8',
  ]);
});

it('offers Opus with error correction and silence suppression, stereo allowed', () => {
  expect(routerCodecs(['opus'])).toEqual([
    expect.objectContaining({
      channels: 2,
      clockRate: 48000,
      parameters: expect.objectContaining({ useinbandfec: 1, usedtx: 1 }),
    }),
  ]);
});

it('offers H264 in constrained baseline first, which every hardware encoder has', () => {
  const profiles = routerCodecs(['h264']).map(({ parameters }) => String(parameters?.['profile-level-id']));
  expect(profiles[0]).toMatch(/^42e0/);
  expect(profiles.length).toBeGreaterThan(1);
});
