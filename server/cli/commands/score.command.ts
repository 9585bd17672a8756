import { WorkhallError } from '#protocol/errors';
import { RoomId } from '#protocol/ids';
import { Rubric, textIn } from '#protocol/procedures/index';
import { recordFromJournal, scoreOf, type RunRecord } from '#protocol/training/index';
import { readConfig } from '../../platform/config/index.ts';
import type { HallCommand } from '../command.ts';
import { jsonIn, journalIn } from '../given-files.ts';
import { openToRead } from '../stopped-hall.ts';
import { newTable } from '../table.ts';

interface ScoreOptions {
  journal?: string;
  room?: string;
  rubric?: string;
  data?: string;
  json?: boolean;
}

export const scoreCommand: HallCommand = {
  register: (program) => {
    program
      .command('score <run>')
      .description(
        'compute a training run’s score from its journal: every link is checked and every op judged again; the same number on every machine',
      )
      .option('--journal <file>', 'the room’s journal as the debrief page saves it; needs no hall')
      .option('--room <id>', 'the room of the run, where the hall does not know it')
      .option('--rubric <file>', 'judge by this rubric (JSON) instead of the procedure’s own')
      .option('-d, --data <folder>', 'data folder (DATA_DIR, default .data) of a hall that is stopped')
      .option('--json', 'the sheet as JSON')
      .action(score);
  },
};

async function score(run: string, options: ScoreOptions): Promise<void> {
  const startMs = performance.now();
  const blocks = options.journal ? journalIn(options.journal) : await blocksOfFolder(run, options);
  const told = recordFromJournal(blocks, run);
  if (!told.ok) throw new WorkhallError(told.problem.scope, told.problem.key, told.problem.message, { facts: { run } });
  const rubric = options.rubric ? rubricIn(options.rubric) : undefined;
  const sheet = scoreOf(told.record, rubric);
  const { head, length } = told.record;
  const tookMs = Math.round(performance.now() - startMs);
  if (options.json) {
    const { isRevealed, mode, procedure } = told.record.run;
    return console.log(JSON.stringify({ run, mode, procedure, isRevealed, head, length, sheet, tookMs }, null, 2));
  }
  print(told.record, sheet, blocks.length, tookMs);
}

function print(record: RunRecord, sheet: ReturnType<typeof scoreOf>, entries: number, tookMs: number): void {
  const [language = 'en'] = record.procedure.languages;
  const title = textIn(record.procedure.title, language, language);
  const people = record.run.participants.map(({ name }) => name).join(', ');
  console.log(`\n${title}, ${record.run.mode}, by ${people}: ${entries} entries replayed in ${tookMs} ms, all fit.\n`);
  const table = newTable({ head: ['at', 'what', 'step', 'points'], colAligns: ['right', 'left', 'left', 'right'] });
  for (const { atMs, reason, step, points } of sheet.lines)
    table.push([`${(atMs / 1000).toFixed(1)} s`, reason, step ?? '', points]);
  if (sheet.lines.length > 0) console.log(table.toString());
  const verdict = sheet.isPassed ? 'passed' : `not passed (${sheet.failedBy.join(', ')})`;
  console.log(`\n${sheet.points} of ${sheet.full} points, ${verdict}; rubric ${sheet.rubricVersion}`);
  console.log(`journal     ${record.head}, ${record.length} entries`);
  if (!record.run.isRevealed) console.log('The seals of this run are not open yet: faults are not counted.');
  console.log('');
}

function rubricIn(path: string): Rubric {
  const read = Rubric.safeParse(jsonIn(path));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new WorkhallError(
    'training',
    'no_rubric',
    `${path} is no rubric: ${issue?.path.join('.')}: ${issue?.message}`,
    {
      facts: { path },
    },
  );
}

async function blocksOfFolder(run: string, options: ScoreOptions): Promise<Uint8Array[]> {
  const config = readConfig({ DATA_DIR: options.data });
  const [{ JournalStore }, { Secrets }] = await Promise.all([
    import('../../rooms/index.ts'),
    import('../../training/index.ts'),
  ]);
  const app = await openToRead(
    config,
    'Press “Save the journal” on the run’s debrief page and give the file: --journal FILE.',
  );
  try {
    const room = options.room ?? (await app.get(Secrets, { strict: false }).roomOf(run));
    if (!room)
      throw new WorkhallError('training', 'no_such_run', 'This hall does not know where the run is.', {
        facts: { run },
        next: 'Give its room with --room.',
      });
    return await app.get(JournalStore, { strict: false }).read(RoomId.parse(room), 0, Number.MAX_SAFE_INTEGER);
  } finally {
    await app.close();
  }
}
