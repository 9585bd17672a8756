import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { UserId } from '#protocol/ids';
import { Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { IdentityTables } from './identity.migrations.ts';
import { HALL, type Person } from './person.ts';
import { problems } from './problems.ts';

const UNIQUE_VIOLATION = '23505';

@Injectable()
export class People {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
  ) {}

  async create(name: string, walletAddress: string | null = null): Promise<Person> {
    const row = { id: this.ids.next(), name, wallet_address: walletAddress };
    await this.unlessTaken(walletAddress, this.db.insertInto('person').values(row).execute());
    return { id: UserId.parse(row.id), name, walletAddress };
  }

  async find(id: string): Promise<Person | null> {
    const row = await this.db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toPerson(row) : null;
  }

  async get(id: string): Promise<Person> {
    const person = await this.find(id);
    if (!person) throw problems.unknownPerson(id);
    return person;
  }

  async findByWallet(address: string): Promise<Person | null> {
    const row = await this.db.selectFrom('person').selectAll().where('wallet_address', '=', address).executeTakeFirst();
    return row ? toPerson(row) : null;
  }

  /** Whom the hall made this key for, with or without a wallet since. EIP-55 spelling. */
  async findByHallKey(address: string): Promise<Person | null> {
    const row = await this.db
      .selectFrom('person')
      .innerJoin('server_key', 'server_key.person', 'person.id')
      .selectAll('person')
      .where('server_key.address', '=', address)
      .executeTakeFirst();
    return row ? toPerson(row) : null;
  }

  /** Names by id, the hall's own among them; unknown ids are left out. */
  async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db
      .selectFrom('person')
      .select(['id', 'name'])
      .where('id', 'in', [...ids])
      .execute();
    return new Map([[HALL.id, HALL.name], ...rows.map((row): [string, string] => [row.id, row.name])]);
  }

  async rename(id: string, name: string): Promise<Person> {
    await this.db.updateTable('person').set({ name }).where('id', '=', id).execute();
    return this.get(id);
  }

  /** Gives a guest a wallet. Throws `identity.wallet_taken` when another account has it. */
  async linkWallet(id: string, address: string): Promise<Person> {
    await this.unlessTaken(
      address,
      this.db.updateTable('person').set({ wallet_address: address }).where('id', '=', id).execute(),
    );
    return this.get(id);
  }

  private async unlessTaken(address: string | null, write: Promise<unknown>): Promise<void> {
    try {
      await write;
    } catch (thrown) {
      if (address !== null && (thrown as { code?: string }).code === UNIQUE_VIOLATION)
        throw problems.walletTaken(address);
      throw thrown;
    }
  }

  private get db() {
    return this.database.of<IdentityTables>();
  }
}

function toPerson(row: Selectable<IdentityTables['person']>): Person {
  return { id: UserId.parse(row.id), name: row.name, walletAddress: row.wallet_address };
}
