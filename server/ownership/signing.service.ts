import { Injectable } from '@nestjs/common';
import type { RevisionManifest } from '#protocol/ownership/manifest';
import { digestOfManifest } from '#protocol/ownership/manifest';
import { contributorsRoot, shareHolders, type ShareHolder } from '#protocol/ownership/contributor-tree';
import { MAX_SIGNATURES, type MintTerms } from '#protocol/ownership/mint-terms';
import { CID } from '#protocol/journal/block';
import { IdentityKeys, type Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Fleet } from '../platform/fleet/index.ts';
import { HallChain } from './hall-chain.service.ts';
import { problems } from './problems.ts';
import { mintTypes, type Minted, type RevisionsContract } from './revisions.chain.ts';
import { RevisionStore, type RevisionRecord, type Signature } from './revision.store.ts';

/** Time contributors have to sign before the terms must be made anew. */
const OFFER_DAYS = 365;
/** Terms are renewed when less than this is left, so that nobody signs what expires tomorrow. */
const RENEW_BEFORE_DAYS = 30;
const DAY_S = 86_400;
/** Of each sale, to the contributors by their shares (ERC-2981). */
export const ROYALTY_BPS = 500;

/** Where a revision stands on its way to a token. */
export interface Offering {
  readonly contract: RevisionsContract;
  readonly terms: MintTerms;
  readonly holders: readonly ShareHolder[];
  /** Accounts whose signature the contract asks for. */
  readonly signers: readonly string[];
  readonly signatures: readonly Signature[];
}

/** Terms, signatures and the mint. */
@Injectable()
export class SigningService {
  private readonly minting = new Map<string, Promise<Minted>>();

  constructor(
    private readonly revisions: RevisionStore,
    private readonly chain: HallChain,
    private readonly keys: IdentityKeys,
    private readonly clock: Clock,
    private readonly fleet: Fleet,
  ) {}

  /** The terms in force; made at the first look, and again when they run out or the contract is another one. */
  async offering(record: RevisionRecord, manifest: RevisionManifest): Promise<Offering> {
    const contract = await this.chain.contract();
    const holders = shareHolders(manifest.contributors);
    const terms = await this.terms(record, manifest, contract, holders);
    const signers =
      holders.length > MAX_SIGNATURES ? [terms.owner.toLowerCase()] : holders.map(({ account }) => account);
    let signatures = await this.revisions.signatures(record.cid);
    const hall = contract.hallAddress?.toLowerCase();
    if (hall && signers.includes(hall) && !signatures.some(({ account }) => account === hall)) {
      await this.revisions.sign(record.cid, hall, await contract.signAsHall(terms), new Date(this.clock.nowMs()));
      signatures = await this.revisions.signatures(record.cid);
    }
    return { contract, terms, holders, signers, signatures };
  }

  async sign(record: RevisionRecord, manifest: RevisionManifest, address: string, signature: string): Promise<void> {
    const { contract, terms, holders, signers } = await this.offering(record, manifest);
    const account = address.toLowerCase();
    const isKnown = signers.includes(account) || holders.some((holder) => holder.account === account);
    if (!isKnown) throw problems.notAContributor(address);
    if (!(await contract.isSignedBy(account, terms, signature))) throw problems.badSignature(address);
    await this.revisions.sign(record.cid, account, signature, new Date(this.clock.nowMs()));
  }

  /** With the key that the hall keeps for the person. */
  async signFor(person: Person, record: RevisionRecord, manifest: RevisionManifest): Promise<void> {
    const { contract, terms } = await this.offering(record, manifest);
    const mine = manifest.contributors.find(({ user }) => user === person.id);
    const { address, signature } = await this.keys.signTypedData(person.id, contract.domain, mintTypes(), { ...terms });
    const expected = mine?.address ?? terms.owner;
    if (address.toLowerCase() !== expected.toLowerCase()) throw problems.signsElsewhere(expected);
    await this.sign(record, manifest, address, signature);
  }

  /** Mints once, however many press the button together. */
  async mint(record: RevisionRecord, manifest: RevisionManifest): Promise<Minted> {
    const running = this.minting.get(record.cid);
    if (running) return running;
    // One transaction of the hall's account at a time, whichever process sends it: they are numbered.
    const work = this.fleet
      .exclusively('chain', () => this.mintNow(record, manifest))
      .finally(() => this.minting.delete(record.cid));
    this.minting.set(record.cid, work);
    return work;
  }

  private async mintNow(record: RevisionRecord, manifest: RevisionManifest): Promise<Minted> {
    const { contract, terms, holders, signers, signatures } = await this.offering(record, manifest);
    const existing = await contract.tokenOf(terms.manifestDigest);
    if (existing) {
      await this.revisions.setToken(record.cid, existing, null);
      throw problems.alreadyMinted(existing);
    }
    const byAccount = new Map(signatures.map(({ account, signature }) => [account, signature]));
    const missing = signers.filter((account) => !byAccount.has(account));
    if (missing.length > 0) throw problems.notAllSigned(missing);
    const minted = await contract.mint({
      terms,
      holders,
      signatures: signers.map((account) => byAccount.get(account)!),
    });
    await this.revisions.setToken(record.cid, minted.tokenId, minted.transaction);
    return minted;
  }

  private async terms(
    record: RevisionRecord,
    manifest: RevisionManifest,
    contract: RevisionsContract,
    holders: readonly ShareHolder[],
  ): Promise<MintTerms> {
    const nowS = Math.floor(this.clock.nowMs() / 1000);
    const { offer } = record;
    const isSameContract = offer?.contract === contract.address && offer.chainId === contract.chainId;
    if (offer && isSameContract && Number(offer.terms.deadline) - nowS > RENEW_BEFORE_DAYS * DAY_S) return offer.terms;
    const terms: MintTerms = {
      manifestDigest: digestOfManifest(CID.parse(record.cid)),
      contributorsRoot: contributorsRoot(holders),
      parentTokens: manifest.parents
        .flatMap(({ tokenId }) => tokenId ?? [])
        .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)),
      owner: record.tokenOwner,
      royaltyBps: ROYALTY_BPS,
      deadline: String(nowS + OFFER_DAYS * DAY_S),
    };
    const fresh = { chainId: contract.chainId, contract: contract.address, terms };
    return (await this.revisions.setOffer(record.cid, offer, fresh)).terms;
  }
}
