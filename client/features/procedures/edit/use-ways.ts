import { problem } from '#protocol/errors';
import { stepMap, StepId } from '#protocol/procedures/index';
import { noticeDone, noticeProblem } from '../../../ui/index.ts';
import { useEditor } from '../editor-context.tsx';
import { numbers } from '../model/diff-words.ts';
import { drawWay, eraseWay, wayRefused } from '../model/ways.ts';
import { procedureStrings } from '../strings.ts';

/** Ways of the graph as its picture and its list change them, and steps as they are named there. */
export function useWays() {
  const t = procedureStrings.useText();
  const { procedure, edit, draft, say, select } = useEditor();
  const counted = numbers(procedure);
  const steps = stepMap(procedure);
  /** Null: the end of the chapter. */
  const nameOf = (id: string | null): string => {
    const step = id === null ? undefined : steps.get(StepId.parse(id))?.step;
    return step
      ? t('stepNamed', { n: counted.get(step.id) ?? 0, title: say.text(step.title) || t('untitledStep') })
      : t('endOfChapter');
  };
  return {
    nameOf,
    draw: (from: string, to: string | null) => {
      edit((now) => drawWay(now, { from, to }));
      select(from);
    },
    erase: (from: string, at: number) => {
      const to = steps.get(StepId.parse(from))?.step.transitions[at]?.to ?? null;
      edit((now) => eraseWay(now, from, at));
      noticeDone(t('wayErased', { from: nameOf(from), to: nameOf(to) }), () => draft.undo());
    },
    /** Says why no way can be drawn there. */
    refuse: (from: string, to: string) => {
      const why = wayRefused(procedure, { from, to });
      if (why === null || why === 'same') return;
      noticeProblem(problem('procedures', `way_${why}`, t(`wayRefused_${why}`), { next: t(`wayRefusedNext_${why}`) }));
    },
  };
}
