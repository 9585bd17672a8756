import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { Endpoint } from '../http/index.ts';
import { Health } from './health.ts';

const partState = z.object({ ok: z.boolean(), detail: z.string() });
const healthReport = z.object({
  ok: z.boolean().meta({ description: 'true when every part is usable; the status code is then 200, otherwise 503' }),
  parts: z.record(z.string(), partState),
});

@Controller('api/health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get()
  @Endpoint({ summary: 'State of the hall and of each of its parts', response: healthReport, access: 'public' })
  async read(@Res({ passthrough: true }) response: Response): Promise<z.output<typeof healthReport>> {
    const report = await this.health.report();
    response.status(report.ok ? 200 : 503).setHeader('cache-control', 'no-store');
    return report;
  }
}
