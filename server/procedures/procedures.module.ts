import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { MediaController } from './media.controller.ts';
import { ProcedureMedia } from './media.service.ts';
import { ProceduresController } from './procedures.controller.ts';
import { ProcedureSeed } from './procedures.seed.ts';
import { Procedures } from './procedures.service.ts';
import { Releases } from './releases.service.ts';

/** Projects and rights come from the design domain, whose module is global. */
@Module({
  imports: [AssetsModule, IdentityModule],
  controllers: [MediaController, ProceduresController],
  providers: [ProcedureMedia, Procedures, ProcedureSeed, Releases],
  exports: [Procedures, ProcedureSeed, Releases],
})
export class ProceduresModule {}
