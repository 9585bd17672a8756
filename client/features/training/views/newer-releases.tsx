import { Button, Text } from '@mantine/core';
import { IconVersions } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TrainingRoomView } from '#protocol/api/training';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, noticeDone, ProblemNotice } from '../../../ui/index.ts';
import { withNewerRelease } from '../model/releases-of-room.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import css from './training.module.css';

interface Props {
  readonly view: TrainingRoomView;
  /** May bring a release into the room. */
  readonly mayTake: boolean;
}

/** What is out in a newer release than the room has, and the way to take it. Nothing when the room has the newest. */
export function NewerReleases({ view, mayTake }: Props) {
  const t = trainingStrings.useText();
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: (release: string) => training.load(view.room, release),
    onSuccess: async () => {
      noticeDone(t('newerTaken'));
      await Promise.all(
        [
          ['training', view.room],
          ['trainings', view.project],
        ].map((queryKey) => queries.invalidateQueries({ queryKey })),
      );
    },
  });
  const newer = view.closed ? [] : withNewerRelease(view.procedures);
  if (newer.length === 0) return null;
  return (
    <section className={css['newer']} aria-label={t('newerReleases')}>
      {newer.map(({ release, title, number, newest }) => (
        <div key={release} className={css['newerLine']}>
          <IconVersions size={20} stroke={1.7} aria-hidden />
          <div className={css['grow']}>
            <Text fw={560}>{t('newerIs', { n: newest.number, title: textIn(title, currentLanguage(), 'en') })}</Text>
            <Text size="sm" c="dimmed">
              {t(mayTake ? 'newerText' : 'newerAsk', { n: number })}
            </Text>
          </div>
          {mayTake && (
            <Button
              variant="default"
              loading={take.isPending && take.variables === newest.release}
              onClick={() => take.mutate(newest.release)}
            >
              {t('newerTake', { n: newest.number })}
            </Button>
          )}
        </div>
      ))}
      {take.error && <ProblemNotice thrown={take.error} />}
    </section>
  );
}
