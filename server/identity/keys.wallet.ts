import { Injectable, type OnModuleInit } from '@nestjs/common';
import { getBytes, hexlify, Wallet, type TypedDataDomain, type TypedDataField } from 'ethers';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import { DataFolder } from '../platform/processes/index.ts';
import type { IdentityTables } from './identity.migrations.ts';
import { MasterKey } from './master-key.ts';
import { People } from './people.service.ts';
import { problems } from './problems.ts';

/**
 * Keys for people without a wallet: made here on their wish, sealed with the master key, exportable by their owner
 * alone. They only ever sign typed data that the hall itself composed (EIP-712), never transactions.
 */
@Injectable()
export class IdentityKeys implements OnModuleInit {
  private master!: MasterKey;

  constructor(
    private readonly database: Database,
    private readonly folder: DataFolder,
    private readonly people: People,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.master = MasterKey.open(this.folder.folder('secrets'), this.config.tree.masterKey);
  }

  /** The person's address: of the wallet, else of the key kept here, else null. EIP-55 spelling. */
  async addressOf(userId: string): Promise<string | null> {
    const person = await this.people.get(userId);
    return person.walletAddress ?? (await this.serverAddressOf(userId));
  }

  async serverAddressOf(userId: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('server_key')
      .select('address')
      .where('person', '=', userId)
      .executeTakeFirst();
    return row?.address ?? null;
  }

  /** Makes the key when the person has no address yet; the same key again when it is there. */
  async make(userId: string): Promise<string> {
    const person = await this.people.get(userId);
    if (person.walletAddress !== null) throw problems.hasAddress();
    const wallet = Wallet.createRandom();
    await this.db
      .insertInto('server_key')
      .values({
        person: userId,
        address: wallet.address,
        sealed: this.master.seal(getBytes(wallet.privateKey), userId),
      })
      .onConflict((conflict) => conflict.column('person').doNothing())
      .execute();
    return (await this.serverAddressOf(userId))!;
  }

  /** EIP-712 signature by the key kept for this person. Throws `identity.no_key` when there is none. */
  async signTypedData(
    userId: string,
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<{ address: string; signature: string }> {
    const wallet = await this.open(userId);
    return { address: wallet.address, signature: await wallet.signTypedData(domain, types, value) };
  }

  /** For the person's own eyes: callers pass the id of whoever is signed in, nothing else. */
  async exportFor(userId: string): Promise<{ address: string; privateKey: string }> {
    const wallet = await this.open(userId);
    return { address: wallet.address, privateKey: wallet.privateKey };
  }

  private async open(userId: string): Promise<Wallet> {
    const row = await this.db.selectFrom('server_key').select('sealed').where('person', '=', userId).executeTakeFirst();
    if (!row) throw problems.noKey();
    return new Wallet(hexlify(this.master.unseal(row.sealed, userId)));
  }

  private get db() {
    return this.database.of<IdentityTables>();
  }
}
