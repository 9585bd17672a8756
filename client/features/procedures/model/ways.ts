import { stepMap, StepId, type Procedure, type Step } from '#protocol/procedures/index';
import { chapterOf, freshId, withStep } from './edits.ts';

/**
 * Ways as they are drawn in the graph: from step to step. Pure, as all that authors do. A way leads inside its chapter, or
 * to where the chapter ends; drawn to the first step of the next chapter it is just that.
 */
export type WayRefusal = 'same' | 'ending' | 'there' | 'elsewhere';

interface Drawn {
  readonly from: string;
  /** A step; null: the end of the chapter. */
  readonly to: string | null;
}

/** Why a way cannot be drawn, or null. */
export function wayRefused(procedure: Procedure, drawn: Drawn): WayRefusal | null {
  const step = stepOf(procedure, drawn.from);
  if (!step || drawn.from === drawn.to) return 'same';
  if (step.body.kind === 'end') return 'ending';
  const to = leadsTo(procedure, drawn);
  if (to === undefined) return 'elsewhere';
  return step.transitions.some((way) => way.to === to) ? 'there' : null;
}

/** A way beside those there are, done when somebody says so, until its author asks for more. `to`: null ends the chapter. */
export const newWay = (
  ways: Step['transitions'],
  to: Step['transitions'][number]['to'],
): Step['transitions'][number] => ({
  id: freshId(
    ways.map(({ id }) => id),
    'way',
  ),
  conditions: [{ kind: 'confirmed' }],
  to,
  interrupts: false,
});

/** After the ways there are. */
export function drawWay(procedure: Procedure, drawn: Drawn): Procedure {
  if (wayRefused(procedure, drawn) !== null) return procedure;
  const to = leadsTo(procedure, drawn)!;
  return withStep(procedure, drawn.from, (step) => ({
    ...step,
    transitions: [...step.transitions, newWay(step.transitions, to)],
  }));
}

/** Of several ways it goes with its conditions; the only one leads to the end of the chapter, and keeps what it asks for. */
export function eraseWay(procedure: Procedure, from: string, at: number): Procedure {
  if (!canErase(procedure, from, at)) return procedure;
  return withStep(procedure, from, (step) => ({
    ...step,
    transitions:
      step.transitions.length > 1
        ? step.transitions.filter((_, index) => index !== at)
        : step.transitions.map((way) => ({ ...way, to: null })),
  }));
}

/** The only way to the end of a chapter stays: a step leads somewhere. */
export function canErase(procedure: Procedure, from: string, at: number): boolean {
  const ways = stepOf(procedure, from)?.transitions ?? [];
  return ways[at] !== undefined && (ways.length > 1 || ways[at].to !== null);
}

const stepOf = (procedure: Procedure, id: string): Step | undefined => stepMap(procedure).get(StepId.parse(id))?.step;

/** Undefined: no way leads there. */
function leadsTo(procedure: Procedure, { from, to }: Drawn): StepId | null | undefined {
  const chapter = chapterOf(procedure, from);
  if (!chapter) return undefined;
  if (to === null) return null;
  const own = chapter.steps.find(({ id }) => id === to);
  if (own) return own.id;
  const at = procedure.chapters.indexOf(chapter);
  return at >= 0 && procedure.chapters[at + 1]?.first === to ? null : undefined;
}
