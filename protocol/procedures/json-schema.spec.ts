import { expect, it } from 'vitest';
import { procedureJsonSchema } from './json-schema.ts';

it('the published JSON Schema is the one that the rules give today (vitest -u writes it again)', async () => {
  const schema = procedureJsonSchema();
  expect(JSON.stringify(schema).length).toBeGreaterThan(5000);
  await expect(`${JSON.stringify(schema, null, 1)}\n`).toMatchFileSnapshot('./procedure.schema.json');
});
