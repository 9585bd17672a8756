export { CurrentPerson } from './authentication.ts';
export { identityMigrations } from './identity.migrations.ts';
export { IdentityModule } from './identity.module.ts';
export { IdentityKeys } from './keys.wallet.ts';
export { MasterKey } from './master-key.ts';
export { People } from './people.service.ts';
export { authorOf, badgeOf, HALL, meOf, type Person } from './person.ts';
export { signerOf, type TypedStatement } from './typed-data.wallet.ts';
export { Sessions } from './sessions.service.ts';
