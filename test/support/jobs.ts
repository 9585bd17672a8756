import {
  encodeBlock,
  GENESIS_TYPE,
  openJournal,
  advance,
  sealEntry,
  type JournalState,
  type StoredEntry,
} from '#protocol/journal/index';
import { OpId, RoomId, UserId } from '#protocol/ids';
import {
  GUIDANCE_ROOMS,
  guidanceModel,
  JobPlan,
  jobOf,
  jobState,
  rowsOf,
  type GuidanceOpType,
  type GuidancePayload,
  type JobRow,
  type ToolResult,
} from '#protocol/guidance/index';
import { decide, type Role } from '#protocol/permissions/index';
import { partsOf, Procedure, type RunState } from '#protocol/procedures/index';
import { HALL_AUTHOR } from '#protocol/training/ids';
import { aChapter, aStep, aThing, en, to, WORKBENCH } from './procedures.ts';
import { DEFAULT_RUBRIC } from '#protocol/procedures/rubric';

export const TORQUE = { minimum: 23, maximum: 27, unit: 'N.m' };

/** A small product with every kind of check a job knows: a housing with a bearing, two screws, a gap and a cover. */
export function valve(
  change: (steps: Record<string, unknown>[]) => Record<string, unknown>[] = (steps) => steps,
): Procedure {
  const screw = (thing: string) => ({ kind: 'toolUsed', thing, tool: 'wrench', result: TORQUE });
  return Procedure.parse({
    v: 1,
    id: 'valve',
    title: en('Valve'),
    description: {},
    languages: ['en'],
    design: null,
    chapters: [
      aChapter(
        'main',
        change([
          aStep('insert', { transitions: [to('tighten', { kind: 'mounted', things: ['bearing'], isOrdered: false })] }),
          aStep('tighten', { transitions: [to('gap', screw('screw-1'), screw('screw-2'))] }),
          aStep('gap', {
            transitions: [
              to('clean', { kind: 'number', variable: 'gap', range: { minimum: 0.1, maximum: 0.3, unit: 'mm' } }),
            ],
          }),
          aStep('clean', { isOptional: true, transitions: [to('press', { kind: 'confirmed' })] }),
          aStep('press', {
            retry: { attempts: 2, afterwards: { kind: 'leave', to: 'inspect' } },
            transitions: [to('inspect', { ...screw('cover'), tool: 'press' })],
          }),
          aStep('inspect', { transitions: [to(null, { kind: 'confirmed' })] }),
        ]),
      ),
    ],
    subchapters: [],
    variables: [{ id: 'gap', initial: 0, unit: 'mm' }],
    safety: [],
    workplace: {
      ...WORKBENCH,
      things: [aThing('bearing'), aThing('screw-1'), aThing('screw-2'), aThing('cover'), aThing('seal')],
      tools: [
        { id: 'wrench', name: en('Wrench'), part: null, unit: 'N.m' },
        { id: 'press', name: en('Press'), part: null, unit: 'N.m' },
      ],
    },
    rubric: DEFAULT_RUBRIC,
  });
}

export const VALVE_RELEASE = `${encodeBlock('a release of the valve').cid}`;
export const valvePlan = (change: Partial<Record<keyof JobPlan, unknown>> = {}): JobPlan =>
  JobPlan.parse({
    productType: 'VALVE-40',
    title: 'Valve DN 40',
    release: VALVE_RELEASE,
    gates: [
      { id: 'bearing-code', step: 'insert', kind: 'scan', thing: 'bearing' },
      { id: 'bearing-photo', step: 'insert', kind: 'photo', text: en('The seat'), compareWith: null },
      { id: 'torque-skill', step: 'tighten', kind: 'skill', code: 'TORQUE', level: 3 },
      { id: 'second', step: 'inspect', kind: 'secondPerson', role: null },
    ],
    kit: [{ thing: 'bearing', part: '6208-2RS', traced: 'serial', allowed: null }],
    tools: [
      { tool: 'wrench', device: 'W-1' },
      { tool: 'press', device: 'P-1' },
    ],
    onNewRelease: 'whenSafe',
    design: null,
    ...change,
  });

export const [ann, ben, sue] = ['ann', 'ben', 'sue'].map((id) => UserId.parse(id)) as [UserId, UserId, UserId];
/** Ann and Ben work, Sue supervises; `design` may accept what is not as it should be. */
export const ROLE_OF: Readonly<Record<string, Role>> = {
  ann: 'trainee',
  ben: 'trainee',
  sue: 'instructor',
  designer: 'designer',
  [HALL_AUTHOR]: 'owner',
};
/** People are not called by their ids. */
const nameOf = (id: string) => `${id[0]!.toUpperCase()}${id.slice(1)}`;

export const CREW = [
  { id: ann, name: 'Ann', roles: [], station: null },
  { id: ben, name: 'Ben', roles: [], station: null },
];
export const A_PHOTO = `${encodeBlock('a picture').cid}`;

/** A job's journal written op by op, as the hall does it, rights included, without a server. */
export class JobJournal {
  readonly stored: StoredEntry[] = [];
  state: JournalState;
  atMs = 1_000_000;
  results = 0;

  // Written out, because benchmarks run this file with its types stripped.
  readonly procedure: Procedure;

  constructor(
    procedure: Procedure = valve(),
    plan: JobPlan = valvePlan(),
    crew: GuidancePayload<'job.open'>['crew'] = CREW,
  ) {
    this.procedure = procedure;
    const genesis = { kind: 'guidance', purpose: 'guidance', title: 'Valve' };
    const first = this.#seal(GENESIS_TYPE, genesis, 'ann', null);
    const opened = openJournal(first, null, GUIDANCE_ROOMS);
    if (!opened.ok) throw new Error(opened.problem.message);
    this.state = opened.state;
    this.stored.push(first);
    const cid = this.load(procedure);
    const problem = this.put(
      'job.open',
      { order: 'WO-1', serial: 'SN-1', station: 'S1', procedure: cid, revision: 1, plan, crew },
      'ann',
    );
    if (problem) throw new Error(problem);
  }

  /** Returns the CID of the procedure, which is in the room now. */
  load(procedure: Procedure): string {
    const block = encodeBlock(procedure);
    for (const part of partsOf(`${block.cid}`, block.bytes)) this.put('job.load', part);
    return `${block.cid}`;
  }

  get job(): JobRow {
    return jobOf(this.state.document)!;
  }
  get engine(): RunState | null {
    return jobState(this.state.document, this.job);
  }
  get step(): string | null {
    return this.engine?.active.at(-1)?.step ?? null;
  }
  get deviations() {
    return rowsOf(this.state.document, 'deviations');
  }
  get visits() {
    return rowsOf(this.state.document, 'visits');
  }

  /** The key of the problem, or null when it was taken. */
  put<T extends GuidanceOpType>(type: T, payload: GuidancePayload<T>, by: string = HALL_AUTHOR): string | null {
    const valid = guidanceModel.validate(type, payload);
    if (!valid.ok) return valid.problem.key;
    const op = { id: OpId.parse(`op-${this.stored.length}-${by}`), type, payload: valid.payload };
    const { action, situation } = guidanceModel.demand(this.state.document, op, by);
    const denied = decide(ROLE_OF[by] ?? 'observer', action, { held: 'nobody', room: 'open', ...situation });
    if (denied) return denied.key;
    const next = this.#seal(type, valid.payload, by, this.state);
    const outcome = advance(this.state, next, GUIDANCE_ROOMS);
    if (!outcome.ok) return outcome.problem.key;
    this.state = outcome.state;
    this.stored.push(next);
    return null;
  }

  begin(): this {
    const skills = [{ code: 'TORQUE', level: 3, validUntilMs: null, certificate: 'c-1' }];
    this.put('skill.show', { person: ann, skills });
    this.put('job.begin', {}, 'ann');
    return this;
  }
  act(type: string, more: object = {}, by: string = 'ann'): string | null {
    return this.put('job.act', { act: { type, by, ...more } as never }, by);
  }
  scan(part: string, serial: string | null = 'B-1', by = 'ann'): string | null {
    return this.put('part.scan', { thing: 'bearing' as never, code: { part, serial, lot: null } }, by);
  }
  photo(by = 'ann'): string | null {
    return this.put('photo.add', { gate: 'bearing-photo', cid: A_PHOTO, kind: 'picture' }, by);
  }
  tool(value: number, change: Partial<ToolResult> = {}): string | null {
    const result: ToolResult = {
      key: `r-${this.results++}`,
      device: 'W-1',
      value,
      unit: 'N.m',
      angleRad: null,
      isOk: value >= 23 && value <= 27,
      atMs: this.atMs,
      serial: null,
      calibratedUntilMs: null,
      programme: null,
      ...change,
    };
    return this.put('tool.result', { result });
  }
  press(value: number): string | null {
    return this.tool(value, { device: 'P-1' });
  }
  gap(value: number, by = 'ann'): string | null {
    return this.put('value.measure', { variable: 'gap' as never, value, instrument: null }, by);
  }
  check(isOk = true, by = 'ben'): string | null {
    return this.put('check.second', { gate: 'second', isOk, note: 'looked' }, by);
  }
  dispose(disposition: 'rework' | 'concession' | 'scrap', by: string, releasesStep = false, which = 0): string | null {
    const deviation = this.job.undecided[which] ?? 'none';
    return this.put('deviation.dispose', { deviation, disposition, reason: 'as decided', releasesStep }, by);
  }
  signOff(by = 'ann'): string | null {
    return this.put('job.signOff', { statement: 'All done' }, by);
  }

  /** From the beginning to where only the sign-off is missing, without a flaw. */
  flawless(): this {
    this.begin();
    this.scan('6208-2RS');
    this.photo();
    this.act('mounted', { thing: 'bearing' });
    this.tool(25);
    this.tool(25);
    this.gap(0.2);
    this.act('confirmed');
    this.press(25);
    this.act('confirmed');
    this.check();
    return this;
  }

  #seal(type: string, payload: unknown, by: string, state: JournalState | null): StoredEntry {
    this.atMs += 1000;
    return sealEntry({
      v: 1,
      room: RoomId.parse('job-room'),
      seq: state?.length ?? 0,
      prev: state?.head ?? null,
      id: OpId.parse(`op-${this.stored.length}-${by}`),
      author: { id: UserId.parse(by), name: nameOf(by) },
      at: this.atMs,
      type,
      payload,
    });
  }
}
