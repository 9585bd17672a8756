import { Injectable } from '@nestjs/common';
import { ProjectId } from '#protocol/ids';
import { identityOf, type Agent, type XapiVersion } from '#protocol/xapi/index';
import { Memberships } from '../design/index.ts';
import { Sessions } from '../identity/index.ts';
import { Config } from '../platform/config/index.ts';
import { CallerGuards, type CallerGuard } from './caller-guards.ts';
import { compartmentOf, type Compartment } from './compartment.ts';
import { agentOf, homeOf, XapiKeys } from './keys.service.ts';
import { problems } from './problems.ts';
import { isIncluded, scopeFor, type Need, type Scope } from './scopes.ts';

/** Who asks, and for whose statements. */
export interface Caller {
  readonly compartment: Compartment;
  readonly scopes: readonly Scope[];
  readonly authority: Agent;
  /** What an answer speaks when the request names no version. */
  readonly version: XapiVersion;
  /** Every statement that this caller sees is found by this text of `foundBy`; null: sees all. */
  readonly seesOnly: string | null;
  /** Of a key that another domain gave out and watches. */
  readonly guarded: { readonly key: string; readonly guard: CallerGuard } | null;
}

/**
 * A client's key decides by itself which compartment a request is about. A person of a project comes with the session
 * of the hall and names the project in the address: an owner reads everything there, everybody else what is told of
 * them, and nobody writes this way (what a room saw is recorded by the hall, not by the page).
 */
@Injectable()
export class Callers {
  private readonly home: string;

  constructor(
    private readonly keys: XapiKeys,
    private readonly sessions: Sessions,
    private readonly memberships: Memberships,
    private readonly guards: CallerGuards,
    config: Config,
  ) {
    this.home = homeOf(config);
  }

  /** Throws 401 for nobody we know; `project`: of the address `/xapi/projects/<id>/…`. */
  async of(authorization: string | undefined, project: string | undefined): Promise<Caller> {
    const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(authorization ?? '') ?? [];
    const caller =
      scheme.toLowerCase() === 'basic'
        ? await this.byKey(credentials, project)
        : scheme.toLowerCase() === 'bearer' && project !== undefined
          ? await this.bySession(credentials, project)
          : null;
    if (!caller) throw problems.notAuthorised();
    return caller;
  }

  private async byKey(credentials: string, project: string | undefined): Promise<Caller | null> {
    const text = Buffer.from(credentials, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 1) return null;
    const key = await this.keys.check(text.slice(0, colon), text.slice(colon + 1));
    if (!key || (project !== undefined && key.compartment !== `project/${project}`)) return null;
    const { compartment, scopes, authority, version } = key;
    const seesOnly = isIncluded(scopes, 'read') ? null : `authority ${identityOf(authority)}`;
    const guarded = key.guard === null ? null : { key: key.id, guard: this.guards.of(key.guard) };
    await guarded?.guard.admit(key.id);
    return { compartment, scopes, authority, version, seesOnly, guarded };
  }

  private async bySession(token: string, project: string): Promise<Caller | null> {
    const person = await this.sessions.personOf(token);
    const id = ProjectId.safeParse(project);
    if (!person || !id.success) return null;
    const role = await this.memberships.roleIn(id.data, person.id);
    if (role === null) return null;
    const authority = agentOf(this.home, person);
    return {
      compartment: compartmentOf(id.data),
      scopes: role === 'owner' ? ['all/read'] : ['statements/read/mine'],
      authority,
      version: '2.0.0',
      seesOnly: role === 'owner' ? null : `agent ${identityOf(authority)}`,
      guarded: null,
    };
  }
}

export function requireScope({ scopes }: Caller, need: Need): void {
  if (!isIncluded(scopes, need)) throw problems.outOfScope(scopeFor(need), scopes);
}
