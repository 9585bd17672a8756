import { equalData } from '../document/document.ts';
import type { ChapterId, StepId } from './ids.ts';
import { stepsOf, type Chapter, type Procedure, type Step } from './procedure.ts';

/** What about it changed, as a reviewer asks. */
export const ASPECTS = [
  'texts',
  'tolerances',
  'conditions',
  'transitions',
  'behaviours',
  'media',
  'locks',
  'people',
  'time',
  'retry',
  'structure',
  'layout',
  'workplace',
  'safety',
  'rubric',
] as const;
export type Aspect = (typeof ASPECTS)[number];

export type ProcedureChange =
  | { readonly kind: 'stepAdded' | 'stepRemoved'; readonly chapter: ChapterId; readonly step: StepId }
  | { readonly kind: 'stepMoved'; readonly step: StepId; readonly from: ChapterId; readonly to: ChapterId }
  | { readonly kind: 'chapterAdded' | 'chapterRemoved'; readonly chapter: ChapterId }
  /** A value inside: `path` from the step (or chapter, or document) down, undefined where it was not or is not. */
  | {
      readonly kind: 'changed';
      readonly step: StepId | null;
      readonly aspect: Aspect;
      readonly path: string;
      readonly before: unknown;
      readonly after: unknown;
    };

/** What a reviewer must know of a new version: by step and in its own words, not by line of a file. */
export function diffProcedures(before: Procedure, after: Procedure): ProcedureChange[] {
  const changes: ProcedureChange[] = [];
  const [was, is] = [stepMap(before), stepMap(after)];
  for (const [id, { chapter }] of was)
    if (!is.has(id)) changes.push({ kind: 'stepRemoved', chapter: chapter.id, step: id });
  for (const [id, { chapter, step }] of is) {
    const old = was.get(id);
    if (!old) {
      changes.push({ kind: 'stepAdded', chapter: chapter.id, step: id });
      continue;
    }
    if (old.chapter.id !== chapter.id)
      changes.push({ kind: 'stepMoved', step: id, from: old.chapter.id, to: chapter.id });
    for (const leaf of leavesThatDiffer(byOwnId(old.step), byOwnId(step), ''))
      changes.push({ kind: 'changed', step: id, aspect: aspectOf(leaf.path), ...leaf });
  }
  const chaptersOf = (procedure: Procedure) =>
    new Map([...procedure.chapters, ...procedure.subchapters].map((chapter) => [chapter.id, chapter]));
  const [oldChapters, newChapters] = [chaptersOf(before), chaptersOf(after)];
  for (const id of oldChapters.keys()) if (!newChapters.has(id)) changes.push({ kind: 'chapterRemoved', chapter: id });
  for (const [id, chapter] of newChapters) {
    const old = oldChapters.get(id);
    if (!old) changes.push({ kind: 'chapterAdded', chapter: id });
    else
      for (const leaf of leavesThatDiffer(framed(old), framed(chapter), `chapters.${id}`))
        changes.push({
          kind: 'changed',
          step: null,
          aspect: leaf.path.includes('title') ? 'texts' : 'structure',
          ...leaf,
        });
  }
  for (const leaf of leavesThatDiffer(wholes(before), wholes(after), ''))
    changes.push({ kind: 'changed', step: null, aspect: aspectOfWhole(leaf.path), ...leaf });
  return changes;
}

export const stepMap = (procedure: Procedure): Map<StepId, { chapter: Chapter; step: Step }> =>
  new Map([...stepsOf(procedure)].map((one) => [one.step.id, one]));

const framed = ({ title, first }: Chapter) => ({ title, first });

/** Lists of things with ids are compared by id: an insertion is one change, not a shift of all that follow. */
const byOwnId = (step: Step) => ({
  ...step,
  transitions: byId(step.transitions),
  order: step.transitions.map(({ id }) => id),
});

const byId = <T extends { id: string }>(list: readonly T[]): Record<string, T> =>
  Object.fromEntries(list.map((one) => [one.id, one]));

function wholes({ title, description, languages, design, chapters, variables, workplace, safety, rubric }: Procedure) {
  return {
    title,
    description,
    languages,
    design,
    order: chapters.map(({ id }) => id),
    variables: byId(variables),
    workplace: Object.fromEntries(Object.entries(workplace).map(([kind, list]) => [kind, byId<{ id: string }>(list)])),
    safety: byId(safety),
    rubric,
  };
}

interface Leaf {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

function leavesThatDiffer(before: unknown, after: unknown, path: string): Leaf[] {
  if (equalData(before, after)) return [];
  if (!isRecord(before) || !isRecord(after) || isValue(before) || isValue(after)) return [{ path, before, after }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    leavesThatDiffer(before[key], after[key], path === '' ? key : `${path}.${key}`),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Told as a whole: numbers of a vector, a list that grew, a node of another kind. */
const isValue = (value: Record<string, unknown>): boolean =>
  Array.isArray(value) && value.every((one) => typeof one !== 'object');

function aspectOf(path: string): Aspect {
  if (path.startsWith('position.')) return 'layout';
  if (path.startsWith('body')) return 'structure';
  if (/^(title|instruction|hints)\b/.test(path) || /\b(text|reason|question|phrases)(\.|$)/.test(path)) return 'texts';
  if (/\bmedia\b/.test(path)) return 'media';
  if (
    /\.(toleranceM|toleranceRad|range\b.*|result\b.*|minimum|maximum|holdMs|durationMs|afterMs|target\b.*|symmetry\b.*)$/.test(
      path,
    )
  )
    return path.startsWith('behaviours') ? 'behaviours' : 'tolerances';
  if (/^transitions\.[^.]+\.conditions/.test(path)) return 'conditions';
  if (path.startsWith('transitions') || path.startsWith('order')) return 'transitions';
  if (path.startsWith('behaviours')) return 'behaviours';
  if (path.startsWith('unlocks')) return 'locks';
  if (path === 'role' || path === 'station') return 'people';
  if (path === 'timeLimitMs') return 'time';
  if (path.startsWith('retry') || path === 'isOptional') return 'retry';
  return 'structure';
}

function aspectOfWhole(path: string): Aspect {
  if (
    /^(title|description|languages)\b/.test(path) ||
    (path.startsWith('workplace.') && /\.(name|description)\./.test(path))
  )
    return 'texts';
  if (path.startsWith('workplace.media')) return 'media';
  if (path.startsWith('workplace')) return 'workplace';
  if (path.startsWith('safety')) return 'safety';
  return path.startsWith('rubric') ? 'rubric' : 'structure';
}
