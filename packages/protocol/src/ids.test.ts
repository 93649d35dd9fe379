import { describe, expect, it } from 'vitest';
import { PeerId, RoomSlug, toSlug } from './ids.ts';
import { LIMITS } from './limits.ts';

describe('toSlug', () => {
  it.each([
    ['Team Meeting', 'team-meeting'],
    ['  --Daily  stand-up!-- ', 'daily-stand-up'],
    ['Café Übung', 'cafe-ubung'],
    ['a_b.c', 'a-b-c'],
    ['ABC123', 'abc123'],
  ])('%j becomes %j', (text, slug) => expect(toSlug(text)).toBe(slug));

  it.each(['', '--', 'ab', '会议', '!!!'])('%j has nothing usable', (text) =>
    expect(toSlug(text)).toBeNull(),
  );

  it('cuts what is too long, and not so that a hyphen is left at the end', () => {
    expect(toSlug('a'.repeat(500))).toHaveLength(LIMITS.slug);
    expect(toSlug(`${'a'.repeat(LIMITS.slug - 1)} b`)).toBe('a'.repeat(LIMITS.slug - 1));
  });
});

describe('ids', () => {
  it('take url-safe characters only, and not too many', () => {
    expect(PeerId.safeParse('aZ0_-').success).toBe(true);
    for (const bad of ['', 'a b', 'a/b', 'a\n', 'é', 'x'.repeat(LIMITS.id + 1), 7, null]) {
      expect(PeerId.safeParse(bad).success, String(bad)).toBe(false);
    }
  });

  it('takes slugs as they stand in links, and nothing else', () => {
    for (const good of ['abc', 'a-b', '2024-06-01-all-hands'])
      expect(RoomSlug.safeParse(good).success, good).toBe(true);
    for (const bad of ['ab', '-abc', 'abc-', 'a--b', 'Abc', 'a b c', 'abc\n', '../abc']) {
      expect(RoomSlug.safeParse(bad).success, bad).toBe(false);
    }
  });
});
