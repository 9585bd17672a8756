import { WorkhallError } from '#protocol/errors';
import { z } from 'zod';

/** A wallet in the browser, as EIP-1193 describes it. */
interface Eip1193Provider {
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}

const Accounts = z.array(z.string()).min(1);
const Signature = z.string().startsWith('0x');
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

/** Signs typed data (EIP-712). */
export async function signTypedData(address: string, typedData: unknown): Promise<string> {
  return Signature.parse(await call('eth_signTypedData_v4', [address, JSON.stringify(typedData)]));
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
    const { code, message } = (cause ?? {}) as { code?: number; message?: string };
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
