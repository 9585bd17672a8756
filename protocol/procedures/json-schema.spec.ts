import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { procedureJsonSchema } from './json-schema.ts';

it('the published JSON Schema is the one that the rules give today (vitest -u writes it again)', async () => {
  const schema = JSON.stringify(procedureJsonSchema());
  expect(schema.length).toBeGreaterThan(5000);
  const text = await format(schema, { ...(await resolveConfig(import.meta.filename)), parser: 'json' });
  await expect(text).toMatchFileSnapshot('./procedure.schema.json');
});
