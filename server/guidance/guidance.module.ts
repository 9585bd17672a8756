import { Module } from '@nestjs/common';
import { MarkersController } from './markers.controller.ts';

/** Jobs on the real product. So far: the sheets to align by. */
@Module({ controllers: [MarkersController] })
export class GuidanceModule {}
