import { partsOf } from '../design/document.ts';
import { stateHash, type Document } from '../document/index.ts';
import { CID } from '../journal/block.ts';
import { openEntry } from '../journal/entry.ts';
import { contributorsRoot, shareHolders } from './contributor-tree.ts';
import { measureFile } from './file-walk.ts';
import { BlockProblem, checkedBlock, replayLineage, walkLineage, type BlockSource } from './journal-walk.ts';
import type { WalkedJournal } from './journal-walk.ts';
import { decodeManifest, digestOfManifest, manifestOfDigest, type RevisionManifest } from './manifest.ts';
import type { MintTerms } from './mint-terms.ts';

/** What the chain says of a token. */
export interface TokenFacts {
  readonly tokenId: string;
  readonly manifestDigest: string;
  readonly contributorsRoot: string;
  readonly contributorCount: number;
  readonly unanimous: boolean;
  readonly parentTokens: readonly string[];
  /** From the mint transaction: null when it is out of reach, e.g. sent through another contract. */
  readonly mint: {
    readonly terms: MintTerms;
    readonly signatures: readonly { account: string; signature: string }[];
  } | null;
}

/** Elliptic curves and contract wallets stay outside this pure code. */
export interface VerifyPorts {
  readonly blocks: BlockSource;
  token(tokenId: string): Promise<TokenFacts | null>;
  isSignedBy(account: string, terms: MintTerms, signature: string): Promise<boolean>;
  /** Gives way to other work while a long journal is replayed. */
  readonly pause?: () => Promise<void>;
  /** Told of each check as soon as it is done, in order. */
  readonly onCheck?: (check: Check) => void;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly cid?: string;
}
export interface Report {
  readonly ok: boolean;
  readonly manifest: string | null;
  readonly checks: readonly Check[];
}

/** Proves a design from its token alone: what the chain says, what IPFS holds, and what the journal comes to. */
export async function verifyToken(tokenId: string, ports: VerifyPorts): Promise<Report> {
  const list = new Checklist(ports.onCheck);
  const token = await list.run('token on chain', async () => {
    const found = await ports.token(tokenId);
    if (!found) throw new Error(`there is no token ${tokenId}`);
    return [found, `manifest digest ${found.manifestDigest}`];
  });
  if (!token) return list.report(null);
  const cid = manifestOfDigest(token.manifestDigest);
  const manifest = await checkRevision(list, cid, ports);
  if (manifest) await checkToken(list, token, manifest, ports);
  return list.report(cid);
}

/** The same without a token: everything that follows from the manifest's CID. */
export async function verifyRevision(cid: CID, blocks: BlockSource): Promise<Report> {
  const list = new Checklist();
  await checkRevision(list, cid, { blocks });
  return list.report(cid);
}

async function checkRevision(
  list: Checklist,
  cid: CID,
  { blocks, pause }: Pick<VerifyPorts, 'blocks' | 'pause'>,
): Promise<RevisionManifest | undefined> {
  const manifest = await list.run('manifest', async () => {
    const bytes = await checkedBlock(blocks, cid, 'manifest');
    const read = located(cid, () => decodeManifest(bytes));
    return [read, `"${read.title}" of ${read.project.title}, ${cid}`];
  });
  if (!manifest) return undefined;

  await list.run('parent revisions', async () => {
    for (const link of [
      ...manifest.parents.map((parent) => parent.manifest),
      ...(manifest.previous ? [manifest.previous] : []),
    ])
      await checkedBlock(blocks, link, 'parent revision');
    return [true, `${manifest.parents.length} named`];
  });
  await list.run('files', async () => {
    let total = 0;
    for (const file of manifest.files) {
      const size = await measureFile(blocks, file.cid, `${file.role} "${file.name}"`);
      if (size !== file.size)
        throw new BlockProblem(file.cid, `"${file.name}" has ${size} bytes, the manifest says ${file.size}`);
      total += size;
    }
    if (!manifest.files.some((file) => file.role === 'thumbnail' && file.cid.equals(manifest.thumbnail)))
      throw new BlockProblem(cid, 'the picture is not among the files');
    return [
      true,
      `${manifest.files.length} ${manifest.files.length === 1 ? 'file' : 'files'}, ${total} bytes, every block hashed`,
    ];
  });

  const journals = await list.run('journal', async () => {
    const walked = await walkLineage(blocks, manifest.journal.head, manifest.journal.length);
    checkLineage(cid, manifest, walked);
    await checkOrigins(blocks, walked);
    const count = walked.reduce((sum, { entries }) => sum + entries.length, 0);
    return [walked, `${count} entries in ${walked.length} journal${walked.length > 1 ? 's' : ''}, chain unbroken`];
  });
  if (!journals) return manifest;
  const replayed = await list.run('replay', async () => {
    const result = await replayLineage(journals, pause);
    return [result, `every entry accepted, ${partsOf(result.state.document).size} parts`];
  });
  if (!replayed) return manifest;

  const { document } = replayed.state;
  await list.run('state hash', async () => {
    const found = stateHash(document);
    if (found !== manifest.stateHash)
      throw new BlockProblem(cid, `replay gives ${found}, the manifest says ${manifest.stateHash}`);
    return [true, found];
  });
  await list.run('files of the design', async () => {
    const named = new Set(manifest.files.map((file) => file.cid.toString()));
    const missing = filesOf(document).find((file) => !named.has(file.cid));
    if (missing) throw new BlockProblem(cid, `the design uses ${missing.cid}, which the manifest does not name`);
    return [true, 'all named'];
  });
  await list.run('shares', async () => {
    const computed = replayed.ledger.shares(document, manifest.shareRubric);
    const said = manifest.contributors.map(({ user, shareBps, points }) => `${user} ${shareBps} ${points}`);
    const found = computed.map(({ user, shareBps, points }) => `${user} ${shareBps} ${points}`);
    const at = found.findIndex((line, i) => line !== said[i]);
    if (found.length !== said.length || at >= 0)
      throw new BlockProblem(
        cid,
        `the journal gives "${found[at] ?? `${found.length} people`}", the manifest says "${said[at] ?? `${said.length} people`}"`,
      );
    return [
      true,
      manifest.contributors.map(({ name, shareBps }) => `${name} ${(shareBps / 100).toFixed(2)} %`).join(', '),
    ];
  });
  return manifest;
}

async function checkToken(
  list: Checklist,
  token: TokenFacts,
  manifest: RevisionManifest,
  ports: VerifyPorts,
): Promise<void> {
  const holders = shareHolders(manifest.contributors);
  await list.run('contributors root', async () => {
    const root = contributorsRoot(holders);
    if (root !== token.contributorsRoot.toLowerCase())
      throw new Error(`the manifest gives ${root}, the token says ${token.contributorsRoot}`);
    if (holders.length !== token.contributorCount)
      throw new Error(`${holders.length} people in the manifest, ${token.contributorCount} on chain`);
    return [true, root];
  });
  await list.run('lineage on chain', async () => {
    const named = manifest.parents.flatMap((parent) =>
      parent.tokenId ? [{ ...parent, tokenId: parent.tokenId }] : [],
    );
    const ids = named.map((parent) => parent.tokenId).sort((a, b) => Number(BigInt(a) - BigInt(b)));
    if (ids.join() !== token.parentTokens.join())
      throw new Error(
        `the manifest names tokens ${ids.join() || 'none'}, the chain ${token.parentTokens.join() || 'none'}`,
      );
    for (const parent of named) {
      const onChain = await ports.token(parent.tokenId);
      if (onChain?.manifestDigest.toLowerCase() !== digestOfManifest(parent.manifest))
        throw new Error(`token ${parent.tokenId} is not the revision ${parent.manifest}`);
    }
    return [true, ids.length ? `derives from token ${ids.join(', ')}` : 'an original'];
  });
  await list.run('signatures', async () => {
    if (!token.mint) {
      if (!token.unanimous)
        throw new Error('the mint transaction is out of reach, and the contract did not check every signature');
      return [true, 'checked by the contract when it minted; the transaction itself is out of reach'];
    }
    const { terms, signatures } = token.mint;
    if (
      terms.manifestDigest !== token.manifestDigest.toLowerCase() ||
      terms.contributorsRoot !== token.contributorsRoot.toLowerCase()
    )
      throw new Error('the mint transaction is about another revision');
    for (const { account, signature } of signatures)
      if (!(await ports.isSignedBy(account, terms, signature)))
        throw new Error(`the signature of ${account} is not valid`);
    if (!token.unanimous) return [true, `${holders.length} people: more than sign on chain; the first holder signed`];
    const signed = new Set(signatures.map(({ account }) => account.toLowerCase()));
    const missing = holders.find(({ account }) => !signed.has(account));
    if (missing) throw new Error(`${missing.account} has not signed`);
    return [true, `all ${holders.length} contributors signed`];
  });
}

/** The lineage the manifest tells must be the one the journals themselves link to. */
function checkLineage(cid: CID, manifest: RevisionManifest, journals: readonly WalkedJournal[]): void {
  const newest = journals.at(-1)!;
  if (newest.room !== manifest.room)
    throw new BlockProblem(manifest.journal.head, `the journal is of room ${newest.room}, not ${manifest.room}`);
  const ancestors = journals.slice(0, -1).reverse();
  const told = manifest.journal.lineage;
  const same = ancestors.every(({ room, entries }, i) => {
    const point = told[i];
    return point?.room === room && point.length === entries.length && point.head.equals(entries.at(-1)!.cid);
  });
  if (!same || told.length !== ancestors.length)
    throw new BlockProblem(cid, 'the manifest tells another lineage than the journals');
}

/** An entry taken over from another journal must have been written there, by the same person. */
async function checkOrigins(blocks: BlockSource, journals: readonly WalkedJournal[]): Promise<void> {
  for (const { entries } of journals)
    for (const { entry, cid } of entries) {
      if (!entry.via) continue;
      const bytes = await checkedBlock(blocks, entry.via.cid, `origin of entry ${entry.seq}`);
      const origin = located(entry.via.cid, () => openEntry(bytes)).entry;
      if (origin.author.id !== entry.author.id || origin.room !== entry.via.room)
        throw new BlockProblem(
          cid,
          `entry ${entry.seq} says it comes from ${entry.via.room}, where it is not ${entry.author.name}'s`,
        );
    }
}

/** Models and source files that the parts of a document use, each once, in the order of their CIDs. */
export function filesOf(document: Document): { cid: string; role: 'shape' | 'source' }[] {
  const roles = new Map<string, 'shape' | 'source'>();
  for (const part of partsOf(document).values()) {
    if (part.source && !roles.has(part.source.file)) roles.set(part.source.file, 'source');
    if (part.shape?.kind === 'asset') roles.set(part.shape.cid, 'shape');
  }
  return [...roles].map(([cid, role]) => ({ cid, role })).sort((a, b) => (a.cid < b.cid ? -1 : 1));
}

function located<T>(cid: CID, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new BlockProblem(cid, `block ${cid}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Runs checks one after the other; what fails is written down, with the block where one is to blame. */
class Checklist {
  private readonly checks: Check[] = [];

  constructor(private readonly onCheck: (check: Check) => void = () => undefined) {}

  async run<T>(name: string, check: () => Promise<readonly [T, string]>): Promise<T | undefined> {
    try {
      const [value, detail] = await check();
      this.add({ name, ok: true, detail });
      return value;
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      const cid = thrown instanceof BlockProblem ? { cid: thrown.cid.toString() } : {};
      this.add({ name, ok: false, detail, ...cid });
      return undefined;
    }
  }

  private add(check: Check): void {
    this.checks.push(check);
    this.onCheck(check);
  }

  report(manifest: CID | null): Report {
    return { ok: this.checks.every((check) => check.ok), manifest: manifest?.toString() ?? null, checks: this.checks };
  }
}
