export { credentialMigrations } from './credentials.migrations.ts';
export { CredentialsModule } from './credentials.module.ts';
export { Credentials, type CertificateRequest } from './credentials.service.ts';
export { HolderAccounts } from './holder-accounts.ts';
export { IssuerKey } from './issuer-key.ts';
export { StatusLists } from './status-lists.service.ts';
export { verifyFrom, type Sources } from './verification.ts';
