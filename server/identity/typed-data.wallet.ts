import { verifyTypedData, type TypedDataDomain, type TypedDataField } from 'ethers';

/** What somebody signs, as EIP-712 wants it. */
export interface TypedStatement {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Record<string, unknown>;
}

/** EIP-55 address of who signed this; null for what is no signature. */
export function signerOf({ domain, types, value }: TypedStatement, signature: string): string | null {
  try {
    return verifyTypedData(domain, types, value, signature);
  } catch {
    // Not 65 bytes of a point on the curve: nobody signed.
    return null;
  }
}
