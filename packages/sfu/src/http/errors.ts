import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { ERRORS, ParleyError } from '@parley/protocol';
import type { ErrorReply } from '@parley/protocol';
import type { Logger } from '../runtime.ts';

/** Answers with the one form that errors have over HTTP. */
export function sendError(response: Response, error: ParleyError): void {
  const { status, code, text } = ERRORS[error.key];
  if (error.key === 'TOO_MANY_ATTEMPTS' || error.key === 'SHUTTING_DOWN') response.set('Retry-After', '5');
  const body: ErrorReply = {
    error: {
      key: error.key,
      code,
      message: text,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
    },
  };
  response.status(status).json(body);
}

export const notFound: RequestHandler = (_request, response) =>
  sendError(response, new ParleyError('NOT_FOUND'));

/** The edge: what is not ours to tell is logged and becomes INTERNAL. Never a stack trace to a client. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    sendError(
      response,
      translate(error, () => logger.error({ err: error, path: request.path }, 'http request failed')),
    );
  };
}

function translate(error: unknown, log: () => void): ParleyError {
  if (error instanceof ParleyError) return error;
  // Errors of the body parser and of the path decoder carry a status.
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new ParleyError('TOO_LARGE');
  if (typeof status === 'number' && status >= 400 && status < 500) return new ParleyError('BAD_REQUEST');
  log();
  return new ParleyError('INTERNAL');
}
