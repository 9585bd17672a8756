import { keccak_256 } from '@noble/hashes/sha3.js';
import { toHex } from './manifest.ts';

/** One leaf: who, and how many of 10 000 basis points. */
export interface ShareHolder {
  readonly account: `0x${string}`;
  readonly shareBps: number;
}

/**
 * The Merkle tree whose root the token keeps; `contracts/libraries/ContributorTree.sol` builds the same one: leaves
 * keccak(keccak(abi.encode(address, uint16))), pairs hashed in sorted order, an odd node rises unchanged.
 */
export function contributorsRoot(holders: readonly ShareHolder[]): `0x${string}` {
  const levels = treeOf(holders);
  return `0x${toHex(levels.at(-1)![0]!)}`;
}

/** The siblings from the leaf to the root, as the splitter's `claim` wants them. Empty when there is one holder. */
export function proofFor(holders: readonly ShareHolder[], account: string): `0x${string}`[] {
  let index = inOrder(holders).findIndex((holder) => holder.account.toLowerCase() === account.toLowerCase());
  if (index < 0) throw new RangeError(`${account} holds no share`);
  const proof: `0x${string}`[] = [];
  for (const level of treeOf(holders).slice(0, -1)) {
    const sibling = level[index ^ 1];
    if (sibling) proof.push(`0x${toHex(sibling)}`);
    index >>= 1;
  }
  return proof;
}

/** Holders with a share, addresses merged and rising: the order that the contract demands. */
export function shareHolders(contributors: readonly { address: string; shareBps: number }[]): ShareHolder[] {
  const byAccount = new Map<`0x${string}`, number>();
  for (const { address, shareBps } of contributors) {
    const account = address.toLowerCase() as `0x${string}`;
    if (shareBps > 0) byAccount.set(account, (byAccount.get(account) ?? 0) + shareBps);
  }
  return inOrder([...byAccount].map(([account, shareBps]) => ({ account, shareBps })));
}

function inOrder(holders: readonly ShareHolder[]): ShareHolder[] {
  return [...holders].sort((a, b) => compare(a.account.toLowerCase(), b.account.toLowerCase()));
}

function treeOf(holders: readonly ShareHolder[]): Uint8Array[][] {
  if (holders.length === 0) throw new RangeError('a revision has at least one contributor');
  const levels = [inOrder(holders).map(leafOf)];
  for (let level = levels[0]!; level.length > 1;) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i]!, level[i + 1]];
      next.push(right ? hashPair(left, right) : left);
    }
    levels.push(next);
    level = next;
  }
  return levels;
}

function leafOf({ account, shareBps }: ShareHolder): Uint8Array {
  // abi.encode: two words of 32 bytes, values right-aligned.
  const words = new Uint8Array(64);
  for (let i = 0; i < 20; i++) words[12 + i] = Number.parseInt(account.slice(2 + 2 * i, 4 + 2 * i), 16);
  words[62] = shareBps >> 8;
  words[63] = shareBps & 0xff;
  return keccak_256(keccak_256(words));
}

function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  const [first, second] = compare(toHex(a), toHex(b)) < 0 ? [a, b] : [b, a];
  const both = new Uint8Array(64);
  both.set(first, 0);
  both.set(second, 32);
  return keccak_256(both);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
