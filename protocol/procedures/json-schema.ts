import { z } from 'zod';
import { Procedure } from './procedure.ts';

/** The published schema of our own format (JSON Schema 2020-12), made from the very rules that read it. */
export function procedureJsonSchema(): Record<string, unknown> {
  return {
    $id: 'urn:workhall:procedure:1',
    title: 'Workhall procedure, version 1',
    ...z.toJSONSchema(Procedure),
  };
}
