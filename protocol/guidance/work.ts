import { table, type Change, type Document, type Entity } from '../document/document.ts';
import { problem, type Problem } from '../errors.ts';
import type { UserId } from '../ids.ts';
import type { Entry } from '../journal/entry.ts';
import type { RunEvent } from '../procedures/event.ts';
import { indexOf, type ProcedureIndex } from '../procedures/procedure-index.ts';
import type { Procedure } from '../procedures/procedure.ts';
import { react, start } from '../procedures/run.ts';
import { writeRun } from '../procedures/run-rows.ts';
import type { Effect, Finding, RunState } from '../procedures/run-state.ts';
import { errorAt } from './alignment.ts';
import {
  DEVIATION_KINDS,
  JOB,
  jobOf,
  jobProcedure,
  jobState,
  skillsIn,
  type AlignmentRow,
  type Deviation,
  type DeviationKind,
  type HowLeft,
  type JobRow,
  type JobTables,
  type Visit,
} from './document.ts';
import { gateVariable, heldVariable, isHold, isOwnVariable, RELEASED, releaseVariable } from './gated.ts';
import type { Gate } from './plan.ts';

export type OpEntry = Pick<Entry, 'author' | 'at' | 'madeAt' | 'id'>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Moves of gates in one op: each is made at most once or twice per step. */
const MAX_MOVES = 2000;
/** Findings of the engine that say nothing about the product. */
const HARMLESS: ReadonlySet<Finding['kind']> = new Set([
  'hint',
  'time_limit',
  'wrong_person',
  'false_alarm',
  'wrong_diagnosis',
]);

export const say = (key: string, message: string, facts: Problem['facts'], next = 'Nothing was changed.'): Problem =>
  problem('guidance', key, message, { facts, next });

/**
 * One op on the job, in the making: rows are written over the document, the engine is driven, and what comes of it
 * (visits, deviations, gates) is noted. `done` gives the changes.
 */
export class Work {
  readonly #rows = new Map<string, { table: string; id: string; after: Entity }>();
  readonly job: Mutable<JobRow>;
  #before: RunState | null;
  state: RunState | null;
  #procedure: Procedure;

  private constructor(
    readonly document: Document,
    readonly entry: OpEntry,
    job: JobRow,
  ) {
    this.job = { ...job };
    this.#procedure = jobProcedure(document, job)!;
    this.#before = this.state = jobState(document, job);
  }

  static on(document: Document, entry: OpEntry): Work | null {
    const job = jobOf(document);
    return job ? new Work(document, entry, job) : null;
  }
  static opened(document: Document, entry: OpEntry, job: JobRow): Work {
    return new Work(document, entry, job);
  }

  get index(): ProcedureIndex {
    return indexOf(this.#procedure);
  }
  get by(): UserId {
    return this.entry.author.id;
  }

  /** Adds a row; returns its number. */
  add<T extends keyof JobTables>(name: T, row: Omit<JobTables[T], 'n'>): number {
    const n = this.job.counts[name] ?? 0;
    this.job.counts = { ...this.job.counts, [name]: n + 1 };
    this.put(name, n, { ...row, n } as unknown as JobTables[T]);
    return n;
  }
  put<T extends keyof JobTables>(name: T, n: number | string, row: JobTables[T]): void {
    this.#rows.set(`${name}/${n}`, { table: name, id: `${n}`, after: row as unknown as Entity });
  }
  /** What the hall makes known of a person. */
  putOfPerson(name: 'skills' | 'releaseKeys', person: string, row: Entity): void {
    this.#rows.set(`${name}/${person}`, { table: name, id: person, after: row });
  }
  get<T extends keyof JobTables>(name: T, n: number | string): JobTables[T] | undefined {
    const row = this.#rows.get(`${name}/${n}`)?.after ?? table(this.document, name).get(`${n}`);
    return row as unknown as JobTables[T] | undefined;
  }

  /** The visit that a step is in now, or null. */
  visitOf(step: string): Visit | null {
    const thread = this.state?.active.find((one) => one.step === step)?.thread;
    const n = thread === undefined ? undefined : this.job.visiting[thread];
    return n === undefined ? null : (this.get('visits', n) ?? null);
  }
  changeVisit(visit: Visit, change: Partial<Visit>): void {
    this.put('visits', visit.n, { ...this.get('visits', visit.n)!, ...change });
  }
  /** Where the overlay lies now; null: nobody has aligned yet. */
  get alignment(): AlignmentRow | null {
    const last = (this.job.counts['alignments'] ?? 0) - 1;
    return last < 0 ? null : (this.get('alignments', last) ?? null);
  }
  gatesOf(step: string): readonly Gate[] {
    return this.job.plan.gates.filter((gate) => gate.step === step);
  }
  meet(visit: Visit, gate: string): void {
    const { met } = this.get('visits', visit.n)!;
    if (!met.includes(gate)) this.changeVisit(visit, { met: [...met, gate] });
  }

  begin(): void {
    const { at } = this.entry;
    const participants = this.job.crew.map(({ id, roles, station }) => ({ id, roles, station }));
    const { state, effects } = start(this.#procedure, {
      mode: 'guided',
      seed: at % 0xffff_ffff,
      participants,
      startedAtMs: at,
    });
    this.state = state;
    this.#note(effects, null);
    this.settle();
  }

  /** Lets a fact happen. The problem is why it did not. */
  happen(event: RunEvent): Problem | null {
    if (!this.state) return say('not_begun', 'Work has not begun.', {}, 'Begin the job first.');
    const doers = 'by' in event && event.type !== 'approved' ? event.by : null;
    if (doers) this.#noteDoer(doers);
    const { state, effects } = react(this.#procedure, this.state, event, this.entry.at);
    this.state = state;
    const refused = this.#note(effects, 'by' in event ? event.by : null);
    this.settle();
    return refused;
  }

  /** Gates, holds and releases as the engine's variables, until nothing moves. */
  settle(): void {
    for (let moves = 0; moves < MAX_MOVES; moves++) {
      if (!this.state || this.state.status !== 'running' || this.state.pausedAtMs !== null) return;
      const move = this.#nextMove();
      if (!move) return;
      const by = this.state.participants[0]!.id;
      const event = { type: 'entered', by, variable: move.variable, value: move.value } as RunEvent;
      const { state, effects } = react(this.#procedure, this.state, event, this.entry.at);
      this.state = state;
      this.#note(effects, null);
    }
  }

  /** Another procedure under the same state; who asks has seen to it that this is safe. */
  migrate(document: Document, change: Pick<JobRow, 'procedure' | 'release' | 'revision' | 'plan'>): void {
    Object.assign(this.job, change);
    this.#procedure = jobProcedure(document, this.job)!;
    const variables = Object.fromEntries(this.#procedure.variables.map(({ id, initial }) => [id, initial]));
    const { world } = this.state!;
    this.state = { ...this.state!, world: { ...world, variables: { ...variables, ...world.variables } } };
    this.settle();
  }

  deviate(
    kind: DeviationKind,
    about: Partial<Pick<Deviation, 'step' | 'visit' | 'by' | 'facts' | 'text' | 'decided'>>,
  ): string {
    const { step = null, by = this.by, facts = {}, text = '', decided = null } = about;
    // A step that was just left is not to be found by what runs now.
    const visit = about.visit ?? (step === null ? null : (this.visitOf(step)?.n ?? null));
    const same = this.job.undecided
      .map((id) => this.get('deviations', id)!)
      .find((one) => one.kind === kind && one.visit === visit && kind !== 'reported' && !decided);
    if (same) {
      this.put('deviations', same.id, { ...same, count: same.count + 1, facts });
      return same.id;
    }
    const n = this.job.counts['deviations'] ?? 0;
    this.job.counts = { ...this.job.counts, deviations: n + 1 };
    const id = `${n}`;
    const atMs = this.entry.at;
    this.put('deviations', id, {
      id,
      kind,
      step,
      visit,
      by,
      atMs,
      count: 1,
      facts,
      text,
      decided,
      reworkedIn: null,
    });
    if (!decided) this.job.undecided = [...this.job.undecided, id];
    return id;
  }

  /** Why somebody cannot do a step for want of a skill; null: they can. */
  skillMissing(step: string, person: string): Problem | null {
    const visit = this.visitOf(step);
    if (!visit) return null;
    for (const gate of this.gatesOf(step)) {
      if (gate.kind !== 'skill' || visit.met.includes(gate.id)) continue;
      const held = skillsIn(this.document, person).filter(
        ({ code, level }) => code === gate.code && level >= gate.level,
      );
      if (held.some(({ validUntilMs }) => validUntilMs === null || validUntilMs >= this.entry.at)) continue;
      const key = held.length > 0 ? 'skill_expired' : 'skill_missing';
      return say(
        key,
        'This step asks for a skill that is not shown by a valid certificate.',
        { step, code: gate.code, level: gate.level, person },
        'Ask somebody who has it, or a supervisor to release the step with a reason.',
      );
    }
    return null;
  }

  done(): Change[] {
    const changes: Change[] = [];
    for (const { table: name, id, after } of this.#rows.values()) {
      const before = table(this.document, name).get(id);
      changes.push({ table: name, id, ...(before ? { before } : {}), after });
    }
    if (this.state) {
      const { state: _, ...row } = this.job;
      changes.push(...writeRun(this.document, row, this.#before, this.state));
    } else {
      const before = table(this.document, 'runs').get(JOB);
      const after = { ...this.job } as unknown as Entity;
      changes.push({ table: 'runs', id: JOB, ...(before ? { before } : {}), after });
    }
    return changes;
  }

  #nextMove(): { variable: string; value: number } | null {
    const state = this.state!;
    const { variables } = state.world;
    const wanted = new Map<string, number>();
    const running = state.active.filter(({ phase }) => phase === 'active');
    for (const { step } of running) {
      const visit = this.visitOf(step);
      if (!visit) continue;
      const isHeld = this.job.undecided.some((id) => this.get('deviations', id)!.visit === visit.n);
      wanted.set(heldVariable(step), isHeld ? 1 : 0);
      for (const gate of this.gatesOf(step)) {
        const isMet = visit.met.includes(gate.id) || this.#isMetByItself(gate, visit);
        if (isMet) this.meet(visit, gate.id);
        wanted.set(gateVariable(gate.id), isMet ? 1 : 0);
      }
      wanted.set(releaseVariable(step), visit.isReleased ? 1 : 0);
    }
    // First what closes a step: what belongs to steps that do not run, evidence that is asked for anew, holds.
    for (const [id, value] of Object.entries(variables))
      if (isOwnVariable(id) && value !== 0 && !wanted.has(id)) return { variable: id, value: 0 };
    const moves = [...wanted].filter(([variable, value]) => (variables[variable] ?? 0) !== value);
    const [move] = moves.filter(([variable, value]) => value === (isHold(variable) ? 1 : 0)).concat(moves);
    if (move) return { variable: move[0], value: move[1] };
    return null;
  }

  #isMetByItself(gate: Gate, { by }: Visit): boolean {
    if (gate.kind === 'alignment') return errorAt(this.alignment, gate.atInProduct) <= gate.withinM;
    return (
      gate.kind === 'skill' && by.length > 0 && by.every((person) => this.skillMissing(gate.step, person) === null)
    );
  }

  #noteDoer(person: UserId): void {
    if (!this.job.crew.some(({ id }) => id === person)) return;
    this.job.atWork = person;
    for (const { step } of this.state!.active) {
      const visit = this.visitOf(step);
      if (visit && !visit.by.includes(person)) this.changeVisit(visit, { by: [...visit.by, person] });
    }
  }

  /** Notes what a reaction says; returns why the event changed nothing, if it did not. */
  #note(effects: readonly Effect[], by: UserId | null): Problem | null {
    let refused: Problem | null = null;
    for (const effect of effects) {
      if (effect.kind === 'refused') refused = effect.problem;
      else if (effect.kind === 'finding') this.#noteFinding(effect.finding, by);
      else if (effect.kind === 'entered') this.#noteEntered(effect);
      else if (effect.kind === 'left') this.#noteLeft(effect);
      else if (effect.kind === 'ended' && effect.status === 'failed')
        this.deviate('procedure_failed', { by, facts: { problem: effect.problem?.key ?? null } });
    }
    return refused;
  }

  #noteFinding({ kind, step, facts }: Finding, by: UserId | null): void {
    if (HARMLESS.has(kind)) return;
    // A jump back is rework, decided by somebody already.
    if (kind === 'skipped') return;
    const known = DEVIATION_KINDS.find((one) => one === kind);
    if (known) this.deviate(known, { step, by, facts });
  }

  #noteEntered({ step, thread, attempt }: Extract<Effect, { kind: 'entered' }>): void {
    const { at } = this.entry;
    const n = this.add('visits', {
      step,
      thread,
      attempt,
      revision: this.job.revision,
      enteredAtMs: at,
      leftAtMs: null,
      how: null,
      by: [],
      met: [],
      isReleased: false,
    });
    this.job.visiting = { ...this.job.visiting, [thread]: n };
  }

  #noteLeft({ step, thread, how, transition }: Extract<Effect, { kind: 'left' }>): void {
    const n = this.job.visiting[thread];
    const visit = n === undefined ? undefined : this.get('visits', n);
    if (!visit || visit.step !== step) return;
    const { [thread]: _, ...rest } = this.job.visiting;
    const wayOut: HowLeft =
      how !== 'transition' ? how : transition === null ? 'spent' : transition === RELEASED ? 'released' : 'checked';
    const isEnd = this.index.steps.get(step)?.step.body.kind === 'end';
    const left: HowLeft = isEnd && how === 'transition' ? 'checked' : wayOut;
    const about = { step, visit: visit.n, by: null };
    if (left === 'skipped') this.deviate('skipped', about);
    if (left === 'spent') this.deviate('attempts_spent', about);
    if (left === 'checked' && !this.gatesOf(step).every(({ id }) => visit.met.includes(id)))
      this.deviate('unchecked', about);
    this.job.visiting = rest;
    this.changeVisit(visit, { leftAtMs: this.entry.at, how: left });
    if (left !== 'checked') return;
    const done = this.job.inRework.filter((id) => this.get('deviations', id)!.step === step);
    for (const id of done) this.put('deviations', id, { ...this.get('deviations', id)!, reworkedIn: visit.n });
    this.job.inRework = this.job.inRework.filter((id) => !done.includes(id));
  }
}
