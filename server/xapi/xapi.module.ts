import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.ts';
import { Callers } from './callers.ts';
import { DocumentStore } from './document.store.ts';
import { DocumentsController } from './documents.controller.ts';
import { XapiDoor } from './door.ts';
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
  controllers: [DocumentsController, KeysController, KnowledgeController, StatementsController],
  providers: [
    Callers,
    DocumentStore,
    Statements,
    XapiDoor,
    XapiKeys,
    { provide: StatementStore, useClass: PostgresStatementStore },
  ],
  exports: [StatementStore, XapiKeys],
})
export class XapiModule {}
