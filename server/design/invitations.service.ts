import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Invitation, InvitationAccepted, InvitationTold } from '#protocol/api/projects';
import { ProjectId, RoomId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';
import { People, type Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { DesignTables } from './design.migrations.ts';
import { Memberships } from './memberships.service.ts';
import { problems } from './problems.ts';
import { hashOf, newToken, TOKEN_FORM } from './token.ts';

const INVITATION_MS = 30 * 24 * 3_600_000;

export interface InvitationLine {
  /** Names the invitation without opening it. */
  id: string;
  role: Role;
  expiresAt: number;
  uses: number;
}

/** Links that make somebody a member. The link itself is shown once; the database keeps its hash. */
@Injectable()
export class Invitations {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly memberships: Memberships,
    private readonly people: People,
  ) {}

  async create(project: ProjectId, inviter: Person, role: Role): Promise<z.infer<typeof Invitation>> {
    const token = newToken();
    await this.db
      .insertInto('invitation')
      .values({
        token_hash: hashOf(token),
        project,
        role,
        created_by: inviter.id,
        expires_at: new Date(this.clock.nowMs() + INVITATION_MS),
        revoked_at: null,
      })
      .execute();
    return { token, role, path: `/join/${token}` };
  }

  async list(project: ProjectId): Promise<InvitationLine[]> {
    const rows = await this.open().where('project', '=', project).orderBy('expires_at', 'desc').execute();
    return rows.map((row) => ({
      id: row.token_hash.toString('base64url'),
      role: row.role,
      expiresAt: row.expires_at.getTime(),
      uses: row.uses,
    }));
  }

  /** For whoever holds the link, before they sign in: enough to decide whether to come. */
  async tell(token: string): Promise<InvitationTold> {
    const row = await this.find(token);
    const [{ title }, names] = await Promise.all([
      this.db.selectFrom('project').select('title').where('id', '=', row.project).executeTakeFirstOrThrow(),
      this.people.namesOf([row.created_by]),
    ]);
    return {
      project: title,
      inviter: names.get(row.created_by) ?? '',
      role: row.role,
      expiresAt: row.expires_at.getTime(),
    };
  }

  async accept(token: string, person: Person): Promise<z.infer<typeof InvitationAccepted>> {
    const row = await this.find(token);
    const project = ProjectId.parse(row.project);
    const role = await this.memberships.join(project, person.id, row.role);
    await this.db
      .updateTable('invitation')
      .set(({ eb }) => ({ uses: eb('uses', '+', 1) }))
      .where('token_hash', '=', row.token_hash)
      .execute();
    const { room } = await this.db
      .selectFrom('project')
      .select('room')
      .where('id', '=', project)
      .executeTakeFirstOrThrow();
    return { project, room: RoomId.parse(room), role };
  }

  /** `invitation`: its id from the list, or the token itself. */
  async revoke(project: ProjectId, invitation: string): Promise<void> {
    const { numUpdatedRows } = await this.db
      .updateTable('invitation')
      .set({ revoked_at: new Date(this.clock.nowMs()) })
      .where('project', '=', project)
      .where('token_hash', 'in', [hashOf(invitation), Buffer.from(invitation, 'base64url')])
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw problems.invitationUnknown();
  }

  /** Throws what is the matter with the link: unknown, taken back or expired. */
  private async find(token: string) {
    const row = TOKEN_FORM.test(token)
      ? await this.db.selectFrom('invitation').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst()
      : undefined;
    if (!row) throw problems.invitationUnknown();
    if (row.revoked_at) throw problems.invitationTakenBack();
    if (row.expires_at.getTime() <= this.clock.nowMs()) throw problems.invitationExpired();
    return row;
  }

  private open() {
    const now = new Date(this.clock.nowMs());
    return this.db.selectFrom('invitation').selectAll().where('revoked_at', 'is', null).where('expires_at', '>', now);
  }

  private get db() {
    return this.database.of<DesignTables>();
  }
}
