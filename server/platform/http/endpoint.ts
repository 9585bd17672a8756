import { SetMetadata } from '@nestjs/common';
import type { ZodType } from 'zod';

/** Who may call: anyone, anyone with a session, or whoever the named permission is given to. */
export type Access = 'public' | 'session' | (string & {});

export interface EndpointOptions {
  /** One line for a person who reads /api/openapi.json. */
  summary: string;
  access: Access;
  body?: ZodType;
  query?: ZodType;
  params?: ZodType;
  /** Schema of the JSON answer; what it does not name is cut from the answer. */
  response?: ZodType;
  /** Media type of an answer that is not JSON (`StreamableFile`); excludes `response`. */
  produces?: string;
  /** Media types of a request that is not JSON; the handler reads the stream itself. */
  consumes?: string[];
}

export const ENDPOINT = 'workhall:endpoint';

/**
 * Describes one route beside Nest's `@Get` or `@Post`. The schemas validate the request before the handler sees it
 * (defaults and coercions applied), check the answer, and write /api/openapi.json: one description, never two truths.
 */
export const Endpoint = (options: EndpointOptions): MethodDecorator => SetMetadata(ENDPOINT, options);
