import { Injectable } from '@nestjs/common';
import {
  activitiesIn,
  canonical,
  downgraded,
  identityOf,
  idsOnly,
  type Format,
  type Statement,
  type StoredStatement,
  type XapiVersion,
} from '#protocol/xapi/index';
import { Ids } from '../platform/clock/index.ts';
import type { Caller } from './callers.ts';
import type { Compartment } from './compartment.ts';
import { uuidOf } from './compartment.ts';
import { completed, type Received } from './intake.ts';
import { isIncluded } from './scopes.ts';
import { StatementStore, type Found, type StoredAttachment } from './statement.store.ts';

export interface Shape {
  readonly format: Format;
  readonly languages: readonly string[];
  readonly version: XapiVersion;
}

/** What happens to statements between a request and the store. */
@Injectable()
export class Statements {
  constructor(
    private readonly store: StatementStore,
    private readonly ids: Ids,
  ) {}

  /** Ids in the order of the statements. */
  async accept(caller: Caller, { statements, attachments }: Received, version: XapiVersion): Promise<string[]> {
    const { guarded } = caller;
    const store = () => this.keep(caller, { statements, attachments }, version);
    return guarded ? guarded.guard.statements(guarded.key, statements, store) : store();
  }

  private async keep(
    { authority, scopes, compartment }: Caller,
    { statements, attachments }: Pick<Received, 'statements' | 'attachments'>,
    version: XapiVersion,
  ): Promise<string[]> {
    const whole = statements.map((said) => completed(said, { id: uuidOf(this.ids.next()), authority, version }));
    await this.store.append(compartment, {
      statements: whole,
      attachments,
      mayDefine: isIncluded(scopes, 'define'),
      mayVoid: isIncluded(scopes, 'voidOthers') ? null : `authority ${identityOf(authority)}`,
      isForOutbox: false,
    });
    return whole.map(({ id }) => id);
  }

  /** As the format wants it, each as JSON. */
  async shaped(compartment: Compartment, found: readonly Found[], shape: Shape): Promise<string[]> {
    const isPlain = ({ version }: Found) => shape.version === '2.0.0' || version.startsWith('1.');
    if (shape.format === 'exact')
      return found.map((one) => (isPlain(one) ? one.statement : JSON.stringify(downgraded(parsed(one)))));
    const statements = found.map((one) => (isPlain(one) ? parsed(one) : downgraded(parsed(one))));
    if (shape.format === 'ids') return statements.map((one) => JSON.stringify(idsOnly(one)));
    const ids = statements.flatMap((one) => activitiesIn(one).map(({ id }) => id));
    const definitions = await this.store.definitions(compartment, ids);
    return statements.map((one) => JSON.stringify(canonical(one, (id) => definitions.get(id), shape.languages)));
  }

  /** Their bytes, one after the other, each once. */
  async *attachmentsOf(compartment: Compartment, found: readonly Found[]): AsyncIterable<StoredAttachment> {
    const sent = new Set<string>();
    for (const one of found) {
      const statement = parsed(one) as StoredStatement;
      const inner = statement.object.objectType === 'SubStatement' ? (statement.object.attachments ?? []) : [];
      for (const { sha2 } of [...(statement.attachments ?? []), ...inner]) {
        if (sent.has(sha2.toLowerCase())) continue;
        sent.add(sha2.toLowerCase());
        const attachment = await this.store.attachment(compartment, sha2);
        if (attachment) yield attachment;
      }
    }
  }
}

function parsed({ statement }: Found): Statement {
  return JSON.parse(statement) as Statement;
}
