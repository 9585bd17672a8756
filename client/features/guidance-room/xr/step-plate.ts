import type { PlateBlock, PlateButton } from '../../../xr/plates/plate-layout.ts';
import { rowsOf } from '#protocol/guidance/index';
import { problemText } from '../../../ui/index.ts';
import { progressOf } from '../../training-room/model/progress.ts';
import type { JobPage } from '../job-context.tsx';
import { nudgesOf } from '../model/nudges.ts';
import { millimetres, needKey, sayFacts, sayNeed } from '../model/said.ts';
import { guidanceRoomStrings } from '../strings.ts';
import type { Placing } from './placing.ts';

const MOST_TASKS = 4;
/** What a pair of glasses cannot fill in is done at the page, or by who helps. */
const AT_THE_PAGE = new Set(['fill', 'readOff', 'photo', 'scan', 'second', 'skill']);

/** The step at hand on a plate beside the work: few words, one next act. Buttons by look, finger, ray, pinch or nod. */
export class StepPlate {
  readonly #acts = new Map<string, () => void>();

  press(id: string): void {
    this.#acts.get(id)?.();
  }

  blocks(page: JobPage, placing: Placing, leave: () => void): PlateBlock[] {
    this.#acts.clear();
    const { job, state, procedure, say, aligner } = page;
    const t = guidanceRoomStrings.text;
    const view = aligner.view.get();
    const exit = this.#button('leave', t('leaveAr'), leave);
    if (!view.fit || placing.isTouching) return [...this.#placing(page, placing), buttons(1, exit)];
    if (placing.isNudging) return [...this.#nudging(page, placing), buttons(1, exit)];
    const blocks: PlateBlock[] = [];
    if (state && job.status === 'running') {
      const progress = progressOf(procedure, state);
      const at =
        progress.at === null ? t('progressDone', progressValues(progress)) : t('progress', progressValues(progress));
      blocks.push({
        kind: 'text',
        text: `${at} · ${t('aligned', { mm: millimetres(view.expectedM ?? 0) })}`,
        tone: 'quiet',
      });
    }
    if (view.driftM !== null)
      blocks.push({ kind: 'text', text: t('alignDrift', { mm: millimetres(view.driftM) }), tone: 'bad' });
    blocks.push(...this.#work(page));
    const news = page.said.findLast(({ tone }) => tone !== 'news');
    if (news) blocks.push({ kind: 'text', text: news.text, tone: news.tone === 'bad' ? 'bad' : 'good' });
    for (const step of page.steps)
      for (const one of rowsOf(page.document, 'deviations').filter(({ id }) => step.held.includes(id)))
        blocks.push({
          kind: 'text',
          text: `${t('held', { kind: t(`kind_${one.kind}`) })} ${sayFacts(one, say, t)}`,
          tone: 'bad',
        });
    // A reason is given at the page.
    const [way] = page.held?.ways ?? [];
    if (way) blocks.push({ kind: 'text', text: `${t('youDecide')} ${t(way)}: ${t('leaveAr')}`, tone: 'quiet' });
    else if (page.held) blocks.push({ kind: 'text', text: t('somebodyDecides'), tone: 'quiet' });
    blocks.push(
      buttons(
        2,
        this.#button('again', t('alignAgain'), () => placing.begin()),
        this.#button('nudge', t('nudge'), () => placing.setNudging(true)),
      ),
      buttons(1, exit),
    );
    return blocks;
  }

  #work(page: JobPage): PlateBlock[] {
    const { job, state, say, next, goOn, me } = page;
    const t = guidanceRoomStrings.text;
    if (job.status === 'waiting')
      return [{ kind: 'text', text: t('waiting') }, buttons(1, this.#main('next', t('begin'), goOn))];
    if (job.status === 'paused')
      return [{ kind: 'text', text: t('paused') }, buttons(1, this.#main('next', t('goOn'), goOn))];
    if (job.status !== 'running') return [{ kind: 'text', text: t(job.status === 'onHold' ? 'onHold' : job.status) }];
    if (state?.status !== 'running')
      return [{ kind: 'text', text: `${t('allDone')} ${t('signOff')}: ${t('leaveAr')}` }];
    const blocks: PlateBlock[] = [];
    for (const { step, active, tasks } of page.steps) {
      blocks.push({ kind: 'title', text: say.text(step.title) }, { kind: 'text', text: say.text(step.instruction) });
      if (active.phase !== 'active') blocks.push({ kind: 'text', text: t('getReady'), tone: 'quiet' });
      for (const task of tasks.slice(0, MOST_TASKS))
        blocks.push({ kind: 'task', text: sayNeed(task, say, t), isDone: task.isDone });
    }
    if (next && me.isCrew) {
      const { need } = next.task;
      blocks.push(
        AT_THE_PAGE.has(need.kind)
          ? { kind: 'text', text: `${t(needKey(need))}: ${t('leaveAr')}`, tone: 'quiet' }
          : buttons(1, this.#main('next', t(needKey(need)), goOn)),
      );
    }
    return blocks;
  }

  #nudging({ aligner }: JobPage, placing: Placing): PlateBlock[] {
    const t = guidanceRoomStrings.text;
    const { by, expectedM } = aligner.view.get();
    return [
      { kind: 'title', text: t('nudge') },
      { kind: 'text', text: t('aligned', { mm: millimetres(expectedM ?? 0) }), tone: 'quiet' },
      buttons(
        2,
        ...nudgesOf(by).map(({ key, shift, turnRad }) =>
          this.#button(key, t(key), () => placing.nudge(shift, turnRad)),
        ),
      ),
      buttons(
        1,
        this.#main('nudged', t('close'), () => placing.setNudging(false)),
      ),
    ];
  }

  #placing({ aligner }: JobPage, placing: Placing): PlateBlock[] {
    const t = guidanceRoomStrings.text;
    const said = aligner.view.get().said;
    const words = said ? problemText(said) : null;
    const blocks: PlateBlock[] = [
      { kind: 'title', text: t('alignment') },
      { kind: 'text', text: placing.isTouching ? placing.words : t('arLook') },
    ];
    if (words)
      blocks.push({ kind: 'text', text: words.next ? `${words.message} ${words.next}` : words.message, tone: 'quiet' });
    if (placing.isTouching) {
      // Who has no hands in the glasses looks at the point, and then at the button.
      const looked = placing.hasSurface ? [this.#main('touched', t('arTouchHere'), () => placing.touchLooked())] : [];
      return [
        ...blocks,
        buttons(
          1,
          ...looked,
          this.#button('untouched', t('arTouchBack'), () => placing.endTouch()),
        ),
      ];
    }
    const choices = [
      ...(placing.hasSurface ? [this.#main('here', t('arPlace'), () => placing.putOnSurface())] : []),
      this.#button('before', t('arBefore'), () => placing.putBefore()),
      ...(placing.points.length >= 3 ? [this.#button('touch', t('arTouch'), () => placing.beginTouch())] : []),
    ];
    return [...blocks, buttons(1, ...choices)];
  }

  #button(id: string, label: string, act: () => void): PlateButton {
    this.#acts.set(id, act);
    return { id, label };
  }

  #main(id: string, label: string, act: () => void): PlateButton {
    return { ...this.#button(id, label, act), isMain: true };
  }
}

const buttons = (columns: 1 | 2, ...all: PlateButton[]): PlateBlock => ({ kind: 'buttons', columns, buttons: all });
const progressValues = ({ at, all, done }: { at: number | null; all: number; done: number }) => ({
  at: at ?? 0,
  all,
  done,
});
