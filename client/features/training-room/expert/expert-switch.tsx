import { Button, Tooltip } from '@mantine/core';
import { IconGhost2, IconUserStar } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { consentOf } from '#protocol/training/index';
import { may } from '#protocol/permissions/index';
import { ProblemNotice } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { training } from '../../training/training.ts';
import { useRun } from '../run-context.tsx';
import type { TrainingView } from '../scene/training-view.ts';
import { expertStrings } from './strings.ts';
import { expertIsOn, useExpert } from './use-expert.ts';

/** Shows and hides the expert's ghost, where there is one to follow. */
export function ExpertSwitch({ view }: { view: TrainingView }) {
  const t = expertStrings.useText();
  const name = useExpert(view);
  const isOn = useReadable(expertIsOn);
  if (name === null) return null;
  return (
    <Tooltip label={t('meaning', { name })}>
      <Button
        size="xs"
        variant={isOn ? 'light' : 'default'}
        aria-pressed={isOn}
        leftSection={<IconGhost2 size={18} stroke={1.7} aria-hidden />}
        onClick={() => expertIsOn.set(!isOn)}
      >
        {t('show')}
      </Button>
    </Tooltip>
  );
}

/** With an instructor's own result: others may follow this run. */
export function ExpertMark() {
  const t = expertStrings.useText();
  const { row, session, info } = useRun();
  const queries = useQueryClient();
  const isOwn = row.participants.length === 1 && row.participants[0]!.id === session.me.user;
  // Who was not recorded left nothing to follow.
  const isRecorded = consentOf(session.document.get(), session.me.user)?.motion === true;
  const mayMark = isOwn && isRecorded && row.outcome === 'completed' && may(session.me.role, 'run.command');
  const key = ['training-experts', info.id];
  const list = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => training.experts(info.id, signal),
    enabled: mayMark,
  });
  const isMarked = list.data?.experts.some(({ run }) => run === row.id) ?? false;
  const mark = useMutation({
    mutationFn: () => training.markExpert(info.id, row.id, !isMarked),
    onSuccess: (answer) => queries.setQueryData(key, answer),
  });
  if (!mayMark) return null;
  return (
    <>
      <Button
        variant="default"
        aria-pressed={isMarked}
        loading={mark.isPending}
        leftSection={<IconUserStar size={18} stroke={1.7} aria-hidden />}
        onClick={() => mark.mutate()}
      >
        {t(isMarked ? 'unmark' : 'mark')}
      </Button>
      {mark.error && (
        <div style={{ order: 1, flexBasis: '100%' }}>
          <ProblemNotice thrown={mark.error} />
        </div>
      )}
    </>
  );
}
