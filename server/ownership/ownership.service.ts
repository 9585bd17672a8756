import { Injectable, type OnModuleInit } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { HistoryLine, RevisionNew, RevisionView, VerifyReport } from '#protocol/api/ownership';
import type { RevisionSummary } from '#protocol/api/projects';
import { CidText, type ProjectId } from '#protocol/ids';
import { WorkhallError } from '#protocol/errors';
import { CID } from '#protocol/journal/block';
import { openEntry } from '#protocol/journal/entry';
import {
  decodeManifest,
  digestOfManifest,
  manifestOfDigest,
  type RevisionManifest,
} from '#protocol/ownership/manifest';
import { mintTypedData } from '#protocol/ownership/mint-terms';
import { verifyToken, type Check } from '#protocol/ownership/verify';
import { may } from '#protocol/permissions/index';
import { AssetStore } from '../assets/index.ts';
import { Memberships, Projects, RevisionShelf, RoomAccess } from '../design/index.ts';
import { Clock } from '../platform/clock/index.ts';
import type { Person } from '../identity/index.ts';
import { HallChain } from './hall-chain.service.ts';
import { problems } from './problems.ts';
import { PublicationService } from './publication.service.ts';
import { RevisionStore, type RevisionRecord } from './revision.store.ts';
import type { TokenPage } from './revisions.chain.ts';
import { SigningService, type Offering } from './signing.service.ts';

type View = z.input<typeof RevisionView>;
type Contributor = View['contributors'][number];

/** Verifications that may wait for their turn; each is seconds of work. */
const MAX_WAITING = 4;

/** Revisions and their tokens, as the page, the API and other domains see them. */
@Injectable()
export class OwnershipService implements OnModuleInit {
  private verifying: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly publications: PublicationService,
    private readonly signing: SigningService,
    private readonly revisions: RevisionStore,
    private readonly assets: AssetStore,
    private readonly chain: HallChain,
    private readonly access: RoomAccess,
    private readonly projects: Projects,
    private readonly memberships: Memberships,
    private readonly shelf: RevisionShelf,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.shelf.use((project) => this.summaries(project));
  }

  /** What is in the room now, as a revision. The token will belong to its publisher, if an owner. */
  async publish(room: string, person: Person, revision: z.output<typeof RevisionNew>): Promise<View> {
    const { place } = await this.access.require(room, person, 'revision.publish');
    const project = await this.projects.get(place.project);
    const owners = await this.memberships.ownersOf(project.id);
    const owner = owners.find(({ user }) => user === person.id) ?? owners[0];
    const cid = await this.publications.publish({
      ...revision,
      room: place.room,
      project: { id: project.id, title: project.title },
      tokenOwner: owner?.user ?? person.id,
      publisher: { id: person.id, name: person.name },
    });
    // The hall shows a project as it was published last.
    if (place.purpose === 'project') await this.projects.patch(project.id, { picture: revision.picture });
    return this.view(cid, person);
  }

  async view(cid: string, person: Person | null): Promise<View> {
    const [record, manifest] = await Promise.all([this.revisions.find(cid), this.manifest(cid)]);
    const state = await this.stateOf(cid, record, manifest);
    const signed = new Map(state.offering?.signatures.map(({ account, signedAt }) => [account, signedAt.getTime()]));
    const isSigned = (state.offering?.signers ?? []).every((account) => signed.has(account));
    return {
      cid,
      project: { ...manifest.project, mayOpen: await this.mayOpen(manifest.project.id, person) },
      room: manifest.room,
      title: manifest.title,
      notes: manifest.notes,
      licence: manifest.licence,
      createdAt: manifest.createdAt,
      picture: manifest.thumbnail.toString(),
      stateHash: manifest.stateHash,
      journal: { head: manifest.journal.head.toString(), length: manifest.journal.length },
      files: manifest.files.map(({ cid: file, ...rest }) => ({ cid: file.toString(), ...rest })),
      contributors: manifest.contributors.map((one): Contributor => ({
        ...one,
        signedAt: signed.get(one.address.toLowerCase()) ?? (state.token?.unanimous ? state.token.mintedAt : null),
        isMe: one.user === person?.id,
      })),
      parents: await this.parentsOf(manifest),
      typedData:
        state.offering && !state.token ? mintTypedData(state.offering.contract.domain, state.offering.terms) : null,
      canMint: !state.token && state.offering !== null && isSigned && (await this.mayMint(manifest, person)),
      token: state.token && state.contract ? tokenView(state.token, state.contract, record) : null,
      chainProblem: state.problem,
    };
  }

  async sign(cid: string, person: Person, address: string, signature: string): Promise<View> {
    const { record, manifest } = await this.known(cid);
    await this.signing.sign(record, manifest, address, signature);
    return this.view(cid, person);
  }

  async signWithServerKey(cid: string, person: Person): Promise<View> {
    const { record, manifest } = await this.known(cid);
    await this.signing.signFor(person, record, manifest);
    return this.view(cid, person);
  }

  async mint(cid: string, person: Person): Promise<View> {
    const { record, manifest } = await this.known(cid);
    if (!(await this.mayMint(manifest, person))) throw problems.notPermitted();
    await this.signing.mint(record, manifest);
    return this.view(cid, person);
  }

  async tokenView(tokenId: string, person: Person | null): Promise<View> {
    const token = await (await this.chain.contract()).token(tokenId);
    if (!token) throw problems.noToken(tokenId);
    return this.view(manifestOfDigest(token.manifestDigest).toString(), person);
  }

  /** Newest last; entries of this revision's own room. Reads blocks, so it works for what other halls published too. */
  async history(cid: string): Promise<z.input<typeof HistoryLine>[]> {
    const manifest = await this.manifest(cid);
    const lines: z.input<typeof HistoryLine>[] = [];
    for (let at: CID | null = manifest.journal.head; at !== null && lines.length < manifest.journal.length;) {
      const { entry } = openEntry(await this.assets.getBlock(at));
      lines.push({ seq: entry.seq, at: entry.at, author: entry.author.name, type: entry.type, cid: at.toString() });
      at = entry.prev;
    }
    return lines.reverse();
  }

  /** The same proof as `workhall verify`, with this hall's own chain and blocks. One at a time. */
  async verify(tokenId: string, onCheck?: (check: Check) => void): Promise<z.input<typeof VerifyReport>> {
    if (this.waiting >= MAX_WAITING) throw problems.busy();
    this.waiting++;
    const turn = this.verifying.then(() => this.verifyNow(tokenId, onCheck));
    this.verifying = turn.catch(() => undefined);
    return turn.finally(() => this.waiting--);
  }

  private async summaries(project: ProjectId): Promise<RevisionSummary[]> {
    const records = await this.revisions.ofProject(project);
    return Promise.all(
      records.map(async (record) => ({
        cid: CidText.parse(record.cid),
        title: record.title,
        createdAt: record.createdAt.getTime(),
        picture: CidText.parse(record.picture),
        tokenId: record.tokenId,
        signedCount: (await this.revisions.signatures(record.cid)).length,
        contributorCount: record.contributorCount,
      })),
    );
  }

  private async verifyNow(tokenId: string, onCheck?: (check: Check) => void): Promise<z.input<typeof VerifyReport>> {
    const contract = await this.chain.contract();
    const startedAt = this.clock.nowMs();
    const report = await verifyToken(tokenId, {
      blocks: (cid) => this.assets.getBlock(cid),
      token: (id) => contract.token(id),
      isSignedBy: (account, terms, signature) => contract.isSignedBy(account, terms, signature),
      pause: () => nextTurn(),
      onCheck,
    });
    return { ...report, checks: [...report.checks], tokenId, tookMs: this.clock.nowMs() - startedAt };
  }

  private async stateOf(cid: string, record: RevisionRecord | null, manifest: RevisionManifest): Promise<ChainState> {
    try {
      const contract = await this.chain.contract();
      const tokenId = await contract.tokenOf(digestOfManifest(CID.parse(cid)));
      const token = tokenId ? await contract.token(tokenId) : null;
      const offering = record && !token ? await this.signing.offering(record, manifest) : null;
      return { contract, token, offering, problem: null };
    } catch (thrown) {
      // Everything but the token is on IPFS and in the database: the page says why and shows the rest.
      if (!(thrown instanceof WorkhallError)) throw thrown;
      return { contract: null, token: null, offering: null, problem: thrown.message };
    }
  }

  private async manifest(cid: string): Promise<RevisionManifest> {
    try {
      return decodeManifest(await this.assets.getBlock(cid));
    } catch (thrown) {
      const isDamaged = thrown instanceof WorkhallError && thrown.problem.key === 'block_corrupt';
      throw isDamaged ? thrown : problems.noRevision(cid);
    }
  }

  private async known(cid: string): Promise<{ record: RevisionRecord; manifest: RevisionManifest }> {
    const record = await this.revisions.find(cid);
    if (!record) throw problems.noRevision(cid);
    return { record, manifest: await this.manifest(cid) };
  }

  private async parentsOf(manifest: RevisionManifest): Promise<View['parents']> {
    return Promise.all(
      manifest.parents.map(async ({ manifest: cid, tokenId }) => {
        const record = await this.revisions.find(cid.toString());
        return { manifest: cid.toString(), tokenId: tokenId ?? record?.tokenId ?? null, title: record?.title ?? null };
      }),
    );
  }

  /** Members, and everybody in the demo; false too where the project belongs to another hall. */
  private async mayOpen(project: ProjectId, person: Person | null): Promise<boolean> {
    if (!person) return false;
    try {
      return (await this.memberships.roleIn(project, person.id)) !== null;
    } catch (thrown) {
      if (thrown instanceof WorkhallError) return false;
      throw thrown;
    }
  }

  private async mayMint(manifest: RevisionManifest, person: Person | null): Promise<boolean> {
    const role = person ? await this.access.roleIn(manifest.room, person.id) : null;
    return role !== null && may(role, 'revision.mint');
  }
}

interface ChainState {
  readonly contract: Offering['contract'] | null;
  readonly token: TokenPage | null;
  readonly offering: Offering | null;
  readonly problem: string | null;
}

function tokenView(token: TokenPage, contract: Offering['contract'], record: RevisionRecord | null): View['token'] {
  return {
    tokenId: token.tokenId,
    owner: token.owner,
    contract: contract.address,
    chainId: contract.chainId,
    transaction: token.transaction ?? record?.transaction ?? '',
    mintedAt: token.mintedAt,
  };
}
