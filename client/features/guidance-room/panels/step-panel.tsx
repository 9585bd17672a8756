import { Text } from '@mantine/core';
import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { isShown, type Behaviour } from '#protocol/procedures/index';
import { rowsOf, waysOut, type Deviation } from '#protocol/guidance/index';
import { AssetPicture, showsMoreBelow } from '../../../ui/index.ts';
import { api } from '../../session/index.ts';
import { progressOf } from '../../training-room/model/progress.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { actOn } from '../model/act-on.ts';
import { sayFacts, sayNeed } from '../model/said.ts';
import type { StepNow, Task } from '../model/tasks.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { FillForm } from './fill-form.tsx';
import { bringIntoSight } from './lead-to.ts';
import { WhoDecides } from './who-may.tsx';

/** One step at a time, with what comes next below it. */
export function StepPanel() {
  const t = guidanceRoomStrings.useText();
  const { steps, procedure, state, say } = useJob();
  const next = state && progressOf(procedure, state).next;
  return (
    <section className={css['panel']} aria-label={t('step')} ref={showsMoreBelow}>
      {steps.map((step) => (
        <Step key={step.active.thread} {...step} />
      ))}
      <Text c="dimmed">{next ? t('next', { title: say.text(next.title) }) : t('lastStep')}</Text>
    </section>
  );
}

function Step({ step, active, visit, tasks, held }: StepNow) {
  const t = guidanceRoomStrings.useText();
  const { say, document, next, me, steps } = useJob();
  const isOpen = active.phase === 'active';
  const nextId = next?.step.active.thread === active.thread ? next.task.id : null;
  const article = useRef<HTMLElement>(null);
  const entered = `${active.step} ${visit?.n ?? ''}`;
  const before = useRef('');
  const isAlone = steps.length === 1;
  // A step begins with its own words; after that the line whose turn it is stays in sight.
  useEffect(() => {
    const isNew = before.current !== entered;
    before.current = entered;
    if (isNew && isAlone) article.current?.closest('section')?.scrollTo({ top: 0 });
    else if (nextId !== null) bringIntoSight(nextId);
  }, [entered, nextId, isAlone]);
  const instruction = say.text(step.instruction);
  const deviations = rowsOf(document, 'deviations').filter(({ id }) => held.includes(id));
  return (
    <article ref={article} style={{ display: 'grid', gap: 12 }} aria-labelledby={`step-${step.id}`}>
      <h2 id={`step-${step.id}`} className={css['head']}>
        {say.text(step.title)}
      </h2>
      {deviations.map((one) => (
        <HeldBy key={one.id} deviation={one} />
      ))}
      {instruction && <p className={css['read']}>{instruction}</p>}
      {active.attempt > 1 && <Text c="dimmed">{t('attempt', { n: active.attempt })}</Text>}
      {step.behaviours
        .filter((one) => isShown(one, 'guided'))
        .map((behaviour, at) => (
          <Shown key={at} behaviour={behaviour} instruction={instruction} />
        ))}
      <ul className={css['tasks']} aria-label={t('checklist')}>
        {tasks.map((task) => (
          <li key={task.id} data-task={task.id}>
            <TaskLine task={task} isNext={task.id === nextId} isListed={isOpen && me.isCrew} />
            {isOpen && !task.isDone && <FillForm task={task} active={active} />}
          </li>
        ))}
      </ul>
    </article>
  );
}

/** Why nothing goes on here, and who decides how it does: what I may do about it stands at the lower rim, as every next act. */
function HeldBy({ deviation }: { readonly deviation: Deviation }) {
  const t = guidanceRoomStrings.useText();
  const { say, document, me } = useJob();
  const box = useRef<HTMLDivElement>(null);
  // It came while one was further down in the list.
  useEffect(() => void box.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div ref={box} className={css['held']} role="alert">
      <strong>{t('held', { kind: t(`kind_${deviation.kind}`) })}</strong>
      <span>{sayFacts(deviation, say, t)}</span>
      {waysOut(document, deviation, me).length > 0 ? (
        <span>{t('youDecide')}</span>
      ) : (
        <WhoDecides deviation={deviation} />
      )}
    </div>
  );
}

/** What is missing; what one press does, a press on its line does too. */
function TaskLine({ task, isNext, isListed }: { task: Task; isNext: boolean; isListed: boolean }) {
  const t = guidanceRoomStrings.useText();
  const { say, hand, open, me } = useJob();
  const { need, isDone } = task;
  const words = (
    <>
      {isDone ? (
        <IconCircleCheck size={24} color="var(--wh-done)" aria-hidden />
      ) : (
        <IconCircle size={24} color="var(--wh-text-quiet)" aria-hidden />
      )}
      <span>
        {sayNeed(task, say, t, isListed)}
        <span className="wh-spoken"> ({t(isDone ? 'isDone' : 'isOpen')})</span>
      </span>
    </>
  );
  const act = actOn(need, hand, open);
  if (isDone || !act || !me.isCrew)
    return (
      <div className={css['task']} data-done={isDone || undefined} data-next={isNext || undefined}>
        {words}
      </div>
    );
  return (
    <button type="button" className={css['task']} data-next={isNext || undefined} onClick={act}>
      {words}
    </button>
  );
}

/** What a step shows beside its words. What is drawn on the product is not told twice. */
function Shown({ behaviour, instruction }: { behaviour: Behaviour; instruction: string }) {
  const { say, procedure } = useJob();
  switch (behaviour.kind) {
    case 'text': {
      const text = say.text(behaviour.text);
      return text === instruction || !text ? null : <p className={css['read']}>{text}</p>;
    }
    case 'hazard':
      return (
        <p className={css['hazard']} role="alert">
          {say.text(behaviour.text)}
        </p>
      );
    case 'picture':
    case 'video':
    case 'audio': {
      const media = procedure.workplace.media.find(({ id }) => id === behaviour.media);
      const words = media ? say.text(media.description) : '';
      if (!media?.cid) return words ? <Text>{words}</Text> : null;
      const src = api.assetUrl(media.cid);
      if (behaviour.kind === 'picture') return <AssetPicture src={src} title={words} ratio={16 / 10} fit="contain" />;
      if (behaviour.kind === 'video')
        return <video controls playsInline src={src} aria-label={words} style={{ width: '100%' }} />;
      return <audio controls src={src} aria-label={words} style={{ width: '100%' }} />;
    }
    default:
      return null;
  }
}
