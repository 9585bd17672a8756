import { Button, Drawer, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { LEAST_REASON, rowsOf, type Deviation } from '#protocol/guidance/index';
import { StatusBadge } from '../../../ui/index.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { sayDeviation } from '../model/said.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { WaysOut } from './ways-out.tsx';
import { WhoMay } from './who-may.tsx';

/** Everything that is not as the instruction has it: what, why it holds, who decides, what was decided. */
export function DeviationSheet() {
  const t = guidanceRoomStrings.useText();
  const { open, document, say, job, procedure, me, may } = useJob();
  const rows = rowsOf(document, 'deviations').toReversed();
  const titleOf = (id: string | null) => {
    const step = [...procedure.chapters, ...procedure.subchapters]
      .flatMap(({ steps }) => steps)
      .find((one) => one.id === id);
    return step ? say.text(step.title) : '';
  };
  return (
    <Drawer opened onClose={() => open(null)} position="right" size="min(520px, 100%)" title={t('deviations')}>
      <Stack gap="md">
        {rows.length === 0 && <Text>{t('noDeviations')}</Text>}
        {rows.map((one) => (
          <section key={one.id} className={css['fill']}>
            <Group gap="xs">
              <Standing deviation={one} />
              <Text size="sm" c="dimmed">
                {titleOf(one.step)}
              </Text>
            </Group>
            <Text>{sayDeviation(one, say, t)}</Text>
            {one.decided && (
              <Text size="sm">
                {t('decidedAs', {
                  what: one.kind === 'released' ? t('release') : t(one.decided.disposition),
                  reason: one.decided.reason,
                })}
              </Text>
            )}
            {job.undecided.includes(one.id) && <WaysOut deviation={one} />}
          </section>
        ))}
        <Text size="sm" c="dimmed">
          {t('whoDecides')}
        </Text>
        {job.undecided.length > 0 && !may('job.supervise') && <WhoMay action="job.supervise" />}
        {me.isCrew && <Report />}
      </Stack>
    </Drawer>
  );
}

function Standing({ deviation: { id, decided, reworkedIn } }: { deviation: Deviation }) {
  const t = guidanceRoomStrings.useText();
  const { job } = useJob();
  if (!decided) return <StatusBadge status="stop">{t('waitsForDecision')}</StatusBadge>;
  if (job.inRework.includes(id) && reworkedIn === null)
    return <StatusBadge status="attention">{t('inRework')}</StatusBadge>;
  return <StatusBadge status="done">{t('stepDone')}</StatusBadge>;
}

function Report() {
  const t = guidanceRoomStrings.useText();
  const { hand, steps } = useJob();
  const [text, setText] = useState('');
  const send = () => {
    const step = steps.at(-1)?.active.step ?? null;
    if (hand.do('deviation.raise', { step, text: text.trim() })) setText('');
  };
  return (
    <section className={css['fill']}>
      <Textarea
        label={t('reportText')}
        size="md"
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="md" mih={52} variant="default" disabled={text.trim().length < LEAST_REASON} onClick={send}>
        {t('report')}
      </Button>
    </section>
  );
}
