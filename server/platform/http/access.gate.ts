import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { WorkhallError } from '#protocol/errors';
import { ENDPOINT, type Access, type EndpointOptions } from './endpoint.ts';

/** Throws a `WorkhallError` (401, 403) when the caller may not. */
export type AccessCheck = (request: Request, access: Exclude<Access, 'public'>) => Promise<void> | void;

/**
 * Every request passes here before its handler. The identity domain brings the check (`gate.use(...)`); until it
 * does, and for routes that forgot to say who may call them, the door stays closed.
 */
@Injectable()
export class AccessGate implements CanActivate {
  private check?: AccessCheck;

  use(check: AccessCheck): void {
    this.check = check;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const endpoint = Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointOptions | undefined;
    if (endpoint?.access === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (!endpoint || !this.check) {
      const facts = { route: `${request.method} ${request.path}` };
      throw new WorkhallError('http', 'access_undeclared', 'This route does not say who may call it, so nobody may.', {
        facts,
        next: 'Add @Endpoint({ access }) to the handler, and let a domain call AccessGate.use().',
        status: 500,
      });
    }
    await this.check(request, endpoint.access);
    return true;
  }
}
