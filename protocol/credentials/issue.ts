import { achievementCredential, isoSeconds, type CertificateFacts } from './credential.ts';
import { sign, type Proof } from './data-integrity.ts';

export type Certificate = ReturnType<typeof achievementCredential> & { readonly proof: readonly [Proof] };

/** The signed certificate. Open Badges' JSON schema wants a list of proofs, even of one. */
export async function issueCertificate(
  facts: CertificateFacts,
  { privateKey, atMs }: { privateKey: Uint8Array; atMs: number },
): Promise<Certificate> {
  const { proof, ...document } = await sign(achievementCredential(facts), { privateKey, created: isoSeconds(atMs) });
  return { ...document, proof: [proof] };
}
