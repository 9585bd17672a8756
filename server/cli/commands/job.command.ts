import { z } from 'zod';
import { WorkhallError } from '#protocol/errors';
import { recordFromJournal, verifyRecord, type SignedRecord } from '#protocol/guidance/index';
import type { HallCommand } from '../command.ts';
import { journalIn, jsonIn } from '../given-files.ts';

/** Only its outer form: what is inside is what was signed, or it is not. */
const Signed = z.object({
  record: z.looseObject({}),
  proof: z.object({ did: z.string(), signature: z.string() }),
});
/** As pages and the hall give it, or what was signed alone. */
const RecordFile = z.union([z.object({ signed: Signed }).transform(({ signed }) => signed), Signed]);

interface JobOptions {
  journal?: string;
  hall?: string[];
}

export const jobCommand: HallCommand = {
  register: (program) => {
    program
      .command('job <record>')
      .description(
        'verify an as-built record as the record’s page saves it: the signature, and with the journal every op judged again',
      )
      .option('--journal <file>', 'the job’s journal as the record’s page saves it')
      .option('--hall <did...>', 'keys of halls that are trusted; default: any')
      .action(verify);
  },
};

function verify(path: string, { journal, hall }: JobOptions): void {
  const signed = recordIn(path);
  const blocks = journal ? journalIn(journal) : null;
  const problem = verifyRecord(signed, blocks, hall);
  if (problem) throw new WorkhallError(problem.scope, problem.key, problem.message, { facts: { ...problem.facts } });
  const { product, status, steps, deviations, journal: ref } = signed.record;
  const told = blocks && recordFromJournal(blocks);
  console.log(`\n${product.title} ${product.serial}, order ${product.order}: ${status}`);
  console.log(
    `${new Set(steps.map(({ step }) => step)).size} steps in ${steps.length} attempts, ${deviations.length} deviations, all decided: ${deviations.every(({ decided }) => decided !== null)}`,
  );
  console.log(`signed by   ${signed.proof.did}${hall ? ', trusted' : ''}`);
  console.log(
    `journal     ${ref.head}, ${ref.length} entries${told ? ', replayed here: the same record' : ', not looked at (--journal)'}\n`,
  );
}

function recordIn(path: string): SignedRecord {
  const read = RecordFile.safeParse(jsonIn(path));
  if (read.success) return read.data as unknown as SignedRecord;
  throw new WorkhallError('guidance', 'no_record', `${path} is no as-built record.`, {
    facts: { path },
    next: 'Save the record on its page (“Save the record”), and give that file.',
  });
}
