import { Module } from '@nestjs/common';
import { JobsModule } from './jobs.module.ts';
import { MarkersController } from './markers.controller.ts';

/** Jobs on the real product, and the sheets to align by. */
@Module({ imports: [JobsModule], controllers: [MarkersController] })
export class GuidanceModule {}
