import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { identityOf, VERSION_HEADER, XAPI_VERSIONS } from '#protocol/xapi/index';
import { Endpoint } from '../platform/http/index.ts';
import { requireScope } from './callers.ts';
import { XapiDoor, type Handler, type XapiRequest } from './door.ts';
import { actorIn, iriIn, needed } from './params.ts';
import { StatementStore } from './statement.store.ts';

/** Communication 2.4, 2.5 and 2.8: what the LRS knows of agents, of activities and of itself. */
@Controller(['xapi', 'xapi/projects/:project'])
export class KnowledgeController {
  constructor(
    private readonly door: XapiDoor,
    private readonly store: StatementStore,
  ) {}

  @Get('agents')
  @Endpoint({ summary: 'xAPI: what is known of an agent', access: 'public' })
  agents(@Req() request: Request, @Res() response: Response): Promise<void> {
    const handler: Handler = { params: ['agent'], run: (asked, answer) => this.person(asked, answer) };
    return this.door.serve(request, response, { GET: handler });
  }

  @Get('activities')
  @Endpoint({ summary: 'xAPI: what is known of an activity', access: 'public' })
  activities(@Req() request: Request, @Res() response: Response): Promise<void> {
    const handler: Handler = { params: ['activityId'], run: (asked, answer) => this.activity(asked, answer) };
    return this.door.serve(request, response, { GET: handler });
  }

  @Get('about')
  @Endpoint({ summary: 'xAPI: the versions that are spoken here; for everybody', access: 'public' })
  about(@Res() response: Response): void {
    response.set({ 'access-control-allow-origin': '*', [VERSION_HEADER]: '2.0.0' });
    response.json({ version: XAPI_VERSIONS });
  }

  private async person({ caller, params, version }: XapiRequest, response: Response): Promise<void> {
    requireScope(caller, 'readMine');
    const agent = needed('agent', actorIn(params, 'agent', version));
    const identity = identityOf(agent)!;
    // Names of others are what is said in statements: who sees only their own learns no other.
    const isOwn = caller.seesOnly === null || caller.seesOnly === `agent ${identity}`;
    const known = isOwn ? await this.store.namesOf(caller.compartment, identity) : [];
    const names = [...new Set([...known, ...(agent.name === undefined ? [] : [agent.name])])];
    response.json({
      objectType: 'Person',
      ...(names.length > 0 ? { name: names } : {}),
      ...(agent.mbox === undefined ? {} : { mbox: [agent.mbox] }),
      ...(agent.mbox_sha1sum === undefined ? {} : { mbox_sha1sum: [agent.mbox_sha1sum] }),
      ...(agent.openid === undefined ? {} : { openid: [agent.openid] }),
      ...(agent.account === undefined ? {} : { account: [agent.account] }),
    });
  }

  private async activity({ caller, params }: XapiRequest, response: Response): Promise<void> {
    requireScope(caller, 'readMine');
    const id = needed('activityId', iriIn(params, 'activityId'));
    const definition = (await this.store.definitions(caller.compartment, [id])).get(id);
    response.json({ objectType: 'Activity', id, ...(definition ? { definition } : {}) });
  }
}
