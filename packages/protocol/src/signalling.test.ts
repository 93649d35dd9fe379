import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Capability } from './model.ts';
import * as rest from './rest.ts';
import { METHODS, METHOD_NAMES, isMethod } from './signalling.ts';

interface Json {
  [key: string]: unknown;
}

/** Places in a JSON Schema where a message could grow without end. */
function unbounded(node: unknown, path: string): string[] {
  if (Array.isArray(node)) return node.flatMap((each, index) => unbounded(each, `${path}[${index}]`));
  if (typeof node !== 'object' || node === null) return [];
  const schema = node as Json;
  const found: string[] = [];
  const closed = 'const' in schema || 'enum' in schema;
  if (schema.type === 'string' && !closed && typeof schema.maxLength !== 'number')
    found.push(`${path}: string`);
  if (schema.type === 'array' && typeof schema.maxItems !== 'number') found.push(`${path}: array`);
  if (schema.type === 'number' || schema.type === 'integer') {
    const low = schema.minimum ?? schema.exclusiveMinimum;
    const high = schema.maximum ?? schema.exclusiveMaximum;
    if (!closed && (typeof low !== 'number' || typeof high !== 'number'))
      found.push(`${path}: ${schema.type}`);
  }
  if (schema.type === 'object' && !schema.properties && typeof schema.maxProperties !== 'number')
    found.push(`${path}: map`);
  if (!('type' in schema) && !closed && !['anyOf', 'oneOf', 'allOf', '$ref'].some((key) => key in schema)) {
    found.push(`${path}: anything`);
  }
  for (const key of ['items', 'additionalProperties', 'propertyNames', 'anyOf', 'oneOf', 'allOf']) {
    if (typeof schema[key] === 'object') found.push(...unbounded(schema[key], `${path}.${key}`));
  }
  for (const part of ['properties', '$defs']) {
    for (const [name, each] of Object.entries((schema[part] as Json | undefined) ?? {})) {
      found.push(...unbounded(each, `${path}.${name}`));
    }
  }
  return found;
}

const read = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

describe('the method table', () => {
  it.each(METHOD_NAMES)('%s is complete', (name) => {
    const method = METHODS[name];
    expect(name).toMatch(/^[a-z][A-Za-z]{1,40}$/);
    expect(method.doc).toMatch(/^[A-Z].*[.)]$/s);
    expect(method.phases.length).toBeGreaterThan(0);
    expect('reply' in method).toBe(method.kind === 'request');
    expect('rate' in method).toBe(method.from === 'client');
    if ('capability' in method && method.capability !== null)
      expect(Capability.options).toContain(method.capability);
  });

  it.each(METHOD_NAMES)('%s bounds every string, list, map and number', (name) => {
    const method = METHODS[name];
    expect(unbounded(read(method.params), 'data')).toEqual([]);
    if ('reply' in method) expect(unbounded(read(method.reply), 'reply')).toEqual([]);
  });

  it('bounds the HTTP bodies too', () => {
    for (const [name, schema] of Object.entries(rest)) expect(unbounded(read(schema), name)).toEqual([]);
  });

  it('would notice what has no bound', () => {
    const careless = z.object({
      text: z.string(),
      list: z.array(z.boolean()),
      count: z.number(),
      map: z.record(z.string().max(3), z.boolean()),
      nested: z.array(z.object({ deep: z.string() }).nullable()).max(3),
      anything: z.unknown(),
    });
    expect(unbounded(read(careless), 'data').sort()).toEqual([
      'data.anything: anything',
      'data.count: number',
      'data.list: array',
      'data.map: map',
      'data.nested.items.anyOf[0].deep: string',
      'data.text: string',
    ]);
  });

  it('knows its own names and nothing that every object has', () => {
    for (const name of METHOD_NAMES) expect(isMethod(name)).toBe(true);
    for (const name of ['constructor', '__proto__', 'toString', 'Join', ''])
      expect(isMethod(name)).toBe(false);
  });
});
