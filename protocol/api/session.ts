import { z } from 'zod';
import { Address, UserId } from '../ids.ts';

/** People and how they sign in. The session token goes in `Authorization: Bearer …`. */
export const PersonName = z.string().trim().min(1).max(80);

export const Me = z.object({
  id: UserId,
  name: PersonName,
  badge: z.enum(['guest', 'wallet']),
  /** Where tokens and shares go: the wallet's, or that of a key the server made for the person. */
  address: Address.nullable(),
  addressKind: z.enum(['wallet', 'server']).nullable(),
});
export type Me = z.infer<typeof Me>;

export const GuestSignIn = z.strictObject({ name: PersonName });
export const SignedIn = z.object({ token: z.string(), me: Me });
export const WalletChallengeRequest = z.strictObject({ address: Address });
/** `message` is a complete EIP-4361 text; the nonce serves once and for five minutes. */
export const WalletChallenge = z.object({ message: z.string(), nonce: z.string(), expiresAt: z.number().int() });
export const WalletSignIn = z.strictObject({
  message: z.string().max(4000),
  signature: z.string().max(1000),
  name: PersonName.optional(),
});
export const MePatch = z.strictObject({ name: PersonName });
/** A key the server keeps for a person without a wallet. Exporting is allowed to that person only. */
export const ExportedKey = z.object({ address: Address, privateKey: z.string() });
/*
 * POST   /api/session/guest              GuestSignIn            -> SignedIn
 * POST   /api/session/wallet/challenge   WalletChallengeRequest -> WalletChallenge
 * POST   /api/session/wallet             WalletSignIn           -> SignedIn   (with a guest's bearer token: links the wallet)
 * DELETE /api/session                                           -> {}
 * GET    /api/me                                                -> Me
 * PATCH  /api/me                         MePatch                -> Me
 * POST   /api/me/key                                            -> Me          (makes the server key when there is no address)
 * GET    /api/me/key                                            -> ExportedKey
 */
