/** From a simulated machine and the words of its steps to a procedure: instruments, controls and faults are the machine's. */
import { readFile, writeFile } from 'node:fs/promises';
import type { EquipmentModel } from '#protocol/equipment/index';
import { check, EMPTY_WORKPLACE, Procedure } from '#protocol/procedures/index';

export interface Words {
  readonly en: string;
  readonly zh: string;
}
export const w = (en: string, zh: string): Words => ({ en, zh });

export interface EquipmentStep {
  readonly id: string;
  readonly chapter: string;
  readonly title: Words;
  readonly instruction: Words;
  /** All of them must hold. */
  readonly until: readonly object[];
  /** Controls that may be used beside those that the conditions name: buttons, above all. */
  readonly unlock?: readonly string[];
  readonly hint?: Words;
  /** Things that it is about, beside those that the conditions name. */
  readonly at?: readonly string[];
  /** What is no longer there once it is done, and what is there again. */
  readonly off?: readonly string[];
  readonly on?: readonly string[];
  /** Other ways out, after the first. */
  readonly otherwise?: readonly { readonly id: string; readonly to: string; readonly when: readonly object[] }[];
  /** Where it goes, when not to the next step of the chapter. */
  readonly to?: string;
  readonly points?: { readonly points: number; readonly reason: Words };
}

export interface ProcedureText {
  readonly id: string;
  readonly title: Words;
  readonly description: Words;
  readonly chapters: Readonly<Record<string, Words>>;
  readonly steps: readonly EquipmentStep[];
  readonly variables: readonly object[];
  readonly safety: readonly { readonly id: string }[];
  readonly rubric: object;
}

/** Short forms of conditions. */
export const value = (sensor: string, unit: string, minimum?: number, maximum?: number, holdMs = 0) => ({
  kind: 'value',
  sensor,
  range: { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }), unit },
  holdMs,
});
export const stands = (control: string, ...positions: string[]) => ({
  kind: 'control',
  control,
  setting: { kind: 'positions', positions },
  holdMs: 0,
});
export const opened = (control: string, minimum: number, maximum: number) => ({
  kind: 'control',
  control,
  setting: { kind: 'number', range: { minimum, maximum, unit: '%' } },
  holdMs: 0,
});
export const worn = (...things: string[]) => ({ kind: 'worn', things });
export const touched = (thing: string) => ({ kind: 'touched', thing });
export const checklist = (...items: (readonly [id: string, text: Words])[]) => ({
  kind: 'checklist',
  items: items.map(([id, text]) => ({ id, text })),
});
export const tested = (thing: string, minimum: number, maximum: number) => ({
  kind: 'toolUsed',
  thing,
  tool: 'voltage-tester',
  result: { minimum, maximum, unit: 'V' },
});
export const entered = (variable: string, unit: string, minimum: number, maximum: number) => ({
  kind: 'number',
  variable,
  range: { minimum, maximum, unit },
});
export const asked = (
  question: Words,
  correct: string | readonly string[],
  ...choices: (readonly [id: string, text: Words])[]
) => ({
  kind: 'answered',
  question,
  isWrongAccepted: false,
  answer: {
    kind: typeof correct === 'string' ? 'single' : 'multiple',
    choices: choices.map(([id, text]) => ({ id, text })),
    correct,
  },
});

export function equipmentProcedure({ about }: EquipmentModel, text: ProcedureText): Procedure {
  const bare = { part: null, frames: [], symmetry: { kind: 'none' }, tools: [], poseInRoom: null };
  return Procedure.parse({
    v: 1,
    id: text.id,
    title: text.title,
    description: text.description,
    languages: ['en', 'zh'],
    design: null,
    chapters: Object.entries(text.chapters).map(([id, title]) => {
      const own = text.steps.filter(({ chapter }) => chapter === id);
      return { id, title, first: own[0]!.id, steps: own.map((step, at) => stepOf(step, own[at + 1], at)) };
    }),
    subchapters: [],
    variables: text.variables,
    workplace: {
      ...EMPTY_WORKPLACE,
      things: [
        ...about.things.map(({ id, name }) => ({ ...bare, id, name, kind: 'equipment', isFixed: true })),
        ...about.protection.map(({ id, name }) => ({ ...bare, id, name, kind: 'protection', isFixed: false })),
      ],
      tools: about.tools.map(({ id, name, unit }) => ({ id, name, part: null, unit })),
      sensors: about.sensors.map(({ id, name, unit, minimum, maximum }) => ({ id, name, unit, minimum, maximum })),
      controls: about.controls.map(({ id, name, kind, setting }) => ({ id, name, kind, thing: null, setting })),
      faults: about.faults.map(({ id, name, kind }) => ({ id, name, kind })),
    },
    safety: text.safety,
    rubric: text.rubric,
  });
}

function stepOf(step: EquipmentStep, next: EquipmentStep | undefined, at: number): Record<string, unknown> {
  const every = { stage: 'enter', isBlocking: false, durationMs: 0, modes: null };
  const targets = [
    ...step.until.flatMap((one) => targetsOf(one as Leafish)),
    ...(step.unlock ?? []).map((control) => ({ kind: 'control', control })),
    ...things(step.at ?? []),
  ];
  const left = (isEnabled: boolean, ids: readonly string[] = []) =>
    ids.length > 0 ? [{ ...every, stage: 'leave', kind: 'setEnabled', targets: things(ids), isEnabled }] : [];
  return {
    id: step.id,
    title: step.title,
    instruction: step.instruction,
    body: { kind: 'ordinary' },
    isOptional: false,
    timeLimitMs: null,
    retry: null,
    role: null,
    station: null,
    behaviours: [
      { ...every, kind: 'speech', text: step.instruction },
      ...(targets.length > 0 ? [{ ...every, kind: 'highlight', targets }] : []),
      ...left(false, step.off),
      ...left(true, step.on),
      ...(step.points ? [{ ...every, kind: 'score', ...step.points }] : []),
    ],
    transitions: [
      { id: 'done', conditions: step.until, to: step.to ?? next?.id ?? null, interrupts: false },
      ...(step.otherwise ?? []).map(({ id, to, when }) => ({ id, conditions: when, to, interrupts: false })),
    ],
    unlocks: { needed: true, things: [], tools: [], controls: step.unlock ?? [] },
    hints: step.hint ? [step.hint] : [],
    position: { x: step.to ? 320 : 0, y: 120 * at },
  };
}

const things = (ids: readonly string[]) => ids.map((thing) => ({ kind: 'thing', thing, frame: null }));

interface Leafish {
  readonly kind: string;
  readonly control?: string;
  readonly thing?: string;
  readonly tool?: string;
  readonly of?: readonly Leafish[];
}

function targetsOf({ kind, control, thing, tool, of }: Leafish): object[] {
  if (of) return of.flatMap(targetsOf);
  if (kind === 'control') return [{ kind: 'control', control }];
  if (kind === 'toolUsed')
    return [
      { kind: 'tool', tool },
      { kind: 'thing', thing, frame: null },
    ];
  return kind === 'touched' ? [{ kind: 'thing', thing, frame: null }] : [];
}

export const textOfProcedure = (procedure: Procedure): string => `${JSON.stringify(procedure, null, 1)}\n`;

/** Writes `<id>.procedure.json` beside this file, unless the check has something to say. */
export async function write(procedure: Procedure): Promise<void> {
  const findings = check(procedure);
  for (const { key, where, facts } of findings) console.error(key, where, facts);
  if (findings.length > 0) process.exit(1);
  await writeFile(fileOf(procedure.id), textOfProcedure(procedure));
  const steps = procedure.chapters.reduce((sum, chapter) => sum + chapter.steps.length, 0);
  console.log(`${procedure.id}.procedure.json: ${steps} steps, ${procedure.workplace.controls.length} controls`);
}

export const readProcedure = async (id: string): Promise<Procedure> =>
  Procedure.parse(JSON.parse(await readFile(fileOf(id), 'utf8')));

export const fileOf = (id: string): URL => new URL(`./${id}.procedure.json`, import.meta.url);
