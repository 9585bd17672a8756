import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stateHash, type Document } from '#protocol/document/index';
import { CID, type StoredEntry } from '#protocol/journal/index';
import type { ProjectId, RoomId, UserId } from '#protocol/ids';
import { CURRENT_RUBRIC } from '#protocol/ownership/rubric';
import { encodeManifest, type RevisionManifest } from '#protocol/ownership/manifest';
import { replayLineage } from '#protocol/ownership/journal-walk';
import { filesOf } from '#protocol/ownership/verify';
import { partsOf } from '#protocol/design/document';
import { AssetStore } from '../assets/index.ts';
import { IdentityKeys, People } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { HallChain } from './hall-chain.service.ts';
import { RevisionStore, type RevisionRecord } from './revision.store.ts';

/** What the caller (the domain that knows projects and has asked for the right) says of a revision to be. */
export interface Publication {
  readonly room: RoomId;
  readonly project: { readonly id: ProjectId; readonly title: string };
  /** Who gets the token: the owner of the project. */
  readonly tokenOwner: UserId;
  readonly publisher: { readonly id: UserId; readonly name: string };
  readonly title: string;
  readonly notes: string;
  readonly licence: string;
  /** CID of a stored picture. */
  readonly picture: string;
  /** Names of source files by CID, where the caller knows them. */
  readonly fileNames?: ReadonlyMap<string, string>;
}

const NOBODY = `0x${'0'.repeat(40)}`;
const READ_BATCH = 1_000;

interface LocalJournal {
  readonly room: RoomId;
  readonly entries: StoredEntry[];
}

/** Turns what is in a room's journal now into a revision on IPFS. */
@Injectable()
export class PublicationService {
  constructor(
    private readonly rooms: RoomHost,
    private readonly assets: AssetStore,
    private readonly keys: IdentityKeys,
    private readonly people: People,
    private readonly revisions: RevisionStore,
    private readonly chain: HallChain,
    private readonly clock: Clock,
  ) {}

  /** CID of the manifest. When this resolves, every block of the revision is stored and pinned. */
  async publish(publication: Publication): Promise<string> {
    const journals = await this.lineageOf(publication.room);
    const own = journals.at(-1)!;
    const { state, ledger } = await replayLineage(journals, () => nextTurn());
    await this.storeJournals(journals);

    const ancestors = journals.slice(0, -1).reverse();
    const previous = await this.revisions.newestOf(own.room, own.entries.length);
    const shares = ledger.shares(state.document, CURRENT_RUBRIC);
    const addresses = new Map<string, string>();
    for (const { user } of shares) addresses.set(user, await this.addressOf(user));
    const thumbnail = CID.parse(publication.picture);
    const manifest: RevisionManifest = {
      format: 'workhall.revision',
      version: 1,
      project: publication.project,
      room: publication.room,
      title: publication.title,
      notes: publication.notes,
      licence: publication.licence,
      createdAt: this.clock.nowMs(),
      publisher: publication.publisher,
      thumbnail,
      journal: { head: state.head, length: state.length, lineage: ancestors.map(pointOf) },
      stateHash: stateHash(state.document),
      files: await this.filesOf(state.document, thumbnail, publication.fileNames),
      contributors: shares.map((share) => ({
        user: share.user as UserId,
        name: share.name,
        address: addresses.get(share.user)!,
        shareBps: share.shareBps,
        points: share.points,
      })),
      shareRubric: CURRENT_RUBRIC,
      parents: await this.parentsOf(previous, journals),
      ...(previous ? { previous: CID.parse(previous.cid) } : {}),
    };
    const block = encodeManifest(manifest);
    await this.assets.putBlock(block.cid, block.bytes);
    await this.assets.pin(block.cid);
    await this.revisions.add({
      cid: block.cid.toString(),
      project: publication.project.id,
      room: publication.room,
      title: publication.title,
      picture: publication.picture,
      createdAt: new Date(manifest.createdAt),
      head: state.head.toString(),
      length: state.length,
      contributorCount: shares.length,
      tokenOwner: await this.addressOf(publication.tokenOwner),
    });
    await this.revisions.addContributors(block.cid.toString(), manifest.contributors);
    return block.cid.toString();
  }

  /** The room's journal and those it was forked from, oldest first. */
  private async lineageOf(room: RoomId): Promise<LocalJournal[]> {
    const journals: LocalJournal[] = [];
    let at: { room: RoomId; length: number } | undefined = { room, length: (await this.rooms.state(room)).length };
    while (at) {
      const entries = await this.read(at.room, at.length);
      journals.unshift({ room: at.room, entries });
      at = (entries[0]!.entry.payload as { fork?: { room: RoomId; length: number } }).fork;
    }
    return journals;
  }

  private async read(room: RoomId, length: number): Promise<StoredEntry[]> {
    const entries: StoredEntry[] = [];
    while (entries.length < length) {
      const batch = await this.rooms.entries(room, entries.length, Math.min(READ_BATCH, length - entries.length));
      if (batch.length === 0) throw new Error(`the journal of ${room} ends at ${entries.length}, not ${length}`);
      entries.push(...batch);
      await nextTurn();
    }
    return entries;
  }

  /**
   * Blocks of all journals, and of those that entries were taken over from, with what these were forked from: the links
   * of `via` lead there. A pinned earlier revision holds its part.
   */
  private async storeJournals(journals: readonly LocalJournal[]): Promise<void> {
    const origins = new Set<RoomId>();
    for (const { room, entries } of journals) {
      const stored = await this.revisions.newestOf(room, entries.length);
      await this.assets.putBlocks(entries.slice(stored?.length ?? 0));
      for (const { entry } of entries) if (entry.via) origins.add(entry.via.room);
    }
    for (const origin of origins)
      for (const { entries } of await this.lineageOf(origin)) await this.assets.putBlocks(entries);
  }

  private async filesOf(
    document: Document,
    thumbnail: CID,
    names: ReadonlyMap<string, string> = new Map(),
  ): Promise<RevisionManifest['files']> {
    const partNames = new Map<string, string>();
    for (const part of partsOf(document).values())
      if (part.shape?.kind === 'asset' && !partNames.has(part.shape.cid)) partNames.set(part.shape.cid, part.name);
    const files: RevisionManifest['files'] = [];
    for (const { cid, role } of [...filesOf(document), { cid: thumbnail.toString(), role: 'thumbnail' as const }]) {
      const fallback = role === 'shape' ? `${partNames.get(cid) ?? cid}.glb` : role === 'source' ? cid : 'picture';
      const size = await this.assets.fileSize(cid);
      files.push({ cid: CID.parse(cid), size, role, name: (names.get(cid) ?? fallback).slice(0, 500) });
    }
    return files;
  }

  /** The revision before this one, and the newest one that each ancestor had published where the fork left it. */
  private async parentsOf(
    previous: RevisionRecord | null,
    journals: readonly LocalJournal[],
  ): Promise<RevisionManifest['parents']> {
    const found = new Map<string, RevisionRecord>();
    if (previous) found.set(previous.cid, previous);
    for (const { room, entries } of journals.slice(0, -1)) {
      const parent = await this.revisions.newestOf(room, entries.length);
      if (parent) found.set(parent.cid, parent);
    }
    return [...found.values()].map(({ cid, tokenId }) => ({
      manifest: CID.parse(cid),
      ...(tokenId ? { tokenId } : {}),
    }));
  }

  /** The person's wallet or the key kept for them (made when there is none); work of nobody is held by the hall. */
  private async addressOf(user: string): Promise<string> {
    if (await this.people.find(user)) return (await this.keys.addressOf(user)) ?? this.keys.make(user);
    const contract = await this.chain.contract().catch(() => null);
    return contract?.hallAddress ?? NOBODY;
  }
}

const pointOf = ({ room, entries }: LocalJournal) => ({ room, head: entries.at(-1)!.cid, length: entries.length });
