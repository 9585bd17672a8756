import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.ts';
import { Config } from '../platform/config/index.ts';
import { CallerGuards } from './caller-guards.ts';
import { Callers } from './callers.ts';
import { DocumentStore } from './document.store.ts';
import { DocumentsController } from './documents.controller.ts';
import { XapiDoor } from './door.ts';
import { LrsLine } from './lrs-line.ts';
import { Outbox } from './outbox.service.ts';
import { OutboxController } from './outbox.controller.ts';
import { ProfileController } from './profile.controller.ts';
import { Recorder } from './recorder.service.ts';
import { KeysController } from './keys.controller.ts';
import { XapiKeys } from './keys.service.ts';
import { KnowledgeController } from './knowledge.controller.ts';
import { PostgresStatementStore } from './postgres-statement.store.ts';
import { StatementStore } from './statement.store.ts';
import { StatementsController } from './statements.controller.ts';
import { Statements } from './statements.service.ts';

/** Projects and roles come from the design domain, whose module is global. */
@Module({
  imports: [IdentityModule],
  controllers: [
    DocumentsController,
    KeysController,
    KnowledgeController,
    OutboxController,
    ProfileController,
    StatementsController,
  ],
  providers: [
    CallerGuards,
    Callers,
    DocumentStore,
    Outbox,
    Recorder,
    Statements,
    { provide: LrsLine, inject: [Config], useFactory: ({ tree }: Config) => new LrsLine(tree.lrs) },
    XapiDoor,
    XapiKeys,
    { provide: StatementStore, useClass: PostgresStatementStore },
  ],
  exports: [CallerGuards, DocumentStore, Recorder, StatementStore, XapiKeys],
})
export class XapiModule {}
