import { WorkhallError } from '#protocol/errors';
import { z } from 'zod';

interface WalletError {
  readonly code?: number;
  readonly message?: string;
  readonly data?: { readonly originalError?: { readonly code?: number } };
}

/** A wallet in the browser, as EIP-1193 describes it. */
interface Eip1193Provider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

const Accounts = z.array(z.string()).min(1);
const Signature = z.string().startsWith('0x');
const ChainId = z.string().startsWith('0x');
const TypedData = z.object({ domain: z.object({ chainId: z.coerce.number().int() }) });
/** EIP-3085: the wallet does not know the chain. */
const UNKNOWN_CHAIN = 4902;
/** EIP-1193, provider errors. */
const USER_REJECTED = 4001;

export function walletOfBrowser(): Eip1193Provider | null {
  const candidate = (globalThis as { ethereum?: unknown }).ethereum;
  return typeof candidate === 'object' && candidate !== null && 'request' in candidate
    ? (candidate as Eip1193Provider)
    : null;
}

/** Asks for the wallet's first account. */
export async function walletAddress(): Promise<string> {
  return Accounts.parse(await call('eth_requestAccounts'))[0]!;
}

/** Signs a text (EIP-191), as sign-in with EIP-4361 wants it. */
export async function signText(address: string, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hex = `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return Signature.parse(await call('personal_sign', [hex, address]));
}

/**
 * Signs typed data (EIP-712). Wallets do so only while they are on the chain that its domain names: one that is
 * elsewhere is asked to switch, and to add the chain when it does not know it.
 */
export async function signTypedData(address: string, typedData: unknown): Promise<string> {
  const { domain } = TypedData.parse(typedData);
  await standOn(domain.chainId);
  return Signature.parse(await call('eth_signTypedData_v4', [address, JSON.stringify(typedData)]));
}

/** EIP-3326, and EIP-3085 with this hall's own window onto the chain. */
async function standOn(chainId: number): Promise<void> {
  const isThere = async () => Number(ChainId.parse(await call('eth_chainId'))) === chainId;
  if (await isThere()) return;
  const wanted = { chainId: `0x${chainId.toString(16)}` };
  try {
    await call('wallet_switchEthereumChain', [wanted]);
  } catch (thrown) {
    if (!(thrown instanceof WorkhallError) || thrown.problem.facts['code'] !== UNKNOWN_CHAIN) throw thrown;
    const chain = {
      ...wanted,
      chainName: `Workhall ${location.host}`,
      rpcUrls: [new URL('/api/chain/rpc', location.origin).href],
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    };
    await call('wallet_addEthereumChain', [chain]);
    // Adding offers to switch; some wallets only add.
    if (!(await isThere())) await call('wallet_switchEthereumChain', [wanted]);
  }
}

async function call(method: string, params?: readonly unknown[]): Promise<unknown> {
  const wallet = walletOfBrowser();
  if (!wallet)
    throw new WorkhallError('wallet', 'missing', 'No wallet was found in this browser.', {
      next: 'Install one and load the page again, or sign with the key the hall keeps for you.',
    });
  try {
    return await wallet.request(params ? { method, params } : { method });
  } catch (cause) {
    const { code: outer, message, data } = (cause ?? {}) as WalletError;
    const code = data?.originalError?.code ?? outer; // on phones the wallet's own error comes wrapped
    if (code === USER_REJECTED)
      throw new WorkhallError('wallet', 'refused', 'You declined in the wallet. Nothing was signed.', {
        next: 'Start again when you are ready.',
        cause,
      });
    throw new WorkhallError('wallet', 'failed', `The wallet reported a problem: ${message ?? 'unknown'}.`, {
      facts: { code: code ?? null },
      next: 'Open the wallet, check that it is unlocked, and try again.',
      cause,
    });
  }
}
