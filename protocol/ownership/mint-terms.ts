import { z } from 'zod';
import { Address } from '../ids.ts';

/** What every contributor of a revision signs; the fields of `RevisionMint` in `contracts/interfaces`. */
export const MintTerms = z.strictObject({
  manifestDigest: z.string().regex(/^0x[0-9a-f]{64}$/),
  contributorsRoot: z.string().regex(/^0x[0-9a-f]{64}$/),
  /** Rising token ids, decimal. */
  parentTokens: z.array(z.string().regex(/^\d+$/)),
  owner: Address,
  royaltyBps: z.number().int().min(0).max(1000),
  /** Unix seconds, decimal. */
  deadline: z.string().regex(/^\d+$/),
});
export type MintTerms = z.infer<typeof MintTerms>;

/** More people than this sign off chain only (`mintLarge`); the contract's MAX_SIGNATURES. */
export const MAX_SIGNATURES = 32;

/** Names the contract to a wallet: a signature for one hall or chain is worth nothing in another. */
export interface SigningDomain {
  readonly name: 'Workhall Revisions';
  readonly version: '1';
  readonly chainId: number;
  readonly verifyingContract: string;
}

export const MINT_TYPES = {
  RevisionMint: [
    { name: 'manifestDigest', type: 'bytes32' },
    { name: 'contributorsRoot', type: 'bytes32' },
    { name: 'parentTokens', type: 'uint256[]' },
    { name: 'owner', type: 'address' },
    { name: 'royaltyBps', type: 'uint16' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

export function signingDomain(chainId: number, verifyingContract: string): SigningDomain {
  return { name: 'Workhall Revisions', version: '1', chainId, verifyingContract };
}

/** The JSON that `eth_signTypedData_v4` takes, `EIP712Domain` included as that method wants it. */
export function mintTypedData(domain: SigningDomain, terms: MintTerms) {
  return {
    domain: { ...domain },
    types: {
      EIP712Domain: [
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
        { name: 'chainId', type: 'uint256' },
        { name: 'verifyingContract', type: 'address' },
      ],
      ...MINT_TYPES,
    },
    primaryType: 'RevisionMint',
    message: { ...terms },
  };
}
