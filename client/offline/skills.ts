import type { OfflinePack } from '#protocol/api/offline';
import type { ShownSkill } from '#protocol/guidance/index';

/** Why a certificate counts for nothing: the verdict of protocol/credentials/verify. */
export interface Doubt {
  readonly person: string;
  readonly certificate: string;
  readonly verdict: string;
}

export interface ProvenSkills {
  /** By person: what their certificates prove here and now, asking nobody. */
  readonly of: ReadonlyMap<string, readonly ShownSkill[]>;
  readonly doubts: readonly Doubt[];
}

/**
 * What the crew can do, found out on this device: each certificate's signature, its issuer, its time, and whether it was
 * taken back, by the hall's key and the signed list that came with the pack. The hall's word about it is not needed.
 */
export async function proveSkills(pack: OfflinePack, nowMs: number): Promise<ProvenSkills> {
  const { verifyCertificate } = await import('#protocol/credentials/verify');
  const trusted = new Map([pack.issuer.did, ...pack.issuer.formerDids].map((did) => [did, pack.issuer.name]));
  const lists = new Map(pack.statusLists.map(({ url, document }) => [url, document]));
  const statusList = async (url: string) => lists.get(url) ?? null;
  const of = new Map<string, ShownSkill[]>();
  const doubts: Doubt[] = [];
  for (const { id: person, certificates } of pack.people) {
    const skills: ShownSkill[] = [];
    for (const document of certificates) {
      const { verdict, certificate } = await verifyCertificate(document, { nowMs, trusted, statusList });
      const name = certificate?.id ?? String(document['id'] ?? '');
      // It is about somebody: `verify` says that it is good, not whose it is.
      if (verdict !== 'valid' || !certificate || systemIdOf(document) !== person) {
        doubts.push({ person, certificate: name, verdict: verdict === 'valid' ? 'other_person' : verdict });
        continue;
      }
      for (const { code, level } of certificate.skills)
        skills.push({ code, level, validUntilMs: certificate.validUntil, certificate: name.replace('urn:uuid:', '') });
    }
    of.set(person, skills);
  }
  return { of, doubts };
}

function systemIdOf({ credentialSubject }: Record<string, unknown>): string | null {
  const [subject] = [credentialSubject].flat() as { identifier?: unknown }[];
  const identifiers = [subject?.identifier].flat() as ({ identityType?: string; identityHash?: string } | undefined)[];
  return identifiers.find((one) => one?.identityType === 'systemId')?.identityHash ?? null;
}
