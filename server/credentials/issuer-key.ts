import { ed25519 } from '@noble/curves/ed25519.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { didOfKey } from '#protocol/credentials/multikey';
import { MasterKey } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import { DataFolder } from '../platform/processes/index.ts';
import type { CredentialTables } from './credentials.migrations.ts';

/** Bound into the seal: a row of another table does not open as this key. */
const OWNER = 'credential-issuer';
const SEED_BYTES = 32;

export interface Signer {
  readonly did: string;
  readonly privateKey: Uint8Array;
}

/**
 * The hall's own signing key, made at the first certificate and kept like the keys of people: sealed with the master key,
 * in the database that all processes of the hall share. It signs certificates and status lists, nothing else.
 */
@Injectable()
export class IssuerKey implements OnModuleInit {
  private master!: MasterKey;
  private opened?: Promise<Signer>;

  constructor(
    private readonly database: Database,
    private readonly folder: DataFolder,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.master = MasterKey.open(this.folder.folder('secrets'), this.config.tree.masterKey);
  }

  get name(): string {
    return this.config.tree.hallName;
  }

  /** The key that signs now. */
  signer(): Promise<Signer> {
    this.opened ??= this.open().catch((thrown: unknown) => {
      this.opened = undefined;
      throw thrown;
    });
    return this.opened;
  }

  /** Keys of earlier days, whose certificates are ours as well. */
  async formerDids(): Promise<string[]> {
    const rows = await this.db.selectFrom('credential_key').select('did').where('is_active', '=', false).execute();
    return rows.map(({ did }) => did);
  }

  private async open(): Promise<Signer> {
    return (
      (await this.find()) ?? this.database.locked('credential-issuer', async () => (await this.find()) ?? this.make())
    );
  }

  private async find(): Promise<Signer | null> {
    const row = await this.db
      .selectFrom('credential_key')
      .select(['did', 'sealed'])
      .where('is_active', '=', true)
      .executeTakeFirst();
    return row ? { did: row.did, privateKey: this.master.unseal(row.sealed, OWNER) } : null;
  }

  private async make(): Promise<Signer> {
    const privateKey = randomBytes(SEED_BYTES);
    const did = didOfKey(ed25519.getPublicKey(privateKey));
    const sealed = this.master.seal(privateKey, OWNER);
    const created_at = new Date(this.clock.nowMs());
    await this.db.insertInto('credential_key').values({ did, sealed, created_at, is_active: true }).execute();
    return { did, privateKey };
  }

  private get db() {
    return this.database.of<CredentialTables>();
  }
}
