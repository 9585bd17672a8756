import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../platform/database/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { LrsLine } from './lrs-line.ts';
import { outboxState } from './outbox.store.ts';

const OutboxTold = z.object({
  lrs: z.string().nullable().meta({ description: 'Host of the LRS outside; null: none is set' }),
  waiting: z.number().int(),
  refused: z.number().int(),
  oldestQueuedAtMs: z.number().nullable(),
});

@Controller('api/xapi/outbox')
export class OutboxController {
  constructor(
    private readonly database: Database,
    private readonly line: LrsLine,
  ) {}

  @Get()
  @Endpoint({ summary: 'Whether the LRS outside has what the hall recorded', access: 'session', response: OutboxTold })
  async read(): Promise<z.infer<typeof OutboxTold>> {
    return { lrs: this.line.place, ...(await outboxState(this.database)) };
  }
}
