import { describe, expect, it } from 'vitest';
import { layersFor, priorityFor } from './layers.ts';

const tile = (width: number, height = Math.round((width * 9) / 16)) => ({ width, height });
const spatial = (width: number, layers: number) => layersFor(tile(width), layers).spatialLayer;

describe('layersFor', () => {
  it('takes the layer that a tile of its own size needs: 320, 640 and 1280 of three', () => {
    expect([320, 640, 1280].map((width) => spatial(width, 3))).toEqual([0, 1, 2]);
    expect([320, 640].map((width) => spatial(width, 2))).toEqual([0, 1]);
  });

  it('bears an enlargement of a quarter, not more', () => {
    expect([400, 402, 800, 802].map((width) => spatial(width, 3))).toEqual([0, 1, 1, 2]);
  });

  it('counts the side that must be covered: a portrait tile shows a slice of a landscape picture', () => {
    expect(layersFor({ width: 300, height: 720 }, 3).spatialLayer).toBe(2);
    expect(layersFor({ width: 390, height: 360 }, 3).spatialLayer).toBe(1);
  });

  it('saves every other frame where the picture is a stamp', () => {
    expect(layersFor(tile(199), 3).temporalLayer).toBe(1);
    expect(layersFor(tile(200), 3).temporalLayer).toBe(2);
  });

  it('never asks for less because a tile has grown, and never for a layer that is not there', () => {
    for (let layers = 1; layers <= 8; layers += 1) {
      let before = { spatialLayer: 0, temporalLayer: 0 };
      for (let width = 1; width <= 8192; width += 7) {
        const now = layersFor(tile(width, Math.max(1, Math.round((width * 9) / 16))), layers);
        expect(now.spatialLayer).toBeGreaterThanOrEqual(before.spatialLayer);
        expect(now.temporalLayer).toBeGreaterThanOrEqual(before.temporalLayer);
        expect(now.spatialLayer).toBeLessThan(layers);
        before = now;
      }
      expect(before.spatialLayer).toBe(layers - 1);
    }
  });

  it('grows with the height alone, too', () => {
    let before = 0;
    for (let height = 1; height <= 2000; height += 3) {
      const { spatialLayer } = layersFor({ width: 100, height }, 3);
      expect(spatialLayer).toBeGreaterThanOrEqual(before);
      before = spatialLayer;
    }
    expect(before).toBe(2);
  });
});

describe('priorityFor', () => {
  it('serves sound before screens, screens before faces, big tiles before small ones', () => {
    const order = [
      priorityFor('audio', 'microphone', null),
      priorityFor('video', 'screen', tile(320)),
      priorityFor('video', 'camera', tile(1280)),
      priorityFor('video', 'camera', tile(320)),
      priorityFor('video', 'camera', null),
    ];
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(new Set(order).size).toBe(order.length);
  });

  it('stays within 1 to 255, which mediasoup takes', () => {
    for (const width of [1, 4, 5, 100, 8192]) {
      const priority = priorityFor('video', 'camera', tile(width, 1));
      expect(priority).toBeGreaterThanOrEqual(1);
      expect(priority).toBeLessThanOrEqual(255);
      expect(Number.isInteger(priority)).toBe(true);
    }
  });
});
