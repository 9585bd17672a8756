import { indexOf, type Procedure, type RunState, type Step } from '#protocol/procedures/index';

export interface Progress {
  /** Steps of the main chapters that are through, and all of them. */
  readonly done: number;
  readonly all: number;
  /** 1 for the first: of the step at hand, in the order of the chapters; null between steps. */
  readonly at: number | null;
  readonly next: Step | null;
}

/** How far a run is, by the steps of the main chapters: what runs inside a step counts with it. */
export function progressOf(procedure: Procedure, state: RunState): Progress {
  const steps = procedure.chapters.flatMap((chapter) => chapter.steps);
  const main = state.active.find(({ thread }) => thread === 'main');
  const visited = new Set<string>(state.visited);
  const at = main ? steps.findIndex(({ id }) => id === main.step) : -1;
  return {
    done: state.status === 'completed' ? steps.length : steps.filter(({ id }) => visited.has(id)).length,
    all: steps.length,
    at: at < 0 ? null : at + 1,
    next: main ? nextOf(procedure, state, main.step) : null,
  };
}

/** What the first way out leads to, where nothing goes wrong. */
function nextOf(procedure: Procedure, state: RunState, step: string): Step | null {
  const index = indexOf(procedure);
  const to = index.steps.get(step)?.step.transitions[0]?.to;
  if (to) return index.steps.get(to)?.step ?? null;
  const chapter = procedure.chapters[state.chapter + 1];
  return chapter?.steps.find(({ id }) => id === chapter.first) ?? null;
}
