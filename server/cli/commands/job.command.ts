import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { recordFromJournal, verifyRecord, type SignedRecord } from '#protocol/guidance/index';
import { decodeBlock } from '#protocol/journal/index';
import type { HallCommand } from '../command.ts';

/** Only its outer form: what is inside is what was signed, or it is not. */
const RecordFile = z.object({
  signed: z.object({ record: z.looseObject({}), proof: z.object({ did: z.string(), signature: z.string() }) }),
});

interface JobOptions {
  journal?: string;
  hall?: string[];
}

export const jobCommand: HallCommand = {
  register: (program) => {
    program
      .command('job <record>')
      .description(
        'verify an as-built record (GET /api/jobs/:room/record): the signature, and with the journal every op judged again',
      )
      .option('--journal <file>', 'the job’s journal as GET /api/jobs/:room/journal gives it')
      .option('--hall <did...>', 'keys of halls that are trusted; default: any')
      .action(verify);
  },
};

function verify(path: string, { journal, hall }: JobOptions): void {
  const { signed } = RecordFile.parse(JSON.parse(readFileSync(path, 'utf8'))) as unknown as { signed: SignedRecord };
  const blocks = journal
    ? (decodeBlock(new Uint8Array(readFileSync(journal))) as { blocks: Uint8Array[] }).blocks
    : null;
  const problem = verifyRecord(signed, blocks, hall);
  if (problem) throw new WorkhallError(problem.scope, problem.key, problem.message, { facts: { ...problem.facts } });
  const { product, status, steps, deviations, journal: ref } = signed.record;
  const told = blocks && recordFromJournal(blocks);
  console.log(`\n${product.title} ${product.serial}, order ${product.order}: ${status}`);
  console.log(
    `${steps.length} steps gone through, ${deviations.length} deviations, all decided: ${deviations.every(({ decided }) => decided !== null)}`,
  );
  console.log(`signed by   ${signed.proof.did}${hall ? ', trusted' : ''}`);
  console.log(
    `journal     ${ref.head}, ${ref.length} entries${told ? ', replayed here: the same record' : ', not looked at (--journal)'}\n`,
  );
}
