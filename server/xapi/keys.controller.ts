import { Body, Controller, Delete, Get, Header, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ProjectId } from '#protocol/ids';
import { XAPI_VERSIONS } from '#protocol/xapi/index';
import { Memberships } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { compartmentOf } from './compartment.ts';
import { XapiKeys, type Key } from './keys.service.ts';
import { problems } from './problems.ts';
import { SCOPES } from './scopes.ts';

const DAY_MS = 24 * 3_600_000;
const OfProject = z.object({ id: ProjectId });
const OfKey = z.object({ id: ProjectId, key: z.string().max(64) });
const KeyNew = z.object({
  title: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1),
  version: z.enum(XAPI_VERSIONS).optional().meta({ description: 'Of answers to requests that name none' }),
  days: z.number().int().min(1).max(3650).optional().meta({ description: 'Until it ends by itself' }),
});
const KeyTold = z.object({
  id: z.string(),
  title: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  version: z.enum(XAPI_VERSIONS),
  madeBy: z.string(),
  createdAtMs: z.number(),
  expiresAtMs: z.number().nullable(),
  lastUsedAtMs: z.number().nullable(),
  isRevoked: z.boolean(),
});
const KeyMade = z.object({ key: KeyTold, secret: z.string().meta({ description: 'Told once' }) });
const KeyList = z.object({ keys: z.array(KeyTold) });

/** Keys of a project, for its owners. Those of the hall are made on its own machine: `npx workhall xapi-key`. */
@Controller('api/projects/:id/xapi-keys')
export class KeysController {
  constructor(
    private readonly keys: XapiKeys,
    private readonly memberships: Memberships,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Header('cache-control', 'no-store')
  @Endpoint({
    summary: 'Make a key for an xAPI client; its secret is told once',
    access: 'session',
    params: OfProject,
    body: KeyNew,
    response: KeyMade,
  })
  async make(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { title, scopes, version, days }: z.infer<typeof KeyNew>,
    @CurrentPerson() person: Person,
  ): Promise<{ key: Key; secret: string }> {
    await this.requireOwner(id, person);
    return this.keys.make({
      compartment: compartmentOf(id),
      title,
      scopes,
      madeBy: person.id,
      ...(version ? { version } : {}),
      ...(days ? { expiresAtMs: this.clock.nowMs() + days * DAY_MS } : {}),
    });
  }

  @Get()
  @Endpoint({
    summary: 'Keys of xAPI clients, revoked ones too',
    access: 'session',
    params: OfProject,
    response: KeyList,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person): Promise<{ keys: Key[] }> {
    await this.requireOwner(id, person);
    return { keys: await this.keys.list(compartmentOf(id)) };
  }

  @Delete(':key')
  @Endpoint({
    summary: 'Revoke a key: worthless from this moment; what it stored stays',
    access: 'session',
    params: OfKey,
    response: z.object({}),
  })
  async revoke(@Param() { id, key }: z.infer<typeof OfKey>, @CurrentPerson() person: Person): Promise<object> {
    await this.requireOwner(id, person);
    await this.keys.revoke(compartmentOf(id), key);
    return {};
  }

  private async requireOwner(project: ProjectId, person: Person): Promise<void> {
    if ((await this.memberships.roleIn(project, person.id)) !== 'owner') throw problems.notOwner();
  }
}
