import { createParamDecorator, Injectable, type ExecutionContext, type OnModuleInit } from '@nestjs/common';
import type { Request } from 'express';
import { WorkhallError } from '#protocol/errors';
import { AccessGate } from '../platform/http/index.ts';
import type { Person } from './person.ts';
import { problems } from './problems.ts';
import { Sessions } from './sessions.service.ts';

/** Beside the request, not on it: nothing a client sends can end up here. */
const callers = new WeakMap<object, Person>();

/** Answers the access gate: `session` means a valid bearer token; nothing else is given to anybody. */
@Injectable()
export class Authentication implements OnModuleInit {
  constructor(
    private readonly gate: AccessGate,
    private readonly sessions: Sessions,
  ) {}

  onModuleInit(): void {
    this.gate.use(async (request, access) => {
      const person = await this.personOf(request);
      if (!person) throw problems.notSignedIn();
      if (access !== 'session')
        throw new WorkhallError('identity', 'unknown_access', `Nobody is given the access "${access}".`, {
          status: 403,
        });
      callers.set(request, person);
    });
  }

  /** The person whose token the request carries, on public routes too; null without or with a stale one. */
  async personOf(request: Request): Promise<Person | null> {
    const token = bearerOf(request);
    return token === null ? null : this.sessions.personOf(token);
  }
}

export function bearerOf(request: Request): string | null {
  return /^Bearer ([\w-]{20,200})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/** Handler parameter: the signed-in person of a route with `access: 'session'`. */
export const CurrentPerson = createParamDecorator((_data: unknown, context: ExecutionContext): Person => {
  const person = callers.get(context.switchToHttp().getRequest<Request>());
  if (!person) throw problems.notSignedIn();
  return person;
});
