import { describe, expect, it } from 'vitest';
import { initials, personHue } from './person.ts';

describe('initials', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['Jean-Luc von Picard', 'JP'],
    ['王小明', '小明'],
    ['李雷', '李雷'],
    ['李', '李'],
    ['(ops) team', 'OT'],
    ['🦊', '🦊'],
    ['', '?'],
  ])('%s is %s', (name, expected) => expect(initials(name)).toBe(expected));
});

it('gives a person the same colour every time, and different people different ones', () => {
  expect(personHue('abc')).toBe(personHue('abc'));
  expect(new Set(Array.from({ length: 40 }, (_, i) => personHue(`peer-${i}`))).size).toBeGreaterThan(6);
});
