import { describe, expect, it } from 'vitest';
import { ERRORS, ParleyError, errorKeyOf, type ErrorKey } from './errors.ts';

const entries = Object.entries(ERRORS) as [ErrorKey, (typeof ERRORS)[ErrorKey]][];
const FAMILY_BASE = { protocol: 4400, user: 4500, internal: 4600 };

describe('the error table', () => {
  it('gives every key a number of its own', () => {
    expect(new Set(entries.map(([, { code }]) => code)).size).toBe(entries.length);
  });

  it.each(entries)('%s is well formed', (key, { code, family, status, text }) => {
    expect(key).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(key.length).toBeLessThanOrEqual(32);
    // Close codes that an application may use for a WebSocket (RFC 6455, section 7.4.2).
    expect(code).toBeGreaterThanOrEqual(4000);
    expect(code).toBeLessThanOrEqual(4999);
    expect(Math.floor(code / 100) * 100).toBe(FAMILY_BASE[family]);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThanOrEqual(599);
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(errorKeyOf(code)).toBe(key);
  });

  it('reads numbers that it does not know as an internal error', () => {
    for (const code of [0, 4399, 1006, Number.NaN, '4400', null, undefined, {}])
      expect(errorKeyOf(code)).toBe('INTERNAL');
  });
});

describe('ParleyError', () => {
  it('carries key, number and detail', () => {
    const error = new ParleyError('NO_SUCH_PRODUCER', 'p1');
    expect(error).toBeInstanceOf(Error);
    expect(error.code).toBe(ERRORS.NO_SUCH_PRODUCER.code);
    expect(error.detail).toBe('p1');
    expect(error.message).toBe(`${ERRORS.NO_SUCH_PRODUCER.text} p1`);
  });
});
