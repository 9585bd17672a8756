import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.ts';
import { ProceduresModule } from '../procedures/index.ts';
import { ReviewsController } from './reviews.controller.ts';
import { Reviews } from './reviews.service.ts';

/** Projects and rights come from the design domain, whose module is global. */
@Module({
  imports: [IdentityModule, ProceduresModule],
  controllers: [ReviewsController],
  providers: [Reviews],
})
export class AuthoringModule {}
