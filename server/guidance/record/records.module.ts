import { Module } from '@nestjs/common';
import { AssetsModule } from '../../assets/index.ts';
import { RecordsController } from './records.controller.ts';
import { Records } from './records.service.ts';

@Module({ imports: [AssetsModule], controllers: [RecordsController], providers: [Records] })
export class RecordsModule {}
