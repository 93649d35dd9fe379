import * as z from 'zod';
import { expect, it } from 'vitest';
import { validate } from './validate.ts';

const schema = z.object({ tiles: z.array(z.object({ width: z.number() })).max(3) });

it('hands over what fits', () => {
  expect(validate(schema, { tiles: [{ width: 1 }], more: 1 })).toEqual({
    ok: true,
    data: { tiles: [{ width: 1 }] },
  });
});

it('says where it does not fit, and not too much of it', () => {
  const result = validate(schema, { tiles: [{ width: 'x' }] });
  expect(result).toEqual({ ok: false, problem: expect.stringMatching(/^tiles\.0\.width: /) });
  const long = z.record(z.string(), z.number());
  const { problem } = validate(long, { ['k'.repeat(5000)]: 'x' }) as { problem: string };
  expect(problem.length).toBeLessThan(200);
});

it('takes data at which the validator itself stumbles as wrong data', () => {
  const trap = JSON.parse('{"tiles":{"length":{"toString":1,"valueOf":1}}}') as unknown;
  expect(() => schema.safeParse(trap)).toThrow();
  expect(validate(schema, trap)).toEqual({ ok: false, problem: undefined });
});
