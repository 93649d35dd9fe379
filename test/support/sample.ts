import * as z from 'zod';
import type { Random } from './random.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly additionalProperties?: Schema | boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const cache = new Map<z.ZodType, Schema>();

/** Data that a schema of the method table takes, as far as its JSON form says everything. */
export function sample(schema: z.ZodType, random: Random): unknown {
  let json = cache.get(schema);
  if (!json) {
    json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
    cache.set(schema, json);
  }
  return make(json, random);
}

function make(schema: Schema, random: Random): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return make(random.pick(choices), random);
  switch (schema.type) {
    case 'object':
      return makeObject(schema, random);
    case 'array': {
      const least = schema.minItems ?? 0;
      return Array.from({ length: random.int(least, Math.min(schema.maxItems ?? 3, least + 3)) }, () =>
        make(schema.items ?? {}, random),
      );
    }
    case 'string':
      return makeString(schema, random);
    case 'integer':
    case 'number':
      return random.int(Math.max(schema.minimum ?? 0, -1000), Math.min(schema.maximum ?? 1000, 1000));
    case 'boolean':
      return random.chance(0.5);
    default:
      return null;
  }
}

function makeObject(
  { properties = {}, required = [], additionalProperties }: Schema,
  random: Random,
): unknown {
  const made: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties)) {
    if (required.includes(name) || random.chance(0.6)) made[name] = make(schema, random);
  }
  if (typeof additionalProperties === 'object' && random.chance(0.5))
    made['packetization-mode'] = make(additionalProperties, random);
  return made;
}

/** What fits the patterns of the table; tried in turn. */
const WORDS = [
  'video/VP8',
  'audio/opus',
  'AB:CD:EF:01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'sha-256',
];

function makeString({ pattern, minLength = 0, maxLength = 64 }: Schema, random: Random): string {
  const length = random.int(Math.max(minLength, 1), Math.max(minLength, Math.min(maxLength, minLength + 12)));
  const word = Array.from({ length }, () => random.pick([...'abcdefghijklmnopqrstuvwxyz0123456789'])).join(
    '',
  );
  if (pattern === undefined) return word;
  const expression = new RegExp(pattern, 'i');
  return [word, ...random.shuffled(WORDS)].find((text) => expression.test(text)) ?? word;
}

const POISON: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => [],
  () => ({}),
  () => '',
  () => -1,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER + 2,
  () => 0.5,
  () => true,
  () => 'x'.repeat(5000),
  () => '\u0000\u202e\ud800',
  () => ({ ['__proto__']: { admin: true }, constructor: { prototype: {} }, toString: 'x' }),
  () => Array.from({ length: 500 }, () => ({})),
  (random) => nested(random.int(50, 400)),
  (random) => random.bytes(20).toString('latin1'),
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
}

/** The same data with one thing in it wrong: a value replaced, left out or added, at a random place. */
export function spoil(data: unknown, random: Random): unknown {
  if (typeof data !== 'object' || data === null || random.chance(0.15)) return random.pick(POISON)(random);
  const copy = structuredClone(data) as Record<string, unknown>;
  const names = Object.keys(copy);
  if (names.length === 0 || random.chance(0.1)) {
    return { ...copy, [random.pick(['extra', '__proto__', 'length', 'id'])]: random.pick(POISON)(random) };
  }
  const name = random.pick(names);
  if (random.chance(0.15)) delete copy[name];
  else copy[name] = random.chance(0.5) ? spoil(copy[name], random) : random.pick(POISON)(random);
  return copy;
}
