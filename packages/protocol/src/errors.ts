/**
 * The one table of error codes, for signalling and HTTP alike.
 *
 * Three families: `protocol` is a bug of the client (it is told which), `user` is something a person can act on (the web
 * client has a sentence for each code), `internal` is ours (logged in full, told to nobody in detail).
 */
export type ErrorFamily = 'protocol' | 'user' | 'internal';

export interface ErrorEntry {
  /** Number on the wire (protoo `errorCode`); also the WebSocket close code where a socket is closed for it. */
  readonly code: number;
  readonly family: ErrorFamily;
  /** HTTP status where the same error is answered over HTTP. */
  readonly status: number;
  /** English sentence for logs, documents and API users; people see the translation of the client. */
  readonly text: string;
}

const entry = (code: number, family: ErrorFamily, status: number, text: string): ErrorEntry => ({
  code,
  family,
  status,
  text,
});

export const ERRORS = {
  BAD_FRAME: entry(4400, 'protocol', 400, 'The message is not a JSON object of the protoo form.'),
  BAD_REQUEST: entry(4401, 'protocol', 400, 'The data of the message does not fit the schema of its method.'),
  UNKNOWN_METHOD: entry(4402, 'protocol', 404, 'There is no such method.'),
  WRONG_PHASE: entry(4403, 'protocol', 409, 'The method is not allowed in the present phase of the session.'),
  TOO_LARGE: entry(4404, 'protocol', 413, 'The message is larger than allowed.'),
  RATE_LIMITED: entry(4405, 'protocol', 429, 'Too many messages of this kind; slow down.'),
  STALE_EPOCH: entry(4406, 'protocol', 409, 'The media side was rebuilt in between; use the new transports.'),
  NO_SUCH_TRANSPORT: entry(4407, 'protocol', 404, 'There is no such transport.'),
  NO_SUCH_PRODUCER: entry(4408, 'protocol', 404, 'There is no such producer.'),
  NO_SUCH_CONSUMER: entry(4409, 'protocol', 404, 'There is no such consumer.'),
  QUOTA_EXCEEDED: entry(4410, 'protocol', 429, 'The peer already has as many of these as are allowed.'),
  UNSUPPORTED_MEDIA: entry(4411, 'protocol', 422, 'The media description cannot be used with this server.'),
  VERSION_MISMATCH: entry(
    4412,
    'protocol',
    426,
    'Client and server speak different versions of the protocol.',
  ),
  SLOW_READER: entry(4413, 'protocol', 408, 'The client reads too slowly; the connection was closed.'),
  ALREADY_CONNECTED: entry(4414, 'protocol', 409, 'The transport is connected already.'),

  INVALID_SLUG: entry(4500, 'user', 400, 'The name of the meeting has characters that are not allowed.'),
  NOT_FOUND: entry(4501, 'user', 404, 'There is nothing at this address.'),
  NOT_ALLOWED: entry(4502, 'user', 403, 'The role of this person does not allow it.'),
  ORIGIN_REFUSED: entry(4503, 'user', 403, 'The page comes from an origin that this server does not allow.'),
  TICKET_INVALID: entry(4504, 'user', 401, 'The ticket is not valid.'),
  TICKET_EXPIRED: entry(4505, 'user', 401, 'The ticket has expired.'),
  TICKET_USED: entry(4506, 'user', 401, 'The ticket was used already.'),
  MEETING_FULL: entry(4507, 'user', 503, 'The meeting is full.'),
  SERVER_FULL: entry(4508, 'user', 503, 'The server has no room for another meeting.'),
  REPLACED: entry(4509, 'user', 409, 'The same person came in from another window.'),
  MEETING_ENDED: entry(4510, 'user', 410, 'The meeting has ended.'),
  SHUTTING_DOWN: entry(4511, 'user', 503, 'The server is restarting.'),
  TOO_MANY_ATTEMPTS: entry(4512, 'user', 429, 'Too many attempts from this address; wait a little.'),

  INTERNAL: entry(4600, 'internal', 500, 'Something went wrong on the server.'),
  MEDIA_UNAVAILABLE: entry(4601, 'internal', 503, 'No media worker is available at the moment.'),
  TIMEOUT: entry(4602, 'internal', 504, 'The other side did not answer in time.'),
  CLOSED: entry(4603, 'internal', 410, 'The connection was closed before the answer came.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorKey = keyof typeof ERRORS;

const byCode = new Map<number, ErrorKey>(
  (Object.keys(ERRORS) as ErrorKey[]).map((key) => [ERRORS[key].code, key]),
);

/** Key of a number on the wire; `INTERNAL` for one that this version does not know. */
export function errorKeyOf(code: unknown): ErrorKey {
  return (typeof code === 'number' && byCode.get(code)) || 'INTERNAL';
}

/** The error that both sides throw and translate at their edges. `detail` is for developers and is never translated. */
export class ParleyError extends Error {
  readonly key: ErrorKey;
  readonly detail: string | undefined;

  constructor(key: ErrorKey, detail?: string) {
    super(detail === undefined ? ERRORS[key].text : `${ERRORS[key].text} ${detail}`);
    this.name = 'ParleyError';
    this.key = key;
    this.detail = detail;
  }

  get code(): number {
    return ERRORS[this.key].code;
  }
}
