import { z } from 'zod';
import type { FORMATS, ProcedureImport } from '#protocol/api/procedures';
import { Procedure, readArlem, readVrBuilder, writeArlem, writeVrBuilder, type Loss } from '#protocol/procedures/index';
import { problems } from './problems.ts';

/** A foreign file as a procedure, with what could not be carried over. Throws `procedures.unreadable`. */
export function readForeign(given: z.output<typeof ProcedureImport>): { procedure: Procedure; losses: Loss[] } {
  try {
    switch (given.format) {
      case 'workhall':
        return { procedure: Procedure.parse(given.file), losses: [] };
      case 'vr-builder':
        return readVrBuilder(given.file, given.language);
      case 'arlem':
        return readArlem(given.activity, given.workplace);
    }
  } catch (thrown) {
    const issue = thrown instanceof z.ZodError ? thrown.issues[0] : undefined;
    const reason = issue?.message ?? (thrown instanceof Error ? thrown.message : 'unknown content');
    throw problems.unreadable(given.format, issue?.path.join('.') ?? '', reason);
  }
}

export function writeForeign(
  procedure: Procedure,
  format: (typeof FORMATS)[number],
): { file: unknown; workplace?: unknown; losses: Loss[] } {
  switch (format) {
    case 'workhall':
      return { file: procedure, losses: [] };
    case 'vr-builder':
      return writeVrBuilder(procedure);
    case 'arlem':
    case 'arlem-miragexr': {
      const { activity, workplace, losses } = writeArlem(procedure, format === 'arlem' ? 'standard' : 'miragexr');
      return { file: activity, workplace, losses };
    }
  }
}
