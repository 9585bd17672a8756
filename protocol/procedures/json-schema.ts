import { z } from 'zod';
import { Procedure } from './procedure.ts';

/** The published schema of our own format (JSON Schema 2020-12), made from the very rules that read it. */
export function procedureJsonSchema(): Record<string, unknown> {
  return {
    $id: 'https://workhall.dev/schemas/procedure-1.json',
    title: 'Workhall procedure, version 1',
    ...z.toJSONSchema(Procedure),
  };
}
