import { z } from 'zod';
import { CidText } from '../ids.ts';
import { Behaviour } from './behaviour.ts';
import { Condition } from './condition.ts';
import {
  ChapterId,
  ControlId,
  LocalId,
  ProcedureId,
  RoleId,
  SafetyRuleId,
  StationId,
  StepId,
  ThingId,
  ToolId,
} from './ids.ts';
import { Rubric } from './rubric.ts';
import { Language, Text } from './text.ts';
import { Variable, Workplace } from './workplace.ts';

/** One way out of a step. All conditions must hold; none: it completes at once. */
export const Transition = z.strictObject({
  id: LocalId,
  conditions: z.array(Condition).max(20),
  /** The next step of the same chapter, or null: the chapter is over. */
  to: StepId.nullable(),
  /** For a step with a body: may complete while the body still runs, and ends it. Others wait for the body. */
  interrupts: z.boolean(),
});
export type Transition = z.infer<typeof Transition>;

/** What a step is: a piece of work, or a frame around sub-chapters that run inside it. */
export const StepBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ordinary') }),
  /** A sub-procedure. */
  z.strictObject({ kind: z.literal('group'), chapter: ChapterId }),
  /** At the same time; done when `needed` of them are (null: all), the others then stop. */
  z.strictObject({
    kind: z.literal('parallel'),
    branches: z.array(ChapterId).min(1).max(20),
    needed: z.number().int().min(1).nullable(),
  }),
  /** One of them, drawn with the run's seed. */
  z.strictObject({
    kind: z.literal('random'),
    branches: z
      .array(z.strictObject({ chapter: ChapterId, weight: z.number().int().min(1).max(1000) }))
      .min(1)
      .max(20),
  }),
  /** The whole run is over. */
  z.strictObject({ kind: z.literal('end'), outcome: z.enum(['completed', 'failed']) }),
]);
export type StepBody = z.infer<typeof StepBody>;

/**
 * A failed attempt is a wrong answer, a tool result out of range, or the time limit. The step then starts again; after
 * `attempts` of them it goes on by `afterwards`.
 */
export const Retry = z.strictObject({
  attempts: z.number().int().min(1).max(100),
  afterwards: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('stay') }),
    z.strictObject({ kind: z.literal('leave'), to: StepId.nullable() }),
    z.strictObject({ kind: z.literal('fail') }),
  ]),
});

/** What may be grabbed and used while the step runs: in guided mode nothing else. */
export const Unlocks = z.strictObject({
  /** All that the step's conditions talk about. */
  needed: z.boolean(),
  things: z.array(ThingId).max(500),
  tools: z.array(ToolId).max(100),
  controls: z.array(ControlId).max(100),
});

export const Step = z.strictObject({
  id: StepId,
  title: Text,
  instruction: Text,
  body: StepBody,
  /** Whoever does it may skip it. */
  isOptional: z.boolean(),
  timeLimitMs: z.number().int().min(100).max(86_400_000).nullable(),
  retry: Retry.nullable(),
  /** Who does it; null: anybody. */
  role: RoleId.nullable(),
  station: StationId.nullable(),
  behaviours: z.array(Behaviour).max(100),
  /** In order: the first that completes wins. */
  transitions: z.array(Transition).max(50),
  unlocks: Unlocks,
  /** Told one after the other when somebody asks. */
  hints: z.array(Text).max(10),
  /** Where it stands in the graph editor, pixels. */
  position: z.strictObject({ x: z.number(), y: z.number() }),
});
export type Step = z.infer<typeof Step>;

export const Chapter = z.strictObject({
  id: ChapterId,
  title: Text,
  first: StepId,
  steps: z.array(Step).min(1).max(1000),
});
export type Chapter = z.infer<typeof Chapter>;

/** An act that must not be done, unless. Without `steps` it holds during the whole run. */
export const SafetyRule = z.strictObject({
  id: SafetyRuleId,
  text: Text,
  act: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('grab'), thing: ThingId }),
    z.strictObject({ kind: z.literal('touch'), thing: ThingId }),
    z.strictObject({ kind: z.literal('use'), thing: ThingId }),
    /** Any setting of the control. */
    z.strictObject({ kind: z.literal('set'), control: ControlId }),
  ]),
  steps: z.array(StepId).max(1000).nullable(),
  /** Standing conditions only; null: never allowed. */
  unless: Condition.nullable(),
});
export type SafetyRule = z.infer<typeof SafetyRule>;

export const PROCEDURE_VERSION = 1;

/**
 * A procedure: what to do, in which order, how it is seen to be done, and how it is judged. The same document trains in
 * VR and guides in AR. Plain data: a draft may be wrong in many ways, `check` names them; release asks for none.
 */
export const Procedure = z.strictObject({
  /** Of this format. */
  v: z.literal(PROCEDURE_VERSION),
  id: ProcedureId,
  title: Text,
  description: Text,
  /** The first is the default: every text must have it. */
  languages: z.array(Language).min(1).max(20),
  /** The published design revision whose parts the things are, or null. */
  design: CidText.nullable(),
  /** Run one after the other. */
  chapters: z.array(Chapter).min(1).max(100),
  /** Bodies of group, parallel and random steps. */
  subchapters: z.array(Chapter).max(500),
  variables: z.array(Variable).max(200),
  workplace: Workplace,
  safety: z.array(SafetyRule).max(200),
  rubric: Rubric,
  /** By language the texts (`<step>/<path>`) whose original has changed since they were translated: see `stale.ts`. */
  outdated: z.record(Language, z.array(z.string().max(600)).max(5000)).optional(),
});
export type Procedure = z.infer<typeof Procedure>;

/** All steps with the chapter each is in, main chapters first. */
export function* stepsOf(procedure: Procedure): Generator<{ chapter: Chapter; step: Step }> {
  for (const chapter of [...procedure.chapters, ...procedure.subchapters])
    for (const step of chapter.steps) yield { chapter, step };
}

/** The sub-chapters that run inside a step. */
export function branchesOf(body: StepBody): readonly ChapterId[] {
  switch (body.kind) {
    case 'group':
      return [body.chapter];
    case 'parallel':
      return body.branches;
    case 'random':
      return body.branches.map(({ chapter }) => chapter);
    case 'ordinary':
    case 'end':
      return [];
  }
}
