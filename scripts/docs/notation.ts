import * as z from 'zod';

/** The part of JSON Schema that Zod writes for schemas of the protocol. */
export interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  maxProperties?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  default?: unknown;
}

export interface Field {
  name: string;
  type: string;
  required: boolean;
}

/** Reads schemas as JSON Schema, with those that have a name as references. */
export function schemaReader(named: Readonly<Record<string, z.ZodType>>): (schema: z.ZodType) => Schema {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) names.add(schema, { id });
  return (schema) =>
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', metadata: names }) as Schema;
}

/** What a schema says in one line: `string 1..64`, `integer 0..7`, `PeerInfo[] ≤ 500`, `"audio" | "video"`. */
export function notation(schema: Schema): string {
  if (schema.$ref) return link(schema.$ref.replace(/^.*\//, ''));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(notation).join(' | ');
  if (schema.allOf) return schema.allOf.map(notation).join(' & ');
  switch (schema.type) {
    case 'string':
      return `string${span(schema.minLength, schema.maxLength)}`;
    case 'integer':
    case 'number':
      return `${schema.type}${span(schema.minimum ?? schema.exclusiveMinimum, schema.maximum ?? schema.exclusiveMaximum)}`;
    case 'array': {
      const items = notation(schema.items ?? {});
      return `${items.includes(' ') ? `(${items})` : items}[]${span(schema.minItems, schema.maxItems)}`;
    }
    case 'object':
      return objectNotation(schema);
    default:
      return schema.type ?? 'any';
  }
}

/** Fields of an object schema; empty for one that has none. */
export function fieldsOf(schema: Schema): Field[] {
  return Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    type: notation(field) + (field.default === undefined ? '' : `, default ${JSON.stringify(field.default)}`),
    required: schema.required?.includes(name) ?? false,
  }));
}

export const link = (name: string): string => `[${name}](#${name.toLowerCase()})`;

function objectNotation(schema: Schema): string {
  if (schema.properties) {
    const fields = fieldsOf(schema).map(
      ({ name, type, required }) => `${name}${required ? '' : '?'}: ${type}`,
    );
    return fields.length > 0 ? `{ ${fields.join(', ')} }` : '{}';
  }
  const values =
    typeof schema.additionalProperties === 'object' ? notation(schema.additionalProperties) : 'any';
  return `map of ${notation(schema.propertyNames ?? { type: 'string' })} to ${values}${span(undefined, schema.maxProperties)}`;
}

/** ` 1..64`, ` ≤ 64`, ` ≥ 1`; nothing for the bounds that every integer of JavaScript has. */
function span(from: number | undefined, to: number | undefined): string {
  const low = from === undefined || from === Number.MIN_SAFE_INTEGER ? undefined : from;
  const high = to === undefined || to === Number.MAX_SAFE_INTEGER ? undefined : to;
  if (low !== undefined && high !== undefined) return ` ${low}..${high}`;
  if (high !== undefined) return ` ≤ ${high}`;
  return low === undefined ? '' : ` ≥ ${low}`;
}
