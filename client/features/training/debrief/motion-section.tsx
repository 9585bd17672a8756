import { Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconWalk } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Project } from '#protocol/api/index';
import { EmptyState, noticeProblem, PersonDot, ProblemNotice, useQuantities, Wait } from '../../../ui/index.ts';
import { procedures } from '../../procedures/procedures.ts';
import { session } from '../../session/index.ts';
import type { Examined } from '../model/examine.ts';
import { giveConsent } from '../model/consent.ts';
import { letGo } from '../model/let-go.ts';
import { heatOf, lookedAt, pathOf, type HeatMap, type PlanPoint } from '../model/heat-map.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import { ConsentDialog } from '../views/consent-dialog.tsx';
import css from './debrief.module.css';
import { motionQuery, type RunMotion } from './motion-query.ts';

/** Height at which people work, metres: where they look is asked for there. */
const WORK_HEIGHT_M = 0.9;

interface Props {
  readonly project: Project;
  readonly examined: Examined;
  readonly room: string;
}

/** Paths and looks of those who agreed to be recorded; one's own consent and one's own recording are in one's hand. */
export function MotionSection({ project, examined, room }: Props) {
  const t = trainingStrings.useText();
  const queries = useQueryClient();
  const query = motionQuery(room, examined.run);
  const motion = useQuery(query);
  const me = session.get()?.me.id;
  const things = examined.procedure.workplace.things.flatMap(({ poseInRoom }): PlanPoint[] =>
    poseInRoom ? [[poseInRoom.position[0], poseInRoom.position[2]]] : [],
  );
  const isMine = motion.data?.some(({ person }) => person === me) ?? false;
  const erase = () => {
    queries.setQueryData(
      query.queryKey,
      (motion.data ?? []).filter(({ person }) => person !== me),
    );
    letGo(t('erased'), {
      act: () => training.eraseMotion(room, me!),
      back: () => queries.setQueryData(query.queryKey, motion.data),
    });
  };
  return (
    <section className={`${css['section']} ${css['noPrint']}`} aria-labelledby="motion">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="motion">
          {t('motion')}
        </Title>
        {isMine && (
          <Button variant="default" onClick={erase}>
            {t('erase')}
          </Button>
        )}
      </Group>
      {motion.error && <ProblemNotice thrown={motion.error} onRetry={() => void motion.refetch()} />}
      {!motion.data && !motion.error && <Wait />}
      {motion.data?.length === 0 && (
        <EmptyState
          icon={<IconWalk size={40} stroke={1.2} />}
          title={t('recordingsEmpty')}
          text={t('recordingsEmptyText')}
        />
      )}
      {motion.data?.map((one) => (
        <PersonHeat key={one.person} motion={one} things={things} />
      ))}
      {isMine && (
        <Text size="sm" c="dimmed" mt={6}>
          {t('eraseText')}
        </Text>
      )}
      {examined.run.participants.some(({ id }) => id === me) && (
        <OwnConsent project={project.id} room={room} isGiven={examined.consents[me!] ?? false} />
      )}
    </section>
  );
}

interface PersonProps {
  readonly motion: RunMotion;
  /** Things of the workplace, to find one's way. */
  readonly things: readonly PlanPoint[];
}

function PersonHeat({ motion: { person, name, looks }, things }: PersonProps) {
  const t = trainingStrings.useText();
  const { number } = useQuantities();
  const [path, gaze] = useMemo(() => [heatOf(pathOf(looks)), heatOf(lookedAt(looks, WORK_HEIGHT_M))], [looks]);
  const seconds = Math.round((looks.at(-1)!.atMs - looks[0]!.atMs) / 1000);
  const place = ([x, z]: PlanPoint) => ({ name, x: number(x, 1), z: number(z, 1) });
  return (
    <div className={css['panel']} style={{ marginBottom: 16 }}>
      <Group gap={8} mb="sm">
        <PersonDot name={name} user={person} size={22} hasTooltip={false} />
        <Text fw={560}>{name}</Text>
      </Group>
      <div className={css['heats']}>
        <Heat title={t('heatPath')} map={path} things={things} said={(at) => t('heatPathAlt', place(at))} />
        <Heat title={t('heatGaze')} map={gaze} things={things} said={(at) => t('heatGazeAlt', place(at))} />
      </div>
      <Text size="sm" c="dimmed" mt={6}>
        {t('heatText', { cm: Math.round((path?.cellM ?? 0.1) * 100), seconds })}
      </Text>
    </div>
  );
}

interface HeatProps extends Pick<PersonProps, 'things'> {
  readonly title: string;
  readonly map: HeatMap | null;
  readonly said: (hottest: PlanPoint) => string;
}

function Heat({ title, map, things, said }: HeatProps) {
  const t = trainingStrings.useText();
  if (!map)
    return (
      <div>
        <Title order={3}>{title}</Title>
        <Text size="sm" c="dimmed">
          {t('heatNothing')}
        </Text>
      </div>
    );
  const { counts, columns, cellM, fromX, fromZ, most, rows } = map;
  const middleOf = (index: number): PlanPoint => [
    fromX + ((index % columns) + 0.5) * cellM,
    fromZ + (Math.floor(index / columns) + 0.5) * cellM,
  ];
  const side = Math.max(columns, rows * 1.6, 12);
  return (
    <figure className={css['heat']}>
      <figcaption>
        <Title order={3}>{title}</Title>
      </figcaption>
      <svg
        viewBox={`${(columns - side) / 2} ${(rows - side / 1.6) / 2} ${side} ${side / 1.6}`}
        className={css['plan']}
        role="img"
        aria-label={said(middleOf(counts.indexOf(most)))}
      >
        {things.map(([x, z], at) => (
          <circle
            key={`thing ${at}`}
            cx={(x - fromX) / cellM}
            cy={(z - fromZ) / cellM}
            r={0.5}
            fill="var(--wh-sheet-ink)"
          />
        ))}
        {counts.map(
          (count, index) =>
            count > 0 && (
              <rect
                key={index}
                x={index % columns}
                y={Math.floor(index / columns)}
                width={1.02}
                height={1.02}
                fill="var(--wh-active)"
                opacity={0.15 + 0.85 * Math.sqrt(count / most)}
              />
            ),
        )}
      </svg>
    </figure>
  );
}

function OwnConsent({
  project,
  room,
  isGiven,
}: {
  readonly project: string;
  readonly room: string;
  readonly isGiven: boolean;
}) {
  const t = trainingStrings.useText();
  const [isOpen, dialog] = useDisclosure();
  const [given, setGiven] = useState(isGiven);
  const rules = useQuery({
    queryKey: ['training-rules', project],
    queryFn: ({ signal }) => procedures.rules(project, signal),
    enabled: isOpen,
  });
  const give = useMutation({
    mutationFn: (motion: boolean) => giveConsent(room, motion),
    onSuccess: (_, motion) => setGiven(motion),
    onError: noticeProblem,
    onSettled: dialog.close,
  });
  return (
    <Group gap="xs" mt="md">
      <Text size="sm">{given ? t('consentIsOn') : t('consentIsOff')}</Text>
      <Button variant="subtle" size="compact-sm" loading={give.isPending} onClick={dialog.open}>
        {t('consentChange')}
      </Button>
      <ConsentDialog
        isOpen={isOpen}
        recordingDays={rules.data?.recordingDays ?? null}
        onAnswer={(motion) => give.mutate(motion)}
        onClose={dialog.close}
      />
    </Group>
  );
}
