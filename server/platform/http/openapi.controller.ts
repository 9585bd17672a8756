import { Controller, Get, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { z, type ZodType } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { Endpoint, ENDPOINT, type EndpointOptions } from './endpoint.ts';

const problemSchema = z
  .object({
    scope: z.string(),
    key: z.string(),
    facts: z.record(z.string(), z.unknown()),
    message: z.string(),
    next: z.string().optional(),
  })
  .meta({
    id: 'Problem',
    description: 'What went wrong, for a program (scope, key, facts) and a person (message, next)',
  });

/** The HTTP API, described from the same schemas that validate it. */
@Controller('api/openapi.json')
export class OpenApiController {
  private document?: object;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  @Get()
  @Endpoint({ summary: 'This description (OpenAPI 3.1)', access: 'public' })
  read(): object {
    return (this.document ??= createDocument({
      openapi: '3.1.0',
      info: { title: 'Workhall', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      paths: this.paths(),
    }));
  }

  private paths(): ZodOpenApiPathsObject {
    const paths: ZodOpenApiPathsObject = {};
    for (const { instance, metatype } of this.discovery.getControllers()) {
      if (!metatype) continue;
      const prototype = Object.getPrototypeOf(instance);
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        const endpoint = Reflect.getMetadata(ENDPOINT, handler) as EndpointOptions | undefined;
        if (!endpoint) continue;
        const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]?.toLowerCase() ?? 'get';
        for (const base of asList(Reflect.getMetadata(PATH_METADATA, metatype))) {
          for (const path of asList(Reflect.getMetadata(PATH_METADATA, handler))) {
            const route = `/${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
            const key = route.replace(/:(\w+)/g, '{$1}').replace(/\*(\w+)/g, '{$1}');
            paths[key] = { ...paths[key], [method]: operation(endpoint, metatype.name, name) };
          }
        }
      }
    }
    return paths;
  }
}

function operation(endpoint: EndpointOptions, controller: string, name: string): ZodOpenApiOperationObject {
  const tag = controller.replace(/Controller$/, '');
  return {
    operationId: `${tag}.${name}`,
    tags: [tag],
    summary: endpoint.summary,
    description: `Access: ${endpoint.access}`,
    requestParams: {
      ...(endpoint.params ? { path: endpoint.params as z.ZodObject } : {}),
      ...(endpoint.query ? { query: endpoint.query as z.ZodObject } : {}),
    },
    ...requestBody(endpoint),
    responses: {
      '2XX': { description: 'Done', ...answer(endpoint) },
      default: { description: 'A problem', content: { 'application/json': { schema: problemSchema } } },
    },
  };
}

function requestBody({ body, consumes }: EndpointOptions): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (body) return { requestBody: { content: { 'application/json': { schema: body } } } };
  if (!consumes) return {};
  const binary = { schema: { type: 'string', format: 'binary' } as const };
  return { requestBody: { content: Object.fromEntries(consumes.map((type) => [type, binary])) } };
}

function answer({ response, produces }: EndpointOptions): { content?: Record<string, { schema: ZodType | object }> } {
  if (response) return { content: { 'application/json': { schema: response } } };
  if (produces) return { content: { [produces]: { schema: { type: 'string', format: 'binary' } } } };
  return {};
}

function asList(path: string | string[] | undefined): string[] {
  return path === undefined ? [''] : Array.isArray(path) ? path : [path];
}
