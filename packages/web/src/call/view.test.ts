import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VisibleTile } from './types.ts';
import { View, toView } from './view.ts';

const tile = (peerId: string, width = 320, height = 180): VisibleTile =>
  ({ peerId, source: 'camera', width, height }) as VisibleTile;

describe('View', () => {
  const send = vi.fn();
  let view: View;
  beforeEach(() => {
    vi.useFakeTimers();
    send.mockReset();
    view = new View(send);
    view.start();
  });
  afterEach(() => void vi.useRealTimers());

  it('sends the first change at once and a burst after it as one message with the last state', () => {
    view.set([tile('a')]);
    expect(send).toHaveBeenCalledTimes(1);
    for (let width = 321; width < 340; width += 1) view.set([tile('a', width)]);
    expect(send).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(200);
    expect(send).toHaveBeenCalledTimes(2);
    expect(send).toHaveBeenLastCalledWith([{ peerId: 'a', source: 'camera', width: 339, height: 180 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells a burst without end twice a second', () => {
    for (let step = 0; step < 40; step += 1) {
      view.set([tile('a', 400 + step)]);
      vi.advanceTimersByTime(50);
    }
    expect(send.mock.calls.length).toBeGreaterThanOrEqual(4);
    expect(send.mock.calls.length).toBeLessThanOrEqual(6);
  });

  it('does not repeat what the server knows', () => {
    view.set([tile('a')]);
    vi.advanceTimersByTime(200);
    view.set([tile('a')]);
    vi.advanceTimersByTime(200);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('says everything again to a new session, and nothing between two', () => {
    view.set([tile('a')]);
    view.pause();
    view.set([tile('b')]);
    vi.advanceTimersByTime(500);
    expect(send).toHaveBeenCalledTimes(1);
    view.start();
    expect(send).toHaveBeenLastCalledWith([expect.objectContaining({ peerId: 'b' })]);
  });

  it('shows nothing while the page is hidden, after a moment', () => {
    view.set([tile('a')]);
    view.setHidden(true);
    vi.advanceTimersByTime(1_000);
    view.setHidden(false);
    vi.advanceTimersByTime(5_000);
    expect(send).toHaveBeenCalledTimes(1);
    view.setHidden(true);
    vi.advanceTimersByTime(2_000);
    expect(send).toHaveBeenLastCalledWith([]);
    view.setHidden(false);
    expect(send).toHaveBeenLastCalledWith([expect.objectContaining({ peerId: 'a' })]);
  });

  it('says nothing before the components have drawn anything', () => {
    expect(send).not.toHaveBeenCalled();
  });
});

describe('toView', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('gives device pixels, but no more than anybody sees', () => {
    vi.stubGlobal('devicePixelRatio', 1.5);
    expect(toView([tile('a', 100.4, 50)])).toEqual([
      { peerId: 'a', source: 'camera', width: 151, height: 75 },
    ]);
    vi.stubGlobal('devicePixelRatio', 4);
    expect(toView([tile('a', 100, 50)])[0]).toMatchObject({ width: 200, height: 100 });
  });

  it('keeps the larger of two pictures of one person, drops invisible ones, and keeps within the limit', () => {
    expect(toView([tile('a', 10, 10), tile('a', 90, 90), tile('b', 0, 10)])).toMatchObject([
      { peerId: 'a', width: 90 },
    ]);
    expect(toView(Array.from({ length: 100 }, (_, index) => tile(`p${index}`)))).toHaveLength(64);
    expect(toView([tile('a', 1e6, 10)])[0]).toMatchObject({ width: 8192 });
  });
});
