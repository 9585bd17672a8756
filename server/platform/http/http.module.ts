import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, DiscoveryModule } from '@nestjs/core';
import { AccessGate } from './access.gate.ts';
import { EndpointInterceptor } from './endpoint.interceptor.ts';
import { OpenApiController } from './openapi.controller.ts';
import { ProblemFilter } from './problem.filter.ts';

@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [OpenApiController],
  providers: [
    AccessGate,
    { provide: APP_GUARD, useExisting: AccessGate },
    { provide: APP_INTERCEPTOR, useClass: EndpointInterceptor },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [AccessGate],
})
export class HttpModule {}
