import { Button, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Procedure } from '#protocol/procedures/index';
import type { RunRow } from '#protocol/training/index';
import { ProblemNotice, StatusBadge } from '../../../ui/index.ts';
import { clockText } from '../model/clock-text.ts';
import { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import css from './console.module.css';

interface Props {
  readonly room: string;
  readonly run: RunRow;
  readonly procedure: Procedure;
  readonly language: string;
  /** Who takes part learns of faults at the debrief. */
  readonly takesPart: boolean;
}

/** What can be made to go wrong, with the true cause; nobody in the run learns of it before the debrief. */
export function FaultsPanel({ room, run, procedure, language, takesPart }: Props) {
  const t = trainingStrings.useText();
  const queries = useQueryClient();
  const words = new RunWords(procedure, language, t);
  const key = ['faults', room, run.id];
  const isOpen = !takesPart && procedure.workplace.faults.length > 0;
  const facts = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => training.faults(room, run.id, signal),
    enabled: isOpen,
    // A run that was started just now stands here before the hall has it.
    retry: (count, error) => count < 8 && 'status' in error && error.status === 404,
    retryDelay: 400,
  });
  const set = useMutation({
    mutationFn: ({ fault, isCleared }: { fault: string; isCleared: boolean }) =>
      training.setFault(room, run.id, fault, isCleared),
    onSuccess: (list) => queries.setQueryData(key, list),
  });
  const failed = set.error ?? facts.error;
  return (
    <section className={css['panel']} aria-labelledby="faults">
      <Title order={2} id="faults">
        {t('faults')}
      </Title>
      {procedure.workplace.faults.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noFaults')}
        </Text>
      ) : (
        <>
          <div className={css['sealed']} role="note">
            <IconLock size={18} stroke={1.7} aria-hidden />
            <span>{takesPart ? t('faultsTakesPart') : t('faultsSealed')}</span>
          </div>
          {failed && <ProblemNotice thrown={failed} />}
          {isOpen && (
            <div>
              {procedure.workplace.faults.map(({ id, kind }) => {
                const last = facts.data?.faults.findLast(({ fault }) => fault === id);
                const isIn = last !== undefined && !last.isCleared;
                const time = last ? clockText(last.atMs - run.startedAtMs) : '';
                return (
                  <div key={id} className={css['fault']}>
                    <div style={{ minWidth: 0, flex: 1 }}>
                      <Text size="sm" fw={560}>
                        {words.fault(id)}
                      </Text>
                      {/* Where the kind says no more than the name does, it says nothing. */}
                      {kind !== 'other' && (
                        <Text size="xs" c="dimmed">
                          {t('truthLabel', { kind: t(`fault_${kind}`) })}
                        </Text>
                      )}
                    </div>
                    <StatusBadge status={isIn ? 'attention' : 'quiet'} icon={isIn ? undefined : null}>
                      {isIn ? t('faultIn', { time }) : last ? t('faultOut', { time }) : t('faultNot')}
                    </StatusBadge>
                    <Button
                      variant="default"
                      size="xs"
                      disabled={run.outcome !== null || !facts.data}
                      loading={set.isPending && set.variables.fault === id}
                      aria-label={`${isIn ? t('takeAway') : t('inject')}: ${words.fault(id)}`}
                      onClick={() => set.mutate({ fault: id, isCleared: isIn })}
                    >
                      {isIn ? t('takeAway') : t('inject')}
                    </Button>
                  </div>
                );
              })}
            </div>
          )}
        </>
      )}
    </section>
  );
}
