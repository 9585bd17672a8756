import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { CredentialStore } from './credential.store.ts';
import { CredentialsController } from './credentials.controller.ts';
import { Credentials } from './credentials.service.ts';
import { HallAddress } from './hall-address.ts';
import { HolderAccounts } from './holder-accounts.ts';
import { IssuerKey } from './issuer-key.ts';
import { StatusLists } from './status-lists.service.ts';

/** Projects and roles come from the design domain, whose module is global. */
@Module({
  imports: [AssetsModule, IdentityModule],
  controllers: [CredentialsController],
  providers: [CredentialStore, Credentials, HallAddress, HolderAccounts, IssuerKey, StatusLists],
  exports: [Credentials, HolderAccounts, IssuerKey, StatusLists],
})
export class CredentialsModule {}
