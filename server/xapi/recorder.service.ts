import { Injectable } from '@nestjs/common';
import { checkStatement, type Agent, type Statement } from '#protocol/xapi/index';
import { Ids } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { uuidOf, type Compartment } from './compartment.ts';
import { completed } from './intake.ts';
import { agentOf, homeOf } from './keys.service.ts';
import { Outbox } from './outbox.service.ts';
import { problems } from './problems.ts';
import { StatementStore } from './statement.store.ts';

/**
 * What the hall itself has to say: kept here, and queued for the company's LRS in the same transaction. Recording a
 * statement again under its id does nothing, so who is not sure simply records again.
 */
@Injectable()
export class Recorder {
  private readonly authority: Agent;
  private readonly isForOutbox: boolean;

  constructor(
    private readonly store: StatementStore,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
    config: Config,
  ) {
    this.authority = agentOf(homeOf(config), { id: 'workhall', name: 'Workhall' });
    this.isForOutbox = config.tree.lrs !== undefined;
  }

  /** All are stored when it resolves, or none; throws `bad_statement` and `statement_differs`. */
  async record(compartment: Compartment, statements: readonly Statement[]): Promise<void> {
    statements.forEach((one, index) => {
      const fault = checkStatement(one, '2.0.0', `statements[${index}]`);
      if (fault) throw problems.badStatement(fault);
    });
    await this.store.append(compartment, {
      statements: statements.map((said) =>
        completed(said, { id: uuidOf(this.ids.next()), authority: this.authority, version: '2.0.0' }),
      ),
      attachments: [],
      mayDefine: true,
      mayVoid: null,
      isForOutbox: this.isForOutbox,
    });
    if (this.isForOutbox) this.outbox.wake();
  }
}
