import * as protocol from '@parley/protocol';
import { chatMethods } from '@parley/protocol/methods/chat';
import { sessionMethods } from '@parley/protocol/methods/session';
import { trackMethods } from '@parley/protocol/methods/track';
import { transportMethods } from '@parley/protocol/methods/transport';
import * as z from 'zod';
import { fieldsOf, notation, schemaReader, type Schema } from './notation.ts';

type Method = (typeof protocol.METHODS)[protocol.MethodName];

/** The areas of the method table, in the order of the page. A test compares their sum with the whole table. */
export const AREAS: readonly { title: string; methods: Readonly<Record<string, Method>> }[] = [
  { title: 'Session', methods: sessionMethods },
  { title: 'Transports', methods: transportMethods },
  { title: 'Tracks', methods: trackMethods },
  { title: 'Chat', methods: chatMethods },
];

const HTTP_TYPES = ['TicketRequest', 'TicketReply', 'MeetingReply', 'ErrorReply'];

const named: Record<string, z.ZodType> = {};
for (const [name, value] of Object.entries(protocol)) if (value instanceof z.ZodType) named[name] = value;
const read = schemaReader(named);

/** The reference page of the protocol, as Markdown; everything on it comes from the method table and its schemas. */
export function protocolPage(): string {
  const parts = [
    '# Protocol',
    '',
    '> Written by `npm run docs` from `packages/protocol`; a test fails when the two are out of step.',
    '',
    `Version ${protocol.PROTOCOL_VERSION}. A client takes a ticket over HTTP, opens the WebSocket`,
    `\`${protocol.SIGNALLING_PATH}?ticket=…\` with the sub-protocol \`${protocol.WS_SUBPROTOCOL}\`, gets \`welcome\`, and sends \`join\`.`,
    'Messages have the form of [protoo](https://protoo.versatica.com/#protoo-protocol): requests are answered, notifications are not.',
    `One message of a client has at most ${protocol.LIMITS.messageBytes} bytes. Lengths of strings are UTF-16 code units.`,
    'A `?` after a name marks a field that may be left out. Unknown fields are ignored.',
    '',
    '## Overview',
    '',
    ...overview(),
    ...AREAS.flatMap(({ title, methods }) => [
      `## ${title}`,
      '',
      ...Object.entries(methods).flatMap(([name, method]) => describe(name, method)),
    ]),
    '## HTTP',
    '',
    '`POST /api/v1/meetings/<slug>/tickets` takes a `TicketRequest` and answers a `TicketReply`;',
    '`GET /api/v1/meetings/<slug>` answers a `MeetingReply`; every error is an `ErrorReply`.',
    '',
    ...HTTP_TYPES.flatMap(describeType),
    '## Types',
    '',
    ...Object.keys(named)
      .filter((name) => !HTTP_TYPES.includes(name))
      .sort()
      .flatMap(describeType),
    '## Errors',
    '',
    'A refused request is answered with the number as `errorCode` and the key as `errorReason`; a socket that is closed for an',
    'error has the number as its close code. `protocol` is a mistake of the client, `user` something that a person can act on,',
    '`internal` a failure of the server.',
    '',
    '| code | key | family | HTTP | meaning |',
    '| ---: | --- | --- | ---: | --- |',
    ...Object.entries(protocol.ERRORS).map(
      ([key, { code, family, status, text }]) => `| ${code} | \`${key}\` | ${family} | ${status} | ${text} |`,
    ),
    '',
  ];
  return parts.join('\n');
}

function overview(): string[] {
  const rows = AREAS.flatMap(({ title, methods }) =>
    Object.entries(methods).map(
      ([name, { from, kind, phases }]) =>
        `| [\`${name}\`](#${name.toLowerCase()}) | ${title} | ${from} | ${kind} | ${phases.join(', ')} |`,
    ),
  );
  return ['| method | area | from | kind | phases |', '| --- | --- | --- | --- | --- |', ...rows, ''];
}

function describe(name: string, method: Method): string[] {
  const facts = [
    `${method.kind} of the ${method.from}`,
    `phases: ${method.phases.join(', ')}`,
    ...('rate' in method ? [`rate class: ${method.rate}`] : []),
    ...('capability' in method ? [`capability: ${method.capability ?? 'none'}`] : []),
  ];
  return [
    `### ${name}`,
    '',
    method.doc,
    '',
    `*${facts.join('; ')}*`,
    '',
    ...table('data', read(method.params)),
    ...('reply' in method ? table('reply', read(method.reply)) : []),
  ];
}

function describeType(name: string): string[] {
  const schema = named[name];
  if (!schema) throw new Error(`no schema is called ${name}`);
  // Read without its own name, else the whole answer would be a reference to itself.
  const { [name]: _self, ...others } = named;
  return [`### ${name}`, '', ...table('field', schemaReader(others)(schema))];
}

function table(heading: string, schema: Schema): string[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.every((choice) => choice.properties)) {
    return [...choices.map((choice) => `- \`${plain(notation(choice))}\``), ''];
  }
  if (!schema.properties) {
    const pattern = schema.pattern ? ` that matches \`${schema.pattern}\`` : '';
    return [`${heading === 'field' ? '' : `${heading}: `}${cell(notation(schema))}${pattern}`, ''];
  }
  const fields = fieldsOf(schema);
  if (fields.length === 0) return [`${heading}: \`{}\``, ''];
  return [
    `| ${heading} | type |`,
    '| --- | --- |',
    ...fields.map(({ name, type, required }) => `| \`${name}\`${required ? '' : ' ?'} | ${cell(type)} |`),
    '',
  ];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** Links do not work inside of code. */
const plain = (text: string): string => text.replace(/\[(\w+)\]\(#\w+\)/g, '$1');
