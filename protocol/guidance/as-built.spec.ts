import { expect, it } from 'vitest';
import { JobJournal } from '../../test/support/jobs.ts';
import { blockOfRecord, nameIn, recordFromJournal, signRecord, verifyRecord, type AsBuilt } from './as-built.ts';
import { figuresOf, jobsCsv, summaryOf } from './figures.ts';

const KEY = new Uint8Array(32).fill(7);
const built = () => {
  const job = new JobJournal().flawless();
  job.signOff();
  const blocks = job.stored.map(({ bytes }) => bytes);
  return { job, blocks, signed: signRecord(recordFromJournal(blocks) as AsBuilt, KEY) };
};

it('makes a record that anybody with the journal can verify, and nobody can change', () => {
  const { blocks, signed } = built();
  expect(verifyRecord(signed, blocks)).toBeNull();
  expect(verifyRecord(signed, blocks, ['did:key:z6Mkother'])?.key).toBe('other_hall');
  const forged = { ...signed, record: { ...signed.record, product: { ...signed.record.product, serial: 'SN-2' } } };
  expect(verifyRecord(forged, blocks)?.key).toBe('bad_signature');
  const lie = signRecord(forged.record, KEY);
  expect(verifyRecord(lie, blocks)?.key).toBe('other_journal');
  expect(verifyRecord(signed, blocks.slice(0, -1))?.key).toBe('other_journal');
  expect(signed.record.parts).toMatchObject([{ thing: 'bearing', code: { serial: 'B-1' }, isRight: true }]);
  expect(signed.record.tightenings.map(({ result }) => result.value)).toEqual([25, 25, 25]);
  expect(`${blockOfRecord(signed).cid}`).toMatch(/^b/);
});

it('a record names who helped as well as the crew', () => {
  const { people } = built().signed.record;
  const summary = { people: [{ id: 'xaver', name: 'Xaver Expert', as: 'expert', forMs: 1 }] };
  const help = [{ by: 'eva', name: 'Eva', summary }] as unknown as AsBuilt['help'];
  expect(nameIn({ people, help }, people[0]!.id)).toBe(people[0]!.name);
  expect(['eva', 'xaver', 'nobody'].map((id) => nameIn({ people, help }, id))).toEqual([
    'Eva',
    'Xaver Expert',
    'nobody',
  ]);
});

it('adds up what a supervisor asks: yield, cycle times, where time is lost', () => {
  const flawless = built().job;
  const flawed = new JobJournal().begin();
  flawed.scan('6204-2RS');
  flawed.dispose('scrap', 'sue');
  const jobs = [flawless, flawed].map((job) => summaryOf(job.state.document)!);
  const figures = figuresOf(jobs);
  expect(figures).toMatchObject({
    firstPassYield: 0.5,
    jobs: { finished: 1, scrapped: 1 },
    deviations: { wrong_part: 1 },
  });
  expect(figures.steps.map(({ step }) => step)).toContain('tighten');
  expect(figuresOf(jobs.toReversed())).toEqual(figures);
  const [head, ...lines] = jobsCsv(jobs).trim().split('\r\n');
  expect(head!.split(',')).toHaveLength(12);
  expect(lines).toHaveLength(6);
  const titled = { ...jobs[0]!, titles: { insert: { en: 'Bearing in', zh: '装入轴承' } } };
  expect(jobsCsv([titled])).toContain(',Bearing in,');
  expect(jobsCsv([titled], 'zh')).toContain(',装入轴承,');
  expect(jobsCsv([titled], 'zh')).toContain(',tighten,');
  expect(jobsCsv([{ ...jobs[0]!, order: '=cmd()' }])).toContain("'=cmd()");
});
