import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import {
  Capability,
  DisplayName,
  ROLE_CAPABILITIES,
  Role,
  SOURCE_CAPABILITY,
  SOURCE_KIND,
  TrackSource,
} from './model.ts';

describe('DisplayName', () => {
  it.each([
    ['  Ada   Lovelace ', 'Ada Lovelace'],
    ['Ada\nLovelace', 'Ada Lovelace'],
    ['李小龙 🎉', '李小龙 🎉'],
    ['abc\u202egnp.exe', 'abc gnp.exe'],
    ['a\u0000b\u200bc', 'a b c'],
  ])('%j becomes %j', (given, clean) => expect(DisplayName.parse(given)).toBe(clean));

  it.each(['', '   ', '\u200b\u200e', '\n\t', 'x'.repeat(LIMITS.name * 2 + 1), 5, null])(
    '%j is refused',
    (given) => expect(DisplayName.safeParse(given).success).toBe(false),
  );

  it('is cut to the length that everybody can show', () => {
    expect(DisplayName.parse('x'.repeat(LIMITS.name * 2))).toHaveLength(LIMITS.name);
  });
});

describe('roles and sources', () => {
  it('gives every role capabilities that exist', () => {
    for (const role of Role.options) {
      for (const capability of ROLE_CAPABILITIES[role]) expect(Capability.options).toContain(capability);
    }
  });

  it('knows kind and capability of every source', () => {
    for (const source of TrackSource.options) {
      expect(['audio', 'video']).toContain(SOURCE_KIND[source]);
      expect(ROLE_CAPABILITIES.participant).toContain(SOURCE_CAPABILITY[source]);
    }
  });

  it('lets viewers send nothing', () => {
    expect(ROLE_CAPABILITIES.viewer.filter((capability) => capability.startsWith('send'))).toEqual([]);
  });
});
