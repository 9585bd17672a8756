import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './platform/config/index.ts';
import { DatabaseModule } from './platform/database/index.ts';
import { PlatformModule } from './platform/platform.module.ts';

/** The table of contents: every part of the hall, one line each. */
@Module({})
export class AppModule {
  static register(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [PlatformModule.register(config), DatabaseModule.register([])],
    };
  }
}
