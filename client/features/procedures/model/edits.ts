import {
  ChapterId,
  Procedure,
  stepsOf,
  StepId,
  textsOf,
  type Chapter,
  type Retry,
  type Step,
  type Text,
} from '#protocol/procedures/index';
import type { z } from 'zod';

/**
 * What authors do to a procedure. Pure: each gives a new document and leaves the old one as it was.
 *
 * People think of a list; the document is a graph. The first way out of a step is what leads on in the list, and moves
 * with it: whatever led to a step leads on to the one after when it is taken out. Other ways stay where they lead.
 */
export const wayOf = (step: Step): StepId | null => step.transitions[0]?.to ?? null;

export const blankStep = (id: StepId, title: Text, to: StepId | null): Step => ({
  id,
  title,
  instruction: {},
  body: { kind: 'ordinary' },
  isOptional: false,
  timeLimitMs: null,
  retry: null,
  role: null,
  station: null,
  behaviours: [],
  transitions: [{ id: 'done', conditions: [{ kind: 'confirmed' }], to, interrupts: false }],
  unlocks: { needed: true, things: [], tools: [], controls: [] },
  hints: [],
  position: { x: 0, y: 0 },
});

/** `step-4`, where `step-1` to `step-3` are taken. */
export function freshId(taken: Iterable<string>, word: string): string {
  const known = new Set(taken);
  let number = known.size + 1;
  while (known.has(`${word}-${number}`)) number++;
  return `${word}-${number}`;
}

export const stepIdsOf = (procedure: Procedure): string[] => [...stepsOf(procedure)].map(({ step }) => step.id);
export const chapterIdsOf = ({ chapters, subchapters }: Procedure): string[] =>
  [...chapters, ...subchapters].map(({ id }) => id);

export function withStep(procedure: Procedure, id: string, change: (step: Step) => Step): Procedure {
  return everyChapter(procedure, (chapter) =>
    chapter.steps.some((step) => step.id === id)
      ? { ...chapter, steps: chapter.steps.map((step) => (step.id === id ? change(step) : step)) }
      : chapter,
  );
}

export function withChapter(procedure: Procedure, id: string, change: (chapter: Chapter) => Chapter): Procedure {
  return everyChapter(procedure, (chapter) => (chapter.id === id ? change(chapter) : chapter));
}

function everyChapter(procedure: Procedure, change: (chapter: Chapter) => Chapter): Procedure {
  return { ...procedure, chapters: procedure.chapters.map(change), subchapters: procedure.subchapters.map(change) };
}

/** After the step named, or at the end of the chapter. Says which step it made. */
export function addStep(
  procedure: Procedure,
  chapter: string,
  after: string | null,
  title: Text,
): { procedure: Procedure; step: StepId } {
  const id = StepId.parse(freshId(stepIdsOf(procedure), 'step'));
  const put = (into: Chapter): Chapter => {
    const at = after === null ? into.steps.length : into.steps.findIndex((step) => step.id === after) + 1;
    return putIn(into, blankStep(id, title, null), at);
  };
  return { procedure: withChapter(procedure, chapter, put), step: id };
}

export function duplicateStep(procedure: Procedure, id: string): { procedure: Procedure; step: StepId } | null {
  const chapter = chapterOf(procedure, id);
  const step = chapter?.steps.find((one) => one.id === id);
  if (!chapter || !step) return null;
  const copy = { ...structuredClone(step), id: StepId.parse(freshId(stepIdsOf(procedure), 'step')) };
  const at = chapter.steps.indexOf(step) + 1;
  return { procedure: withChapter(procedure, chapter.id, (into) => putIn(into, copy, at)), step: copy.id };
}

export const chapterOf = (procedure: Procedure, step: string): Chapter | undefined =>
  [...procedure.chapters, ...procedure.subchapters].find(({ steps }) => steps.some(({ id }) => id === step));

/** The last step of a chapter takes the chapter with it, where there is another; else an empty one stands in. */
export function removeStep(procedure: Procedure, id: string, blankTitle: Text): Procedure {
  const chapter = chapterOf(procedure, id);
  if (!chapter) return procedure;
  const forgotten = {
    ...procedure,
    safety: procedure.safety.map((rule) => ({ ...rule, steps: rule.steps && rule.steps.filter((one) => one !== id) })),
  };
  if (chapter.steps.length > 1) return withChapter(forgotten, chapter.id, (from) => takeOut(from, id));
  if (procedure.chapters.length > 1 || !procedure.chapters.includes(chapter))
    return removeChapter(forgotten, chapter.id);
  const blank = blankStep(StepId.parse(freshId(stepIdsOf(procedure), 'step')), blankTitle, null);
  return withChapter(forgotten, chapter.id, (from) => ({ ...from, first: blank.id, steps: [blank] }));
}

/** To a place in the list of a chapter, counted without the step itself. */
export function moveStep(procedure: Procedure, id: string, chapter: string, at: number): Procedure {
  const from = chapterOf(procedure, id);
  const step = from?.steps.find((one) => one.id === id);
  if (!from || !step || (from.id !== chapter && from.steps.length === 1)) return procedure;
  const own = new Set(from.steps.map((one) => one.id));
  const lifted = withChapter(procedure, from.id, (one) => (one.steps.length === 1 ? one : takeOut(one, id)));
  if (from.steps.length === 1) return procedure;
  // In another chapter its side ways would lead astray: they lead to the chapter's end.
  const kept = from.id === chapter ? step : withWays(step, (to) => (to !== null && own.has(to) ? null : to));
  return withChapter(lifted, chapter, (into) => putIn(into, kept, at));
}

export function addChapter(procedure: Procedure, title: Text, stepTitle: Text): { procedure: Procedure; step: StepId } {
  const step = StepId.parse(freshId(stepIdsOf(procedure), 'step'));
  const id = ChapterId.parse(freshId(chapterIdsOf(procedure), 'chapter'));
  const chapter: Chapter = { id, title, first: step, steps: [blankStep(step, stepTitle, null)] };
  return { procedure: { ...procedure, chapters: [...procedure.chapters, chapter] }, step };
}

export function removeChapter(procedure: Procedure, id: string): Procedure {
  const without = (list: Chapter[]) => list.filter((chapter) => chapter.id !== id);
  const chapters = without(procedure.chapters);
  return chapters.length === 0 ? procedure : { ...procedure, chapters, subchapters: without(procedure.subchapters) };
}

export function moveChapter(procedure: Procedure, id: string, by: -1 | 1): Procedure {
  const at = procedure.chapters.findIndex((chapter) => chapter.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= procedure.chapters.length) return procedure;
  const chapters = [...procedure.chapters];
  chapters.splice(to, 0, ...chapters.splice(at, 1));
  return { ...procedure, chapters };
}

/** Writes words into one of the texts that `textsOf` names. */
export function translate(
  procedure: Procedure,
  place: { readonly step: string | null; readonly path: string },
  language: string,
  words: string,
): Procedure {
  const copy = structuredClone(procedure);
  for (const { step, path, text } of textsOf(copy))
    if (step === place.step && path === place.path) {
      if (words === '') delete text[language];
      else text[language] = words;
    }
  return copy;
}

/** Everything that leads to the step leads on past it. */
function takeOut(chapter: Chapter, id: string): Chapter {
  const at = chapter.steps.findIndex((step) => step.id === id);
  const step = chapter.steps[at];
  if (!step) return chapter;
  const next = wayOf(step) === id ? null : wayOf(step);
  const steps = chapter.steps.filter((one) => one !== step);
  const first = chapter.first === id ? (steps.find((one) => one.id === next) ?? steps[0]!).id : chapter.first;
  return { ...chapter, first, steps: steps.map((one) => withWays(one, (to) => (to === id ? next : to))) };
}

/** Into the list, and into the way that leads from the step before to the one after. */
function putIn(chapter: Chapter, step: Step, at: number): Chapter {
  const steps = [...chapter.steps];
  const before = steps[at - 1];
  const old = wayOf(step);
  if (!before) {
    const put = onwards(step, old, chapter.first);
    return { ...chapter, first: step.id, steps: [put, ...steps] };
  }
  // Nothing leads on from an end: the step stands behind it in the list, and the check says that no way leads there.
  const next = wayOf(before);
  const put = onwards(step, old, before.transitions.length > 0 ? next : null);
  if (before.transitions.length > 0) steps[at - 1] = onwards(before, next, step.id);
  steps.splice(at, 0, put);
  return { ...chapter, steps };
}

const onwards = (step: Step, from: StepId | null, to: StepId | null): Step => ({
  ...step,
  transitions: step.transitions.map((one) => (one.to === from ? { ...one, to } : one)),
});

function withWays(step: Step, way: (to: StepId | null) => StepId | null): Step {
  const transitions = step.transitions.map((one) => ({ ...one, to: way(one.to) }));
  return { ...step, transitions, retry: step.retry && retryWith(step.retry, way) };
}

function retryWith(retry: z.infer<typeof Retry>, way: (to: StepId | null) => StepId | null): z.infer<typeof Retry> {
  const { afterwards } = retry;
  return afterwards.kind === 'leave' ? { ...retry, afterwards: { ...afterwards, to: way(afterwards.to) } } : retry;
}
