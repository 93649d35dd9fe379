import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { ErrorReply, ERRORS } from '@parley/protocol';
import type { ErrorKey } from '@parley/protocol';
import { expect } from 'vitest';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Unlike `fetch` it sends paths and headers as they are told and does not unpack. */
export function ask(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: Question = {},
): Promise<Answer> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export const json = (answer: Answer): unknown => JSON.parse(answer.body.toString());

/** The one form of errors, with the status that the table says, and nothing from inside. */
export function expectError(answer: Answer, key: ErrorKey): void {
  expect({ status: answer.status, ...ErrorReply.parse(json(answer)) }).toMatchObject({
    status: ERRORS[key].status,
    error: { key, code: ERRORS[key].code },
  });
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.body.toString()).not.toMatch(/node_modules|\.ts:|\\n +at /);
}
