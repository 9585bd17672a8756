import { Module } from '@nestjs/common';
import { CallsModule } from './calls/calls.module.ts';
import { JobsModule } from './jobs.module.ts';
import { MarkersController } from './markers.controller.ts';
import { RecordsModule } from './record/records.module.ts';

/** Jobs on the real product, and the sheets to align by. */
@Module({ imports: [CallsModule, JobsModule, RecordsModule], controllers: [MarkersController] })
export class GuidanceModule {}
