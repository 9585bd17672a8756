/** The light half: what pages and services always need. Signing and verifying are entered by their own files. */
export * from './credential.ts';
export * from './reading.ts';
export * from './skills.ts';
export { REVOCATION_REASONS, RevocationReason } from './status-list.ts';
