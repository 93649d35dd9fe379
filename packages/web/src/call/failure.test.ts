import { ERRORS, ParleyError, type ErrorKey } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { problemOf } from './capture.ts';
import { NetworkError, finalFailure, fromProtoo, givingUp } from './failure.ts';

const refusal = (code: number, message = 'no') => Object.assign(new Error(message), { code });

describe('what protoo rejects with', () => {
  it('becomes the error of the table, by its number', () => {
    for (const key of Object.keys(ERRORS) as ErrorKey[]) {
      expect(fromProtoo(refusal(ERRORS[key].code))).toMatchObject({ key, code: ERRORS[key].code });
    }
  });

  it('is INTERNAL for an unknown number, TIMEOUT for silence, CLOSED for a socket that went away', () => {
    expect(fromProtoo(refusal(499))).toMatchObject({ key: 'INTERNAL' });
    expect(fromProtoo(new Error('request timeout'))).toMatchObject({ key: 'TIMEOUT' });
    expect(fromProtoo(new Error('peer closed'))).toMatchObject({ key: 'CLOSED' });
    expect(fromProtoo(undefined)).toMatchObject({ key: 'CLOSED' });
  });
});

describe('whether another attempt is made', () => {
  it.each(['NOT_ALLOWED', 'MEETING_ENDED', 'REPLACED', 'INVALID_SLUG', 'ORIGIN_REFUSED'] as const)(
    '%s: no',
    (key) => {
      expect(finalFailure(new ParleyError(key), true)).toMatchObject({ key });
    },
  );

  it.each([
    'SHUTTING_DOWN',
    'INTERNAL',
    'MEDIA_UNAVAILABLE',
    'TIMEOUT',
    'CLOSED',
    'TICKET_USED',
    'TICKET_EXPIRED',
    'RATE_LIMITED',
    'SLOW_READER',
  ] as const)('%s: yes', (key) => {
    expect(finalFailure(new ParleyError(key), false)).toBeNull();
  });

  it('a full meeting ends the way in, but not the way back to a seat', () => {
    expect(finalFailure(new ParleyError('MEETING_FULL'), false)).toEqual({
      key: 'MEETING_FULL',
      retry: true,
    });
    expect(finalFailure(new ParleyError('MEETING_FULL'), true)).toBeNull();
  });

  it('a network error: yes, until the door is given up with its name', () => {
    expect(finalFailure(new NetworkError(), false)).toBeNull();
    expect(givingUp(new NetworkError())).toEqual({ key: 'NETWORK', retry: true });
    expect(givingUp(new ParleyError('MEDIA_UNAVAILABLE'))).toEqual({ key: 'MEDIA_UNAVAILABLE', retry: true });
  });

  it('a browser without WebRTC: never', () => {
    const error = Object.assign(new Error(), { name: 'UnsupportedError' });
    expect(finalFailure(error, false)).toEqual({ key: 'UNSUPPORTED_BROWSER', retry: false });
  });
});

describe('what the browser throws at a device', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'denied'],
    ['NotAllowedError', 'Permission dismissed', 'dismissed'],
    ['NotFoundError', '', 'notFound'],
    ['OverconstrainedError', '', 'notFound'],
    ['NotReadableError', '', 'inUse'],
    ['AbortError', '', 'inUse'],
    ['SecurityError', '', 'insecure'],
    ['NotSupportedError', '', 'unsupported'],
    ['TypeError', '', 'failed'],
  ])('%s "%s" is %s', (name, message, problem) => {
    expect(problemOf(Object.assign(new Error(message), { name }))).toBe(problem);
  });

  it('anything else is a failure, not an exception', () => {
    expect(problemOf(undefined)).toBe('failed');
    expect(problemOf('odd')).toBe('failed');
  });
});
