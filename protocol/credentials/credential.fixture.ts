import type { CertificateFacts } from './credential.ts';
import { issueCertificate } from './issue.ts';
import { didOfKey } from './multikey.ts';
import { ed25519 } from '@noble/curves/ed25519.js';

/** A hall's key and what it certifies, for the tests. */
export const HALL_KEY = new Uint8Array(32).fill(7);
export const HALL_DID = didOfKey(ed25519.getPublicKey(HALL_KEY));
export const OTHER_KEY = new Uint8Array(32).fill(9);
export const LIST_URL = 'https://hall.example/api/credentials/status/1';
export const ISSUED_AT = Date.UTC(2026, 10, 21, 10);
export const YEAR_MS = 365 * 86_400_000;

export function certificateFacts(changes: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    id: 'urn:uuid:6fbd8f90-9f43-8c5e-a1e4-0d6a7f4f1c11',
    issuer: { did: HALL_DID, name: 'Werk Nord', url: 'https://hall.example' },
    recipient: { id: 'p-ada', name: 'Ada “Ä” 迈尔' },
    achievement: {
      id: 'urn:uuid:1d3c0a8e-6c1b-8b53-9f6e-3b1c2d4e5f60',
      name: 'Planetary gearbox assembly',
      description: 'Assembles the planetary gearbox within tolerance.',
      criteria: 'Exam mode, at least 80 of 100 points, no safety violation.',
    },
    skills: [
      { code: 'MECH-ASM-01', name: 'Gear assembly', level: 3, framework: 'Werk Nord skills' },
      { code: 'ESCO S8.1', name: 'Torque tools', level: 2, url: 'https://skills.example/torque' },
    ],
    score: { value: 92.5, max: 100, required: 80 },
    evidence: { cid: CID, name: 'Journal of the run', narrative: 'Every step, with its time and poses.' },
    validFrom: ISSUED_AT,
    validUntil: ISSUED_AT + YEAR_MS,
    status: { url: LIST_URL, index: 4711 },
    ...changes,
  };
}

export const CID = 'bafyreigdjhyy3jwfw2y7zuhnsqfkcfxfpm4pwxmxmlkq6hq4p4xqq3vvmi';

export const issued = (changes: Partial<CertificateFacts> = {}, privateKey = HALL_KEY) =>
  issueCertificate(certificateFacts(changes), { privateKey, atMs: ISSUED_AT });
