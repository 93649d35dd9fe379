import { describe, expect, test } from 'vitest';
import { cellsOf, COUNTER_END, markOf } from '../support/page/cells.ts';
import { amplitudeAt, TONE_COUNT, toneOf } from '../support/page/tone.ts';

const luma = (cells: readonly boolean[], black = 25, white = 225) =>
  cells.map((cell) => (cell ? white : black));

describe('the mark in a picture', () => {
  test('is read back for every person and counters of all sizes', () => {
    for (let person = 0; person < 16; person += 1) {
      for (const counter of [0, 1, 2, 255, 256, 4095, 54_321, COUNTER_END - 1]) {
        expect(markOf(luma(cellsOf({ person, counter })))).toEqual({ person, counter });
      }
    }
  });

  test('is read in a pale picture and refused in a grey or a black one', () => {
    const cells = cellsOf({ person: 3, counter: 1234 });
    expect(markOf(luma(cells, 70, 150))).toEqual({ person: 3, counter: 1234 });
    expect(markOf(luma(cells, 120, 150))).toBeNull();
    expect(markOf(new Array<number>(32).fill(0))).toBeNull();
    expect(markOf(new Array<number>(32).fill(255))).toBeNull();
  });

  test('is refused when any one cell is wrong', () => {
    const cells = cellsOf({ person: 5, counter: 98_765 });
    for (let wrong = 0; wrong < cells.length; wrong += 1) {
      expect(
        markOf(luma(cells.map((cell, index) => (index === wrong ? !cell : cell)))),
        `cell ${wrong}`,
      ).toBeNull();
    }
  });

  test('changes by one counter cell from frame to frame', () => {
    for (let counter = 0; counter < 2_000; counter += 1) {
      const now = cellsOf({ person: 1, counter }).slice(0, 24);
      const next = cellsOf({ person: 1, counter: counter + 1 }).slice(0, 24);
      expect(now.filter((cell, index) => cell !== next[index]).length).toBe(1);
    }
  });
});

describe('the tone of a person', () => {
  test('is found by its own filter and by no other', () => {
    for (let person = 0; person < TONE_COUNT; person += 1) {
      const samples = Float32Array.from(
        { length: 4096 },
        (_, index) => 0.4 * Math.sin((2 * Math.PI * toneOf(person) * index) / 48_000),
      );
      for (let other = 0; other < TONE_COUNT; other += 1) {
        const amplitude = amplitudeAt(samples, toneOf(other), 48_000);
        if (other === person) expect(amplitude).toBeGreaterThan(0.35);
        else expect(amplitude).toBeLessThan(0.005);
      }
    }
  });
});
