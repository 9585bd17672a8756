import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Member } from '#protocol/api/projects';
import { UserId, type ProjectId } from '#protocol/ids';
import { DemoRole, ROLES, type Role } from '#protocol/permissions/index';
import { People } from '../identity/index.ts';
import { Database } from '../platform/database/index.ts';
import type { DesignTables } from './design.migrations.ts';
import { problems } from './problems.ts';
import { RoleChanges } from './role-changes.ts';
import { RoomPlaces } from './room-place.store.ts';

/** Of everybody who is signed in, until they try on another. */
export const ROLE_IN_DEMO: Role = 'designer';

/** Who has which role in a project. At least one owner stays. */
@Injectable()
export class Memberships {
  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly places: RoomPlaces,
    private readonly changes: RoleChanges,
  ) {}

  /** Null where somebody has no business. */
  async roleIn(project: string, user: string): Promise<Role | null> {
    const row = await this.db
      .selectFrom('project')
      .leftJoin('membership', (join) => join.onRef('membership.project', '=', 'project.id').on('person', '=', user))
      .select(['membership.role', 'is_demo'])
      .where('project.id', '=', project)
      .executeTakeFirst();
    if (!row) throw problems.noSuchProject(project);
    return row.role ?? (row.is_demo ? ROLE_IN_DEMO : null);
  }

  async list(project: string): Promise<z.infer<typeof Member>[]> {
    const rows = await this.db
      .selectFrom('membership')
      .select(['person', 'role'])
      .where('project', '=', project)
      .execute();
    const names = await this.people.namesOf(rows.map((row) => row.person));
    return rows
      .map((row) => ({ user: UserId.parse(row.person), name: names.get(row.person) ?? '?', role: row.role }))
      .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || a.name.localeCompare(b.name));
  }

  async ownersOf(project: string): Promise<z.infer<typeof Member>[]> {
    return (await this.list(project)).filter(({ role }) => role === 'owner');
  }

  /** Joins, or rises to the role; an invitation never takes rights away. Returns the role held afterwards. */
  async join(project: ProjectId, user: UserId, role: Role): Promise<Role> {
    const current = await this.db
      .selectFrom('membership')
      .select('role')
      .where('project', '=', project)
      .where('person', '=', user)
      .executeTakeFirst();
    if (current && ROLES.indexOf(current.role) <= ROLES.indexOf(role)) return current.role;
    await this.db
      .insertInto('membership')
      .values({ project, person: user, role })
      .onConflict((conflict) => conflict.columns(['project', 'person']).doUpdateSet({ role }))
      .execute();
    await this.tell(project, user);
    return role;
  }

  /**
   * In the demo people try roles on by themselves: a supervisor is needed there, and nobody is at hand who could make one.
   * What an owner gave stays. Throws `design.not_the_demo`, `design.role_given`.
   */
  async tryOn(project: ProjectId, isDemo: boolean, user: UserId, role: DemoRole): Promise<void> {
    if (!isDemo) throw problems.notTheDemo();
    const current = await this.roleIn(project, user);
    if (!DemoRole.safeParse(current).success) throw problems.roleGiven(current!);
    await this.db
      .insertInto('membership')
      .values({ project, person: user, role })
      .onConflict((conflict) => conflict.columns(['project', 'person']).doUpdateSet({ role }))
      .execute();
    await this.tell(project, user);
  }

  /** `role` null removes the member. Throws `design.no_such_member`, `design.last_owner`. */
  async setRole(project: ProjectId, user: UserId, role: Role | null): Promise<void> {
    await this.database.transaction<void, DesignTables>(async (transaction) => {
      // Locks the project's rows, so that two owners cannot demote each other at the same time.
      const rows = await transaction
        .selectFrom('membership')
        .select(['person', 'role'])
        .where('project', '=', project)
        .orderBy('person')
        .forUpdate()
        .execute();
      if (!rows.some((row) => row.person === user)) throw problems.noSuchMember(user);
      const keepsOwner = role === 'owner' || rows.some((row) => row.role === 'owner' && row.person !== user);
      if (!keepsOwner) throw problems.lastOwner();
      const mine = { project, person: user };
      if (role === null)
        await transaction
          .deleteFrom('membership')
          .where('project', '=', mine.project)
          .where('person', '=', mine.person)
          .execute();
      else
        await transaction
          .updateTable('membership')
          .set({ role })
          .where('project', '=', mine.project)
          .where('person', '=', mine.person)
          .execute();
    });
    await this.tell(project, user);
  }

  /** A role in a project is also a role in its design room and in the rooms of its briefs. */
  private async tell(project: ProjectId, user: UserId): Promise<void> {
    const row = await this.db.selectFrom('project').select('room').where('id', '=', project).executeTakeFirstOrThrow();
    const rooms = [await this.places.get(row.room), ...(await this.places.briefsOf(project))];
    for (const { room } of rooms) this.changes.tell(room, user);
  }

  private get db() {
    return this.database.of<DesignTables>();
  }
}
