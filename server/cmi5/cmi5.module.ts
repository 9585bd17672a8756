import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/index.ts';
import { CredentialsModule } from '../credentials/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { ProceduresModule } from '../procedures/index.ts';
import { TrainingModule } from '../training/index.ts';
import { XapiModule } from '../xapi/index.ts';
import { Cmi5Controller } from './cmi5.controller.ts';
import { Cmi5ContentController } from './content.controller.ts';
import { Cmi5Courses } from './courses.service.ts';
import { Cmi5Launches } from './launches.service.ts';
import { Cmi5Packages } from './packages.service.ts';
import { Cmi5PackagesController } from './packages.controller.ts';
import { RegistrationLocks } from './registration-locks.ts';
import { Cmi5Registrations } from './registrations.service.ts';

/** Projects and rights come from the design domain, whose module is global. */
@Module({
  imports: [AssetsModule, CredentialsModule, IdentityModule, ProceduresModule, TrainingModule, XapiModule],
  controllers: [Cmi5Controller, Cmi5ContentController, Cmi5PackagesController],
  providers: [Cmi5Courses, Cmi5Launches, Cmi5Packages, Cmi5Registrations, RegistrationLocks],
})
export class Cmi5Module {}
