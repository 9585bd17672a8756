import type { Activity, LanguageMap } from './activity.ts';
import type { Agent, Group } from './actor.ts';
import { isLanguageTag, isUuid } from './data-types.ts';
import { ACTIVITY_TYPES, EXTENSIONS, PROFILE_VERSION, VERBS, WORDS, type VerbName } from './profile/vocabulary.ts';
import type { Context, Result, Statement } from './statement.ts';
import { uuid5 } from './uuid5.ts';

/**
 * What a run of a procedure says in xAPI. The effects and the sheet come from the engine (`replay` and `score` of
 * protocol/procedures); this file gives each its statement. Pure, and the id of a statement follows from the run, the
 * event and its place among what the event caused: telling a run again, or telling it while it goes on and once more at
 * the end, makes the same statements, which no LRS stores twice.
 */
export interface ToldRun {
  /** Of this run, unique in the hall; a UUID is taken as the registration, another is made into one. */
  readonly id: string;
  /** Where accounts and activities of this hall live, without a trailing slash. */
  readonly home: string;
  /** Which version of the procedure: a CID or another word that tells versions apart. */
  readonly revision: string;
  readonly mode: string;
  readonly startedAtMs: number;
  readonly participants: readonly string[];
  /** In the order of the record; `atMs` since 1970. */
  readonly events: readonly { readonly event: ToldEvent; readonly atMs: number }[];
  /** Each with the index of its event (-1: the start) and the run time after that event. */
  readonly effects: readonly { readonly event: number; readonly runTimeMs: number; readonly effect: ToldEffect }[];
  /** Null while it goes on. */
  readonly sheet: ToldSheet | null;
  /** When people gave the run up, which no sheet tells; since 1970. */
  readonly abandonedAtMs?: number | null;
  /**
   * What was hidden moves to its place in time when it is revealed, and would give everything after it another id. So a
   * run with secrets is told in two parts: `open`, what the room knew, word by word while it goes on; `revealed`, the
   * faults, what reports of them were worth, and the outcome. Not given: all at once.
   */
  readonly part?: 'open' | 'revealed';
  readonly procedure: ToldProcedure;
  readonly instructor?: Agent;
  /** Course or assignment that it belongs to. */
  readonly grouping?: readonly Activity[];
  /** Name of somebody; accounts go without one. */
  readonly nameOf?: (person: string) => string | undefined;
}

/** The parts of `Procedure`, `RunEvent`, `Effect` and `ScoreSheet` that are told; they fit as they are. */
export interface ToldProcedure {
  readonly id: string;
  readonly title: Words;
  readonly description: Words;
  readonly chapters: readonly { readonly steps: readonly { readonly id: string; readonly title: Words }[] }[];
  readonly subchapters: ToldProcedure['chapters'];
  readonly safety: readonly { readonly id: string; readonly text: Words }[];
  readonly workplace: {
    readonly faults: readonly { readonly id: string; readonly name: Words }[];
    readonly tools: readonly { readonly id: string; readonly name: Words }[];
  };
}
export type ToldEvent = { readonly type: string; readonly by?: string } & Readonly<Record<string, unknown>>;
export type ToldEffect = { readonly kind: string } & Readonly<Record<string, unknown>>;
export interface ToldSheet {
  readonly status: string;
  readonly points: number;
  readonly full: number;
  readonly isPassed: boolean;
  readonly durationMs: number;
  readonly lines: readonly { readonly reason: string; readonly points: number }[];
}
type Words = Readonly<Record<string, string>>;

/** In place of the index of an event: what is said of the whole run, whatever is still recorded after it was over. */
const THE_END = -2;
/** Findings that only who knows the faults can make. */
const OF_FAULTS: readonly string[] = ['false_alarm', 'wrong_diagnosis'];

/** Made once for the statements of Workhall: uuid5 of the URL namespace and `urn:workhall:xapi`. */
const NAMESPACE = uuid5('6ba7b811-9dad-11d1-80b4-00c04fd430c8', 'urn:workhall:xapi');

export function registrationOf(run: string): string {
  return isUuid(run) ? run.toLowerCase() : uuid5(NAMESPACE, `run ${run}`);
}

export function statementsOf(run: ToldRun): Statement[] {
  return new Teller(run).tell();
}

class Teller {
  private readonly told: Statement[] = [];
  private readonly enteredMs = new Map<string, number>();
  private readonly injectedMs = new Map<string, number>();
  private readonly registration: string;
  private readonly places = new Map<number, number>();

  constructor(private readonly run: ToldRun) {
    this.registration = registrationOf(run.id);
  }

  tell(): Statement[] {
    const { run } = this;
    for (const person of run.participants)
      this.say(-1, 0, 'initialized', this.procedure(), { actor: this.agent(person) });
    let at = 0;
    let runTimeMs = 0;
    const tellEffects = (event: number) => {
      for (; at < run.effects.length && run.effects[at]!.event === event; at++) {
        ({ runTimeMs } = run.effects[at]!);
        this.tellEffect(event, runTimeMs, run.effects[at]!.effect);
      }
    };
    tellEffects(-1);
    for (let event = 0; event < run.events.length; event++) {
      // What people did before what came of it; what was refused did not happen.
      const isRefused = run.effects.some((one) => one.event === event && one.effect.kind === 'refused');
      if (!isRefused) this.tellEvent(event, runTimeMs);
      tellEffects(event);
    }
    if (run.sheet && run.sheet.status !== 'running') this.tellEnd(run.sheet);
    else if (run.abandonedAtMs) this.tellAbandoned(run.abandonedAtMs);
    return this.told;
  }

  private tellEvent(event: number, runTimeMs: number): void {
    const said = this.run.events[event]!.event;
    const hasFinding = (kind: string) =>
      this.run.effects.some(
        ({ event: of, effect }) => of === event && (effect['finding'] as { kind?: string } | undefined)?.kind === kind,
      );
    if (said.type === 'answered') {
      const { answer, step, path } = said as unknown as { answer: number | string[]; step: string; path: string };
      const response = Array.isArray(answer) ? answer.join('[,]') : String(answer);
      const result = { response, success: !hasFinding('wrong_answer') };
      this.say(event, runTimeMs, 'answered', this.question(step, path, answer), { result, within: step });
    }
    if (said.type === 'toolUsed' && said['result'] !== null) {
      const { value, unit } = said['result'] as { value: number; unit: string };
      const success = said['isOk'] === true && !hasFinding('wrong_result');
      const result = { success, extensions: { [EXTENSIONS.measurement]: { value, unit } } };
      this.say(event, runTimeMs, 'measured', this.tool(String(said['tool'])), { result });
    }
    if (said.type === 'paused') this.say(event, runTimeMs, 'suspended', this.procedure());
    if (said.type === 'resumed') this.say(event, runTimeMs, 'resumed', this.procedure());
  }

  private tellEffect(event: number, runTimeMs: number, effect: ToldEffect): void {
    const step = String(effect['step']);
    switch (effect.kind) {
      case 'entered':
        this.enteredMs.set(step, runTimeMs);
        return this.say(event, runTimeMs, 'attempted', this.step(step), {
          result: { extensions: { [EXTENSIONS.attempt]: effect['attempt'] } },
        });
      case 'left': {
        const verb = ({ transition: 'completed', skipped: 'skipped', retried: 'failed' } as const)[
          String(effect['how'])
        ];
        const result: Result = {
          duration: lasting(runTimeMs - (this.enteredMs.get(step) ?? runTimeMs)),
          ...(verb === 'completed' ? { completion: true } : {}),
          ...(verb === 'failed' ? { success: false } : {}),
        };
        return this.say(event, runTimeMs, verb ?? 'exited', this.step(step), { result });
      }
      case 'hint':
        return this.say(event, runTimeMs, 'requestedHint', this.step(step));
      case 'finding':
        return this.tellFinding(event, runTimeMs, effect['finding'] as ToldFinding);
      case 'fault':
        return this.tellFault(event, runTimeMs, String(effect['fault']), String(effect['is']));
    }
  }

  private tellFinding(event: number, runTimeMs: number, { kind, step, by, facts }: ToldFinding): void {
    if (kind === 'hint' || kind === 'skipped') return; // told as what they are
    const isRevealed = OF_FAULTS.includes(kind);
    const result = { extensions: { [EXTENSIONS.error]: { kind, ...facts } } };
    const actor = by === null ? {} : { actor: this.agent(by) };
    if (kind === 'safety') {
      const rule = this.safetyRule(String(facts['rule']));
      this.say(event, runTimeMs, 'violatedSafety', rule, { result, ...actor, ...(step ? { within: step } : {}) });
    } else {
      const object = step === null ? this.procedure() : this.step(step);
      this.say(event, runTimeMs, 'erred', object, { result, ...actor, isRevealed });
    }
  }

  private tellFault(event: number, runTimeMs: number, fault: string, is: string): void {
    if (is === 'injected') this.injectedMs.set(fault, runTimeMs);
    const verb = ({ found: 'detectedFault', diagnosed: 'diagnosedFault', cleared: 'clearedFault' } as const)[is];
    const duration = lasting(runTimeMs - (this.injectedMs.get(fault) ?? runTimeMs));
    const told = verb ? { result: { duration } } : {};
    this.say(event, runTimeMs, verb ?? 'injectedFault', this.fault(fault), { ...told, isRevealed: true });
  }

  private tellEnd(sheet: ToldSheet): void {
    const duration = lasting(sheet.durationMs);
    const deductions: Record<string, number> = {};
    for (const { reason, points } of sheet.lines) deductions[reason] = (deductions[reason] ?? 0) + points;
    const score = { scaled: sheet.points / sheet.full, raw: sheet.points, min: 0, max: sheet.full };
    const judged = { score, success: sheet.isPassed, duration, extensions: { [EXTENSIONS.deductions]: deductions } };
    for (const person of this.run.participants) {
      const say = (verb: VerbName, result: Result) =>
        this.say(THE_END, sheet.durationMs, verb, this.procedure(), {
          actor: this.agent(person),
          result,
          isRevealed: true,
        });
      if (sheet.status === 'completed') say('completed', { completion: true, duration });
      say(sheet.isPassed ? 'passed' : 'failed', judged);
      say('terminated', { duration });
    }
  }

  private tellAbandoned(abandonedAtMs: number): void {
    const durationMs = abandonedAtMs - this.run.startedAtMs;
    for (const person of this.run.participants)
      this.say(THE_END, durationMs, 'terminated', this.procedure(), {
        actor: this.agent(person),
        result: { duration: lasting(durationMs) },
        isRevealed: true,
      });
  }

  private say(
    event: number,
    runTimeMs: number,
    verb: VerbName,
    object: Activity,
    { isRevealed = false, ...told }: { actor?: Agent; result?: Result; within?: string; isRevealed?: boolean } = {},
  ): void {
    const { part } = this.run;
    if (part && isRevealed !== (part === 'revealed')) return;
    const place = this.places.get(event) ?? 0;
    this.places.set(event, place + 1);
    const { startedAtMs, events } = this.run;
    const cause = event === THE_END ? this.run.effects.findLast(({ effect }) => effect.kind === 'ended')?.event : event;
    const endedAtMs = event === THE_END ? this.run.abandonedAtMs : null;
    const atMs = endedAtMs ?? events[cause ?? -1]?.atMs ?? startedAtMs;
    this.told.push({
      id: uuid5(NAMESPACE, `${this.registration} ${part === 'revealed' ? 'revealed ' : ''}${event} ${place}`),
      actor: told.actor ?? this.whoDid(event),
      verb: { id: VERBS[verb], display: WORDS[verb] },
      object,
      ...(told.result ? { result: told.result } : {}),
      context: this.context(object, runTimeMs, told.within),
      timestamp: new Date(atMs).toISOString(),
    });
  }

  private context(object: Activity, runTimeMs: number, within: string | undefined): Context {
    const { run } = this;
    const isWhole = object.id === this.procedure().id;
    const parent = [...(isWhole ? [] : [this.procedure()]), ...(within === undefined ? [] : [this.step(within)])];
    return {
      registration: this.registration,
      ...(run.instructor ? { instructor: run.instructor } : {}),
      ...(run.participants.length > 1 ? { team: this.everybody() } : {}),
      contextActivities: {
        ...(parent.length > 0 ? { parent } : {}),
        ...(run.grouping?.length ? { grouping: run.grouping } : {}),
        category: [{ objectType: 'Activity', id: PROFILE_VERSION, definition: { type: ACTIVITY_TYPES.profile } }],
      },
      revision: run.revision,
      platform: 'Workhall',
      extensions: { [EXTENSIONS.mode]: run.mode, [EXTENSIONS.runTimeMs]: Math.round(runTimeMs) },
    };
  }

  /** Who caused the event; where time or a machine did, those who are at it. */
  private whoDid(event: number): Agent | Group {
    const by = event < 0 ? undefined : this.run.events[event]?.event.by;
    if (by !== undefined) return this.agent(by);
    return this.run.participants.length === 1 ? this.agent(this.run.participants[0]!) : this.everybody();
  }

  private everybody(): Group {
    return { objectType: 'Group', member: this.run.participants.map((person) => this.agent(person)) };
  }

  private agent(person: string): Agent {
    const name = this.run.nameOf?.(person);
    const account = { homePage: this.run.home, name: person };
    return { objectType: 'Agent', ...(name === undefined ? {} : { name }), account };
  }

  private procedure(): Activity {
    const { id, title, description } = this.run.procedure;
    return this.activity('', ACTIVITY_TYPES.procedure, title, { id, description });
  }
  private step(id: string): Activity {
    const { chapters, subchapters } = this.run.procedure;
    const step = [...chapters, ...subchapters].flatMap(({ steps }) => steps).find((one) => one.id === id);
    return this.activity(`/steps/${id}`, ACTIVITY_TYPES.step, step?.title);
  }
  private fault(id: string): Activity {
    const { faults } = this.run.procedure.workplace;
    return this.activity(`/faults/${id}`, ACTIVITY_TYPES.fault, faults.find((one) => one.id === id)?.name);
  }
  private tool(id: string): Activity {
    const { tools } = this.run.procedure.workplace;
    return this.activity(`/tools/${id}`, ACTIVITY_TYPES.tool, tools.find((one) => one.id === id)?.name);
  }
  private safetyRule(id: string): Activity {
    const rule = this.run.procedure.safety.find((one) => one.id === id);
    return this.activity(`/safety/${id}`, ACTIVITY_TYPES.safetyRule, rule?.text);
  }
  private question(step: string, path: string, answer: number | readonly string[]): Activity {
    const { id } = this.step(step);
    const interactionType = Array.isArray(answer) ? 'choice' : 'numeric';
    const type = ACTIVITY_TYPES.question;
    return { objectType: 'Activity', id: `${id}/questions/${path}`, definition: { type, interactionType } };
  }

  private activity(
    path: string,
    type: string,
    name?: Words,
    more: { id?: string; description?: Words } = {},
  ): Activity {
    const base = `${this.run.home}/procedures/${this.run.procedure.id}`;
    const definition = {
      type,
      ...(name ? { name: spoken(name) } : {}),
      ...(more.description ? { description: spoken(more.description) } : {}),
    };
    return { objectType: 'Activity', id: `${base}${path}`, definition };
  }
}

interface ToldFinding {
  readonly kind: string;
  readonly step: string | null;
  readonly by: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Our language tags are a little more generous than RFC 5646. */
function spoken(words: Words): LanguageMap {
  return Object.fromEntries(Object.entries(words).filter(([language]) => isLanguageTag(language)));
}

/** Milliseconds as a duration to the hundredth of a second, which is all that xAPI compares. */
function lasting(ms: number): string {
  return `PT${Math.max(0, Math.round(ms / 10) / 100)}S`;
}
