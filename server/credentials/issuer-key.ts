import { ed25519 } from '@noble/curves/ed25519.js';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { didOfKey } from '#protocol/credentials/multikey';
import { MasterKey } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import { DataFolder } from '../platform/processes/index.ts';
import type { CredentialTables } from './credentials.migrations.ts';
import { problems } from './problems.ts';

/** Bound into the seal: a row of another table does not open as this key. */
const OWNER = 'credential-issuer';
const SEED_BYTES = 32;
const LOCK = 'credential-issuer';

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
  private readonly opened = new Map<string, Signer>();

  constructor(
    private readonly database: Database,
    @Inject(DataFolder) private readonly folder: Pick<DataFolder, 'folder'>,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.master = MasterKey.open(this.folder.folder('secrets'), this.config.tree.masterKey);
  }

  get name(): string {
    return this.config.tree.hallName;
  }

  /** The key that signs now: of all processes, also when another has changed it. */
  async signer(): Promise<Signer> {
    const did = await this.activeDid();
    return did === null ? this.database.locked(LOCK, () => this.firstOrMade()) : this.signerOf(did);
  }

  /** This key or one of earlier days: what it signed it goes on answering for. Throws `credentials.no_such_key`. */
  async signerOf(did: string): Promise<Signer> {
    const known = this.opened.get(did);
    if (known) return known;
    const row = await this.db.selectFrom('credential_key').select('sealed').where('did', '=', did).executeTakeFirst();
    if (!row) throw problems.noSuchKey(did);
    const signer = { did, privateKey: this.master.unseal(row.sealed, OWNER) };
    this.opened.set(did, signer);
    return signer;
  }

  /** From now on another key signs. Certificates of the former ones stay what they are, and can be taken back. */
  rotate(): Promise<Signer> {
    return this.database.locked(LOCK, () => this.make());
  }

  /** Newest first. */
  async list(): Promise<{ did: string; createdAtMs: number; isActive: boolean }[]> {
    const rows = await this.db
      .selectFrom('credential_key')
      .select(['did', 'created_at', 'is_active'])
      .orderBy('created_at', 'desc')
      .execute();
    return rows.map(({ did, created_at, is_active }) => ({
      ...{ did, createdAtMs: created_at.getTime() },
      isActive: is_active,
    }));
  }

  /** Keys of earlier days, whose certificates are ours as well. */
  async formerDids(): Promise<string[]> {
    const rows = await this.db.selectFrom('credential_key').select('did').where('is_active', '=', false).execute();
    return rows.map(({ did }) => did);
  }

  private async activeDid(): Promise<string | null> {
    const row = await this.db
      .selectFrom('credential_key')
      .select('did')
      .where('is_active', '=', true)
      .executeTakeFirst();
    return row?.did ?? null;
  }

  private async firstOrMade(): Promise<Signer> {
    const did = await this.activeDid();
    return did === null ? this.make() : this.signerOf(did);
  }

  private async make(): Promise<Signer> {
    const privateKey = randomBytes(SEED_BYTES);
    const did = didOfKey(ed25519.getPublicKey(privateKey));
    const sealed = this.master.seal(privateKey, OWNER);
    const created_at = new Date(this.clock.nowMs());
    await this.database.transaction<void, CredentialTables>(async (transaction) => {
      await transaction.updateTable('credential_key').set({ is_active: false }).where('is_active', '=', true).execute();
      await transaction.insertInto('credential_key').values({ did, sealed, created_at, is_active: true }).execute();
    });
    const signer = { did, privateKey };
    this.opened.set(did, signer);
    return signer;
  }

  private get db() {
    return this.database.of<CredentialTables>();
  }
}
