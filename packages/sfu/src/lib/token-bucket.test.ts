import { describe, expect, it } from 'vitest';
import { KeyedBuckets, TokenBucket } from './token-bucket.ts';

const RATE = { burst: 3, perSecond: 2 };

describe('TokenBucket', () => {
  it('gives the burst at once and then what is refilled', () => {
    const bucket = new TokenBucket(RATE, 1000);
    expect([1, 2, 3, 4].map(() => bucket.take(1000))).toEqual([true, true, true, false]);
    expect(bucket.take(1499)).toBe(false);
    expect(bucket.take(1500)).toBe(true);
    expect(bucket.take(1500)).toBe(false);
  });

  it('never holds more than the burst', () => {
    const bucket = new TokenBucket(RATE, 0);
    expect([1, 2, 3, 4].map(() => bucket.take(3_600_000))).toEqual([true, true, true, false]);
  });

  it('is not fooled by a clock that goes backwards', () => {
    const bucket = new TokenBucket(RATE, 10_000);
    [1, 2, 3].forEach(() => bucket.take(10_000));
    expect(bucket.take(5_000)).toBe(false);
    expect(bucket.take(5_400)).toBe(false);
    expect(bucket.take(5_500)).toBe(true);
  });

  it('does not spend tokens on refusals', () => {
    const bucket = new TokenBucket(RATE, 0);
    [1, 2, 3].forEach(() => bucket.take(0));
    for (let ms = 0; ms < 490; ms += 10) expect(bucket.take(ms)).toBe(false);
    expect(bucket.take(500)).toBe(true);
  });
});

describe('KeyedBuckets', () => {
  it('keeps keys apart', () => {
    const buckets = new KeyedBuckets(() => 0);
    expect([1, 2, 3, 4].map(() => buckets.take('a', RATE))).toEqual([true, true, true, false]);
    expect(buckets.take('b', RATE)).toBe(true);
  });

  it('forgets full buckets, so that memory follows the traffic', () => {
    let now = 0;
    const buckets = new KeyedBuckets(() => now);
    for (let index = 0; index < 1000; index += 1) buckets.take(`address ${index}`, RATE);
    expect(buckets.size).toBe(1000);
    now = 20_000;
    buckets.take('another', RATE);
    expect(buckets.size).toBe(1);
  });

  it('does not forget one that is still being filled', () => {
    let now = 0;
    const buckets = new KeyedBuckets(() => now);
    const slow = { burst: 3, perSecond: 0.001 };
    [1, 2, 3].forEach(() => buckets.take('a', slow));
    now = 20_000;
    expect(buckets.take('a', slow)).toBe(false);
  });
});
