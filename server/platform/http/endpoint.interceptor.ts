import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Request } from 'express';
import { map, type Observable } from 'rxjs';
import type { ZodError, ZodType } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { ENDPOINT, type EndpointOptions } from './endpoint.ts';

/** Holds requests and answers to the schemas of `@Endpoint`. */
@Injectable()
export class EndpointInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const endpoint = Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointOptions | undefined;
    if (context.getType() !== 'http' || !endpoint) return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    for (const place of ['params', 'query', 'body'] as const) {
      const schema = endpoint[place];
      // Express 5 makes `query` a getter of the prototype, so it is defined on the request itself.
      if (schema)
        Object.defineProperty(request, place, { value: parse(schema, request[place] ?? {}, place), writable: true });
    }
    const { response } = endpoint;
    if (!response) return next.handle();
    return next.handle().pipe(map((answer) => (answer instanceof StreamableFile ? answer : checked(response, answer))));
  }
}

function parse(schema: ZodType, value: unknown, place: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new WorkhallError(
    'http',
    'invalid_request',
    `The ${place} of the request is not valid: ${describe(parsed.error)}.`,
    {
      facts: { place, fields: parsed.error.issues.map((issue) => issue.path.join('.')) },
      next: 'Compare with /api/openapi.json.',
      status: 422,
    },
  );
}

function checked(schema: ZodType, answer: unknown): unknown {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Error(`The answer breaks its own schema: ${describe(parsed.error)}`, { cause: parsed.error });
}

function describe(error: ZodError): string {
  return error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ');
}
