import { describe, expect, it } from 'vitest';
import { bestGrid, capacity, gridLimits, gridPage, pictureBox, screenOnTop, spotlight } from './layout.ts';
import type { Rect, Size } from './layout.ts';

const desktop: Size = { width: 1424, height: 796 };
const tablet: Size = { width: 1008, height: 664 };
const phone: Size = { width: 374, height: 700 };
const low: Size = { width: 820, height: 310 };
const stages = { desktop, tablet, phone, low };

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width - 0.01 &&
  b.x < a.x + a.width - 0.01 &&
  a.y < b.y + b.height - 0.01 &&
  b.y < a.y + a.height - 0.01;

describe('grid', () => {
  for (const [name, stage] of Object.entries(stages)) {
    it(`keeps all tiles on the ${name} stage, without overlap, in shape and large enough`, () => {
      const limits = gridLimits(stage);
      for (const count of [1, 2, 3, 4, 5, 7, 9, 12, 16, 25, 30, 60]) {
        let seen = 0;
        const { pages } = gridPage(count, stage, 0);
        for (let page = 0; page < pages; page += 1) {
          const { rects, first } = gridPage(count, stage, page);
          expect(first).toBe(seen);
          seen += rects.length;
          rects.forEach((rect, i) => {
            expect(rect.x).toBeGreaterThanOrEqual(-0.01);
            expect(rect.y).toBeGreaterThanOrEqual(-0.01);
            expect(rect.x + rect.width).toBeLessThanOrEqual(stage.width + 0.01);
            expect(rect.y + rect.height).toBeLessThanOrEqual(stage.height + 0.01);
            expect(rect.width / rect.height).toBeGreaterThanOrEqual(limits.aspect.min - 0.001);
            expect(rect.width / rect.height).toBeLessThanOrEqual(limits.aspect.max + 0.001);
            if (count > 1) expect(rect.width).toBeGreaterThanOrEqual(limits.minWidth);
            for (const other of rects.slice(i + 1)) expect(overlap(rect, other)).toBe(false);
          });
        }
        expect(seen).toBe(count);
      }
    });
  }

  it('finds the largest area of all column counts', () => {
    const limits = gridLimits(desktop);
    for (const count of [2, 3, 5, 7, 11, 20]) {
      const best = bestGrid(count, desktop, limits);
      for (let columns = 1; columns <= count; columns += 1) {
        const rows = Math.ceil(count / columns);
        const cell = {
          width: (desktop.width - 8 * (columns - 1)) / columns,
          height: (desktop.height - 8 * (rows - 1)) / rows,
        };
        const height = Math.min(cell.height, cell.width / limits.aspect.min);
        const width = Math.min(cell.width, height * limits.aspect.max);
        expect(best.width * best.height).toBeGreaterThanOrEqual(width * height - 1);
      }
    }
  });

  it('stacks two people on a phone and puts them side by side on a desktop', () => {
    const upright = gridPage(2, phone, 0).rects;
    expect(upright[0]!.x).toBeCloseTo(upright[1]!.x);
    const wide = gridPage(2, desktop, 0).rects;
    expect(wide[0]!.y).toBeCloseTo(wide[1]!.y);
  });

  it('keeps the size of tiles from page to page and clamps the page', () => {
    const limits = gridLimits(phone);
    const size = capacity(30, phone, limits);
    const first = gridPage(30, phone, 0);
    const last = gridPage(30, phone, 99);
    expect(last.page).toBe(first.pages - 1);
    expect(last.rects[0]!.width).toBeCloseTo(first.rects[0]!.width);
    expect(first.rects.length).toBe(size);
    expect(gridPage(30, phone, -3).page).toBe(0);
  });

  it('has an answer for an empty room and for a stage without size', () => {
    expect(gridPage(0, desktop, 0).rects).toEqual([]);
    expect(gridPage(3, { width: 0, height: 0 }, 0).rects).toEqual([]);
  });
});

describe('spotlight', () => {
  for (const [name, stage] of Object.entries(stages)) {
    it(`leaves the large tile most of the ${name} stage`, () => {
      for (const others of [0, 1, 4, 11, 40]) {
        const { main, strip } = spotlight(others, stage, 0);
        expect((main.width * main.height) / (stage.width * stage.height)).toBeGreaterThan(0.6);
        for (const rect of strip.rects) {
          expect(overlap(main, rect)).toBe(false);
          expect(rect.x).toBeGreaterThanOrEqual(-0.01);
          expect(rect.y).toBeGreaterThanOrEqual(-0.01);
          expect(rect.x + rect.width).toBeLessThanOrEqual(stage.width + 0.01);
          expect(rect.y + rect.height).toBeLessThanOrEqual(stage.height + 0.01);
        }
        expect(strip.rects.length > 0).toBe(others > 0);
      }
    });
  }
});

describe('screen on a phone', () => {
  it('takes the top, and leaves the rest to people', () => {
    const { main, strip } = screenOnTop(4, phone, 0);
    expect(main.width).toBe(phone.width);
    expect(strip.rects).toHaveLength(4);
    for (const rect of strip.rects) {
      expect(rect.y).toBeGreaterThanOrEqual(main.height);
      expect(rect.y + rect.height).toBeLessThanOrEqual(phone.height + 0.01);
    }
  });
});

describe('picture in its tile', () => {
  it('covers a tile of a similar shape', () => {
    expect(pictureBox(16 / 9, { width: 400, height: 300 })).toBeUndefined();
    expect(pictureBox(16 / 9, { width: 240, height: 300 })).toBeUndefined();
  });

  it('leaves bars rather than cut a face away', () => {
    const upright = pictureBox(9 / 16, { width: 1600, height: 900 })!;
    expect(upright.height).toBe(100);
    expect(upright.width).toBeCloseTo(71, 0);
    const lying = pictureBox(16 / 9, { width: 374, height: 766 })!;
    expect(lying.width).toBe(100);
    expect(lying.height).toBeLessThan(65);
  });
});
