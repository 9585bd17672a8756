import { expect, it } from 'vitest';
import { A_PHOTO, JobJournal, VALVE_RELEASE, valve, valvePlan } from '../../test/support/jobs.ts';
import { IDENTITY_POSE } from '../spatial/index.ts';
import {
  asBuiltOf,
  blockOfRecord,
  nameIn,
  recordFromJournal,
  signRecord,
  verifyRecord,
  type AsBuilt,
} from './as-built.ts';
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

it('says of each piece what was seen, who did it, when, with which tool, how well the overlay sat, and by which design and instruction', () => {
  const design = { revision: A_PHOTO, token: '17' };
  const job = new JobJournal(valve(), valvePlan({ design }));
  job.begin();
  const alignment = { productInRoom: IDENTITY_POSE, expectedErrorM: 0.0012, how: 'markers', markers: ['36h11/0'] };
  expect(job.put('align.set', alignment as never, 'ann')).toBeNull();
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  for (const value of [25, 26]) job.tool(value, { serial: 'T-1', calibratedUntilMs: 4e12 });
  job.gap(0.2);
  const record = asBuiltOf(job.state.document, { head: A_PHOTO, length: job.stored.length } as never)!;
  expect(record).toMatchObject({
    design,
    instruction: { release: VALVE_RELEASE, revision: 1 },
    people: [{ name: 'Ann' }, { name: 'Ben' }],
    parts: [{ thing: 'bearing', code: { part: '6208-2RS', serial: 'B-1' }, isRight: true, by: 'ann' }],
    pictures: [{ gate: 'bearing-photo', cid: A_PHOTO, kind: 'picture', by: 'ann' }],
    alignments: [{ expectedErrorM: 0.0012, how: 'markers', by: 'ann' }],
    tightenings: [25, 26].map((value) => ({
      result: { value, unit: 'N.m', device: 'W-1', serial: 'T-1', calibratedUntilMs: 4e12 },
      limits: { minimum: 23, maximum: 27 },
      verdict: 'counted',
    })),
    measurements: [{ value: 0.2, by: 'ann', limits: { minimum: 0.1, maximum: 0.3 } }],
  });
  expect(record.steps.map(({ step, title }) => [step, title]).slice(0, 2)).toEqual([
    ['insert', 'Step insert'],
    ['tighten', 'Step tighten'],
  ]);
  for (const row of [...record.parts, ...record.pictures, ...record.measurements, ...record.alignments])
    expect(row.atMs).toBeGreaterThan(1_000_000);
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
