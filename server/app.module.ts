import { Module, type DynamicModule } from '@nestjs/common';
import { AssetsModule } from './assets/index.ts';
import { AuthoringModule, authoringMigrations } from './authoring/index.ts';
import { cmi5Migrations, Cmi5Module } from './cmi5/index.ts';
import { credentialMigrations, CredentialsModule } from './credentials/index.ts';
import { DesignModule, designMigrations } from './design/index.ts';
import { GuidanceModule, guidanceMigrations } from './guidance/index.ts';
import { IdentityModule, identityMigrations } from './identity/index.ts';
import { OwnershipModule, ownershipMigrations } from './ownership/index.ts';
import type { Config } from './platform/config/index.ts';
import { DatabaseModule } from './platform/database/index.ts';
import { FleetModule, fleetMigrations } from './platform/fleet/index.ts';
import { PlatformModule } from './platform/platform.module.ts';
import { ProceduresModule, procedureMigrations } from './procedures/index.ts';
import { RoomsModule, journalMigrations } from './rooms/index.ts';
import { TrainingModule, trainingMigrations } from './training/index.ts';
import { VoiceModule } from './voice/index.ts';
import { XapiModule, xapiMigrations } from './xapi/index.ts';

/** The table of contents: every part of the hall, one line each. */
@Module({})
export class AppModule {
  static register(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.register(config),
        DatabaseModule.register([
          ...fleetMigrations,
          ...journalMigrations,
          ...identityMigrations,
          ...designMigrations,
          ...ownershipMigrations,
          ...credentialMigrations,
          ...xapiMigrations,
          ...procedureMigrations,
          ...authoringMigrations,
          ...trainingMigrations,
          ...guidanceMigrations,
          ...cmi5Migrations,
        ]),
        FleetModule,
        IdentityModule,
        AssetsModule,
        RoomsModule,
        VoiceModule,
        DesignModule,
        OwnershipModule,
        CredentialsModule,
        XapiModule,
        ProceduresModule,
        AuthoringModule,
        TrainingModule,
        GuidanceModule,
        Cmi5Module,
      ],
    };
  }
}
