import { api, keepSession } from './session.ts';
import { signText, walletAddress } from './wallet.ts';

export async function enterAsGuest(name: string): Promise<void> {
  keepSession(await api.signInAsGuest(name));
}

/** With a guest's session this links the wallet to the same person (the token goes along). */
export async function signInWithWallet(name?: string): Promise<void> {
  const address = await walletAddress();
  const { message } = await api.walletChallenge(address);
  const signature = await signText(address, message);
  keepSession(await api.signInWithWallet(name ? { message, signature, name } : { message, signature }));
}
