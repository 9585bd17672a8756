import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { problem, toProblem, WorkhallError, type Problem } from '#protocol/errors';

/** Everything thrown leaves as one JSON shape: `{scope, key, facts, message, next}` with a fitting status. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const { status, body } = answerTo(thrown);
    if (status >= 500) {
      const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      this.logger.error(`${request.method} ${request.path} -> ${status}: ${detail}${causeOf(thrown)}`);
    }
    if (response.headersSent) {
      response.destroy(); // half an answer must not look like a whole one
      return;
    }
    response.status(status).setHeader('cache-control', 'no-store').json(body);
  }
}

function answerTo(thrown: unknown): { status: number; body: Problem } {
  if (thrown instanceof WorkhallError) return { status: thrown.status, body: thrown.problem };
  if (thrown instanceof HttpException) {
    const status = thrown.getStatus();
    return { status, body: problem('http', keyOf(status), thrown.message) };
  }
  // body-parser and send throw errors with a status: too large, malformed JSON, aborted.
  const status = (thrown as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, body: problem('http', keyOf(status), (thrown as Error).message) };
  }
  return { status: 500, body: toProblem(thrown) };
}

const KEYS: Record<number, string> = {
  400: 'malformed',
  401: 'not_signed_in',
  403: 'not_permitted',
  404: 'not_found',
  405: 'wrong_method',
  409: 'conflict',
  413: 'too_large',
  415: 'wrong_media_type',
  429: 'too_many',
};

function keyOf(status: number): string {
  return KEYS[status] ?? `status_${status}`;
}

function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || thrown.cause === undefined) return '';
  const { cause } = thrown;
  return `\n  caused by ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}${causeOf(cause)}`;
}
