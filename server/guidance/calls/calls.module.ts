import { Module } from '@nestjs/common';
import { AssetsModule } from '../../assets/index.ts';
import { IdentityModule } from '../../identity/index.ts';
import { RoomsModule } from '../../rooms/index.ts';
import { JobsModule } from '../jobs.module.ts';
import { HelpBell } from './bell.service.ts';
import { CallsController } from './calls.controller.ts';
import { HelpCalls } from './calls.service.ts';
import { Experts } from './experts.service.ts';
import { HelpFilesController } from './help-files.controller.ts';
import { ProjectDocuments } from './project-documents.service.ts';
import { RecordingKeys } from './recording-keys.ts';
import { Recordings } from './recordings.service.ts';

/** Experts who are called from jobs (docs/decisions/0019-remote-expert.md). */
@Module({
  imports: [AssetsModule, IdentityModule, JobsModule, RoomsModule],
  controllers: [CallsController, HelpFilesController],
  providers: [Experts, HelpBell, HelpCalls, ProjectDocuments, RecordingKeys, Recordings],
})
export class CallsModule {}
