import { isSlug } from '@parley/protocol/slug';
import { describe, expect, it } from 'vitest';
import { readEntry } from './entry.ts';
import { newSlug, readMeeting } from './slug.ts';

describe('names of meetings', () => {
  it('are allowed, readable and not repeated', () => {
    const made = Array.from({ length: 200 }, newSlug);
    for (const slug of made) expect(isSlug(slug), slug).toBe(true);
    expect(new Set(made).size).toBe(200);
  });

  it.each([
    ['https://meet.example.org/m/quiet-river-k7m2xp?name=A', 'quiet-river-k7m2xp'],
    ['/m/quiet-river', 'quiet-river'],
    ['  Monday Round ', 'monday-round'],
    ['quiet-river-k7m2xp', 'quiet-river-k7m2xp'],
    ['ab', null],
    ['会议', null],
  ])('are read from %s', (text, slug) => expect(readMeeting(text)).toBe(slug));
});

describe('the address of a meeting', () => {
  const entry = (path: string) => readEntry(new URL(path, 'http://localhost'));

  it('says who comes in, and how', () => {
    expect(entry('/m/abc?name=Ada&join=1&mic=0&cam=1')).toEqual({
      slug: 'abc',
      join: true,
      name: 'Ada',
      microphone: false,
      camera: true,
    });
    expect(entry('/m/ABC')).toEqual({ slug: 'abc', join: false, name: null, microphone: true, camera: true });
    expect(entry('/m/abc?join=true&name=%20')).toMatchObject({ join: false, name: null });
  });

  it('is not that of another page', () => {
    expect(entry('/')).toBeNull();
    expect(entry('/m/')).toBeNull();
    expect(entry('/m/a/b')).toBeNull();
  });
});
