import { Drawer, Text } from '@mantine/core';
import { IconCircle, IconCircleCheck, IconPlayerPlay } from '@tabler/icons-react';
import { rowsOf } from '#protocol/guidance/index';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { guidanceRoomStrings } from '../strings.ts';

/** All steps by chapter: what is done, where one is, what comes. */
export function OverviewSheet() {
  const t = guidanceRoomStrings.useText();
  const { open, procedure, say, state, document } = useJob();
  const left = new Set(rowsOf(document, 'visits').flatMap(({ step, leftAtMs }) => (leftAtMs === null ? [] : [step])));
  const running = new Set<string>(state?.active.map(({ step }) => step));
  return (
    <Drawer opened onClose={() => open(null)} position="right" size="min(520px, 100%)" title={t('overview')}>
      {procedure.chapters.map((chapter) => (
        <section key={chapter.id}>
          <Text component="h3" fw={620} my="xs">
            {say.text(chapter.title)}
          </Text>
          <ol className={css['tasks']}>
            {chapter.steps.map((step) => {
              const isNow = running.has(step.id);
              const isDone = !isNow && left.has(step.id);
              return (
                <li key={step.id}>
                  <div
                    className={css['task']}
                    data-done={isDone || undefined}
                    data-next={isNow || undefined}
                    aria-current={isNow ? 'step' : undefined}
                  >
                    {isNow ? (
                      <IconPlayerPlay size={22} color="var(--wh-accent)" aria-hidden />
                    ) : isDone ? (
                      <IconCircleCheck size={22} color="var(--wh-done)" aria-hidden />
                    ) : (
                      <IconCircle size={22} color="var(--wh-text-quiet)" aria-hidden />
                    )}
                    <span>
                      {say.text(step.title)}
                      {(isNow || isDone) && <span className="wh-spoken"> ({t(isNow ? 'stepNow' : 'stepDone')})</span>}
                    </span>
                  </div>
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </Drawer>
  );
}
