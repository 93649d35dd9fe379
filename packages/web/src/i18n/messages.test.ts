import { ERRORS } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { pickLanguage } from './index.ts';
import { zhCN } from './zh-CN.ts';

/** All leaves of a language as `path -> text`. */
function leaves(tree: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'string') found.set(here, value);
    else for (const [inner, text] of leaves(value as object, here)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

const english = leaves(en);
const chinese = leaves(zhCN);

describe('languages', () => {
  it('have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('fill in the same values', () => {
    for (const [key, text] of chinese) {
      const needed = placeholders(english.get(key) ?? '');
      for (const name of placeholders(text)) expect(needed, `${key} knows ${name}`).toContain(name);
      // A count may be left out where the words say it already.
      for (const name of needed) if (name !== '{n}') expect(placeholders(text), key).toContain(name);
    }
  });

  it('have a sentence for every error of the protocol, and for the two of the client', () => {
    for (const key of [...Object.keys(ERRORS), 'NETWORK', 'UNSUPPORTED_BROWSER']) {
      for (const part of ['title', 'text', 'advice']) {
        expect(english.get(`error.${key}.${part}`), `error.${key}.${part}`).toBeTruthy();
        expect(chinese.get(`error.${key}.${part}`), `error.${key}.${part}`).toBeTruthy();
      }
    }
    expect(Object.keys(en.error).length).toBe(Object.keys(ERRORS).length + 2);
  });

  it('leave no text empty', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe('');
  });

  it('write Chinese without Latin words', () => {
    for (const [key, text] of chinese) {
      const words = text.replace(/\{\w+\}/g, '').match(/[A-Za-z]+/g) ?? [];
      expect(
        words.filter((word) => word !== 'Parley'),
        key,
      ).toEqual([]);
    }
  });
});

describe('choice of language', () => {
  it('takes the chosen one, then those of the browser, then English', () => {
    expect(pickLanguage('zh-CN', ['en'])).toBe('zh-CN');
    expect(pickLanguage(null, ['fr', 'zh-Hans-SG', 'en'])).toBe('zh-CN');
    expect(pickLanguage(null, ['en-GB', 'zh'])).toBe('en');
    expect(pickLanguage(null, ['fr'])).toBe('en');
  });
});
