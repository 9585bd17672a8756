import { Injectable } from '@nestjs/common';
import type { ReleaseView } from '#protocol/api/procedures';
import { UserId } from '#protocol/ids';
import { CID, decodeBlock, encodeBlock } from '#protocol/journal/index';
import {
  check,
  decodeRelease,
  encodeRelease,
  isReleasable,
  Procedure,
  statementOf,
  type ReleaseManifest,
} from '#protocol/procedures/index';
import { AssetStore } from '../assets/index.ts';
import { HALL, IdentityKeys, People, signerOf, type Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { problems } from './problems.ts';
import type { ProcedureTables } from './procedures.migrations.ts';
import type { Draft } from './procedures.service.ts';

/** A statement that a wallet signs must be used before this is over, ms. */
const STATEMENT_MS = 15 * 60_000;

export interface ReleaseOptions {
  readonly note: string;
  /** Of the statement that was signed. */
  readonly releasedAt?: number | undefined;
  readonly signature?: string | undefined;
  /** Nobody releases their own work. */
  readonly secondPerson: boolean;
}

export interface Released {
  readonly cid: string;
  readonly project: string;
  readonly manifest: ReleaseManifest;
  readonly procedure: Procedure;
  /** The procedure's own block. */
  readonly bytes: Uint8Array;
}

/** A release that was made just now. */
export interface NewRelease {
  readonly cid: string;
  readonly project: string;
  /** Of the procedure: all its releases have it. */
  readonly line: string;
}

/** Which release of its procedure a document is, and which is the newest by now. */
export interface PlaceOfRelease {
  readonly release: string;
  readonly line: string;
  readonly number: number;
  readonly newest: { readonly release: string; readonly number: number };
}

/** From a draft that somebody reviewed to a signed manifest on IPFS. What was released never changes. */
@Injectable()
export class Releases {
  constructor(
    private readonly database: Database,
    private readonly assets: AssetStore,
    private readonly keys: IdentityKeys,
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  private readonly listeners = new Set<(release: NewRelease) => void>();

  /** Calls the listener for each release that is made in this process; returns what stops it. */
  onRelease(listener: (release: NewRelease) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Of a procedure by its id. */
  async newestOf(line: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('procedure_release')
      .select('cid')
      .where('draft', '=', line)
      .orderBy('release', 'desc')
      .executeTakeFirst();
    return row?.cid ?? null;
  }

  /** What a reviewer with a wallet signs; good for 15 minutes. */
  async statement(draft: Draft, reviewer: Person, note: string) {
    return statementOf(await this.unsigned(draft, reviewer, note, this.clock.nowMs()));
  }

  async release(draft: Draft, reviewer: Person, options: ReleaseOptions): Promise<ReleaseView> {
    if (draft.version === draft.releasedVersion) throw problems.nothingNew();
    if (options.secondPerson && draft.authors.includes(reviewer.id)) throw problems.secondPerson();
    const findings = check(draft.procedure);
    if (!isReleasable(findings))
      throw problems.notReleasable([
        ...new Set(findings.filter(({ severity }) => severity === 'error').map(({ key }) => key)),
      ]);
    const nowMs = this.clock.nowMs();
    const { releasedAt = nowMs } = options;
    const isInTime = releasedAt <= nowMs && nowMs - releasedAt <= STATEMENT_MS;
    if (!isInTime) throw problems.badSignature();
    const manifest = await this.unsigned(draft, reviewer, options.note, releasedAt);
    const missing: string[] = [];
    for (const cid of manifest.media) if (!(await this.assets.has(cid))) missing.push(`${cid}`);
    if (missing.length > 0) throw problems.missingMedia(missing);
    const signed = { ...manifest, signature: await this.sign(manifest, reviewer, options.signature) };
    return this.keep(draft, signed);
  }

  /** Samples come with the hall: it stands for them, and has no key to sign with. */
  async releaseSample(draft: Draft): Promise<ReleaseView> {
    return this.keep(draft, await this.unsigned(draft, HALL, '', this.clock.nowMs()));
  }

  /** A release with its document, both checked against their addresses. Throws `procedures.no_such_release`. */
  async get(cid: string): Promise<Released> {
    const row = await this.db
      .selectFrom('procedure_release')
      .innerJoin('procedure_draft', 'procedure_draft.id', 'procedure_release.draft')
      .select(['procedure_release.procedure', 'procedure_draft.project'])
      .where('procedure_release.cid', '=', cid)
      .executeTakeFirst();
    if (!row) throw problems.noSuchRelease(cid);
    const manifest = decodeRelease(await this.assets.getBlock(cid));
    const bytes = await this.assets.getBlock(row.procedure);
    return { cid, project: row.project, manifest, procedure: Procedure.parse(decodeBlock(bytes)), bytes };
  }

  /** Newest first. */
  async viewsOf(draft: string): Promise<ReleaseView[]> {
    const rows = await this.db
      .selectFrom('procedure_release')
      .select('cid')
      .where('draft', '=', draft)
      .orderBy('release', 'desc')
      .execute();
    return Promise.all(rows.map(async ({ cid }) => viewOf(cid, decodeRelease(await this.assets.getBlock(cid)))));
  }

  /** Where releases stand among those of their procedures, by the CID of the document. */
  async placesOf(procedures: readonly string[]): Promise<ReadonlyMap<string, PlaceOfRelease>> {
    if (procedures.length === 0) return new Map();
    const own = await this.db
      .selectFrom('procedure_release')
      .select(['cid', 'draft', 'release', 'procedure'])
      .where('procedure', 'in', [...procedures])
      .orderBy('release')
      .execute();
    if (own.length === 0) return new Map();
    const newest = await this.db
      .selectFrom('procedure_release')
      .distinctOn('draft')
      .select(['cid', 'draft', 'release'])
      .where(
        'draft',
        'in',
        own.map(({ draft }) => draft),
      )
      .orderBy('draft')
      .orderBy('release', 'desc')
      .execute();
    const newestOf = new Map(newest.map(({ cid, draft, release }) => [draft, { release: cid, number: release }]));
    return new Map(
      own.map(({ cid, draft, release, procedure }) => [
        procedure,
        { release: cid, line: draft, number: release, newest: newestOf.get(draft)! },
      ]),
    );
  }

  /** Which procedure a released document belongs to, by the document's CID. */
  async linesOf(procedures: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (procedures.length === 0) return new Map();
    const rows = await this.db
      .selectFrom('procedure_release')
      .select(['draft', 'procedure'])
      .where('procedure', 'in', [...procedures])
      .execute();
    return new Map(rows.map(({ draft, procedure }) => [procedure, draft]));
  }

  /** The document of one release by its number, for comparing. */
  async procedureOf(draft: string, release: number): Promise<Procedure> {
    const row = await this.db
      .selectFrom('procedure_release')
      .select('procedure')
      .where('draft', '=', draft)
      .where('release', '=', release)
      .executeTakeFirst();
    if (!row) throw problems.noSuchRelease(String(release));
    return Procedure.parse(decodeBlock(await this.assets.getBlock(row.procedure)));
  }

  private async unsigned(draft: Draft, reviewer: Person, note: string, releasedAt: number): Promise<ReleaseManifest> {
    const last = await this.db
      .selectFrom('procedure_release')
      .select(['cid', 'release'])
      .where('draft', '=', draft.id)
      .orderBy('release', 'desc')
      .limit(1)
      .executeTakeFirst();
    const names = await this.people.namesOf(draft.authors);
    const media = new Set(draft.procedure.workplace.media.flatMap(({ cid }) => cid ?? []));
    return {
      format: 'workhall.procedure',
      version: 1,
      project: draft.project,
      line: draft.id,
      title: draft.procedure.title,
      procedure: encodeBlock(draft.procedure).cid,
      release: (last?.release ?? 0) + 1,
      previous: last ? CID.parse(last.cid) : null,
      media: [...media].map((cid) => CID.parse(cid)),
      authors: draft.authors.map((id) => ({ id: UserId.parse(id), name: names.get(id) ?? id })),
      reviewer: { id: reviewer.id, name: reviewer.name },
      note,
      releasedAt,
      signature: null,
    };
  }

  private async sign(
    manifest: ReleaseManifest,
    reviewer: Person,
    given: string | undefined,
  ): Promise<ReleaseManifest['signature']> {
    const statement = statementOf(manifest);
    if (reviewer.walletAddress !== null) {
      if (given === undefined) throw problems.wantsSignature();
      if (signerOf(statement, given) !== reviewer.walletAddress) throw problems.badSignature();
      return { address: reviewer.walletAddress, signature: given.toLowerCase() };
    }
    await this.keys.make(reviewer.id);
    return this.keys.signTypedData(reviewer.id, statement.domain, statement.types, statement.value);
  }

  private async keep(draft: Draft, manifest: ReleaseManifest): Promise<ReleaseView> {
    const document = encodeBlock(draft.procedure);
    const block = encodeRelease(manifest);
    await this.assets.putBlock(document.cid, document.bytes);
    await this.assets.putBlock(block.cid, block.bytes);
    await this.assets.pin(block.cid);
    const cid = `${block.cid}`;
    await this.database.transaction<void, ProcedureTables>(async (transaction) => {
      const taken = await transaction
        .updateTable('procedure_draft')
        .set({ released_version: draft.version, authors: [] })
        .where('id', '=', draft.id)
        .where('version', '=', draft.version)
        .executeTakeFirst();
      if (taken.numUpdatedRows === 0n) throw problems.stale(draft.version, draft.version + 1);
      await transaction
        .insertInto('procedure_release')
        .values({
          cid,
          draft: draft.id,
          release: manifest.release,
          procedure: `${document.cid}`,
          released_at: new Date(manifest.releasedAt),
        })
        .execute();
    });
    for (const listener of this.listeners) listener({ cid, project: manifest.project, line: manifest.line });
    return viewOf(cid, manifest);
  }

  private get db() {
    return this.database.of<ProcedureTables>();
  }
}

/** The signature is checked each time it is told. */
function viewOf(cid: string, manifest: ReleaseManifest): ReleaseView {
  const { signature, procedure, release, title, reviewer, authors, note, releasedAt } = manifest;
  const signer = signature && signerOf(statementOf(manifest), signature.signature);
  return {
    cid,
    procedure: `${procedure}`,
    release,
    title,
    reviewer,
    authors,
    note,
    releasedAt,
    signedBy: signature && signer === signature.address ? signer : null,
  };
}
