export { compartmentOf, type Compartment } from './compartment.ts';
export { agentOf, homeOf, XapiKeys, type Key, type NewKey } from './keys.service.ts';
export { outboxState, retryRefused, type OutboxState } from './outbox.store.ts';
export { Recorder } from './recorder.service.ts';
export { SCOPES, type Scope } from './scopes.ts';
export { StatementStore } from './statement.store.ts';
export { xapiMigrations } from './xapi.migrations.ts';
export { XapiModule } from './xapi.module.ts';
