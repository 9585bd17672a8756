import { z } from 'zod';
import { walletOfBrowser } from '../../session/index.ts';
import { WorkhallError } from '#protocol/errors';

interface Statement {
  readonly domain: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  readonly value: Readonly<Record<string, string | number>>;
}

/** A release's statement (EIP-712) signed by the browser's wallet. Its domain names no chain: it holds on every one. */
export async function signStatement(address: string, { domain, types, value }: Statement): Promise<string> {
  const wallet = walletOfBrowser();
  if (!wallet)
    throw new WorkhallError('procedures', 'wants_signature', 'Your wallet has to sign the release.', {
      next: 'Open this page in the browser that has your wallet.',
    });
  const own = Object.keys(domain).map((name) => ({ name, type: 'string' }));
  const [primaryType] = Object.keys(types);
  const data = { domain, types: { EIP712Domain: own, ...types }, primaryType, message: value };
  const signed = await wallet.request({ method: 'eth_signTypedData_v4', params: [address, JSON.stringify(data)] });
  return z.string().startsWith('0x').parse(signed);
}
