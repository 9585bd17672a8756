import { expect, it } from 'vitest';
import { jobLine, proofFiles } from './proof-names.ts';

it('a serial number with anything in it gives file names that a command line takes as they are', () => {
  expect(jobLine(proofFiles('GB 7/2 "new"'))).toBe(
    'npx workhall job as-built-GB-7-2-new-.json --journal journal-GB-7-2-new-.cbor',
  );
});
