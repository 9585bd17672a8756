import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus, IconPrinter, IconTools } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import type { StationView } from '#protocol/api/guidance';
import { may } from '#protocol/permissions/index';
import { withUnit } from '#protocol/procedures/unit-words';
import {
  currentLanguage,
  EmptyState,
  noticeProblem,
  ProblemNotice,
  StatusBadge,
  useQuantities,
  Wait,
} from '../../ui/index.ts';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { Section } from './section.tsx';
import { Password, StationDialog } from './station-dialog.tsx';
import { guidanceStrings } from './strings.ts';
import { useStations } from './use-jobs.ts';

/** Work stations: what stands there, whether its lines are up, and the sheets to align by. */
export function StationsView({ project }: { readonly project: Project }) {
  const t = guidanceStrings.useText();
  const stations = useStations(project.id);
  const [isMaking, making] = useDisclosure();
  const mayPlan = project.role !== null && may(project.role, 'job.plan');
  const button = mayPlan && (
    <Button leftSection={<IconPlus size={18} aria-hidden />} variant="default" onClick={making.open}>
      {t('newStation')}
    </Button>
  );
  if (!stations.data)
    return stations.error ? (
      <ProblemNotice thrown={stations.error} onRetry={() => void stations.refetch()} />
    ) : (
      <Wait />
    );
  return (
    <Stack>
      {stations.data.stations.length === 0 ? (
        <EmptyState
          icon={<IconTools size={40} stroke={1.2} />}
          title={t('noStations')}
          text={t('noStationsText')}
          action={button || undefined}
        />
      ) : (
        <>
          <Group justify="flex-end">{button}</Group>
          <div className={css['cards']}>
            {stations.data.stations.map((one) => (
              <StationCard key={one.id} project={project} station={one} mayPlan={mayPlan} />
            ))}
          </div>
        </>
      )}
      <Strays project={project.id} />
      {isMaking && <StationDialog project={project} station={null} onClose={making.close} />}
    </Stack>
  );
}

function Strays({ project }: { readonly project: string }) {
  const t = guidanceStrings.useText();
  const { dateTime } = useQuantities();
  const strays = useQuery({
    queryKey: ['stray-results', project],
    queryFn: ({ signal }) => guidance.strays(project, signal),
  });
  const rows = strays.data?.results ?? [];
  if (rows.length === 0) return null;
  return (
    <Section id="strays" title={t('strays')} text={t('straysText')} size="h3">
      <ul className={css['rows']}>
        {rows.map(({ result, cameAt }) => (
          <li key={`${result.device}/${result.key}`} className={css['row']}>
            <Text fw={560}>{result.device}</Text>
            <div className={css['facts']}>
              <span>{withUnit(result.value, result.unit)}</span>
              <span>{dateTime(cameAt)}</span>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface CardProps {
  readonly project: Project;
  readonly station: StationView;
  readonly mayPlan: boolean;
}

function StationCard({ project, station, mayPlan }: CardProps) {
  const t = guidanceStrings.useText();
  const [isEditing, editing] = useDisclosure();
  const [password, setPassword] = useState<string | null>(null);
  const renew = useMutation({
    mutationFn: () => guidance.newPassword(project.id, station.id),
    onSuccess: (made) => setPassword(made.password),
    onError: noticeProblem,
  });
  const { moment } = useQuantities();
  const devices = [...station.tools, ...station.gauges];
  return (
    <article className={css['card']} aria-label={station.name}>
      <span className={css['now']}>{station.name}</span>
      {station.job ? (
        <div>
          <Anchor component={Link} to={`/room/${station.job.room}`} size="sm" fw={560}>
            {t('hasJob', { product: `${station.job.productType} ${station.job.serial}`, order: station.job.order })}
          </Anchor>
          <div className={css['facts']}>
            <span>{t('revision', { n: station.job.revision })}</span>
            {station.job.crew.length > 0 && <span>{t('atIt', { crew: station.job.crew.join(t('comma')) })}</span>}
          </div>
        </div>
      ) : (
        <Text size="sm" c="dimmed">
          {t('free')}
        </Text>
      )}
      {devices.map(({ device, isUp, ...of }) => (
        <Group key={device} justify="space-between" wrap="nowrap">
          <div style={{ minWidth: 0 }}>
            <Text size="sm" truncate>
              {device}
            </Text>
            {'heardAt' in of && (
              <Text size="xs" c="dimmed">
                {of.heardAt === null ? t('neverHeard') : t('lastHeard', { when: moment(of.heardAt, Date.now()) })}
              </Text>
            )}
          </div>
          <StatusBadge status={isUp ? 'done' : 'attention'}>{t(isUp ? 'isUp' : 'isDown')}</StatusBadge>
        </Group>
      ))}
      {station.mqtt && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('mqttAt', { port: station.mqtt.port, user: station.mqtt.username })}
        </Text>
      )}
      {password !== null && <Password value={password} />}
      <Group gap="xs" mt="auto">
        <Button
          component="a"
          href={guidance.sheetUrl({
            station: station.name,
            first: `${station.firstTag}`,
            sheets: '3',
            language: currentLanguage(),
          })}
          target="_blank"
          rel="noreferrer"
          size="xs"
          variant="default"
          leftSection={<IconPrinter size={16} aria-hidden />}
        >
          {t('markerSheet')}
        </Button>
        {mayPlan && (
          <Button size="xs" variant="default" onClick={editing.open}>
            {t('setUp')}
          </Button>
        )}
        {mayPlan && station.mqtt && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconKey size={16} aria-hidden />}
            loading={renew.isPending}
            onClick={() => renew.mutate()}
          >
            {t('newPassword')}
          </Button>
        )}
      </Group>
      {isEditing && <StationDialog project={project} station={station} onClose={editing.close} />}
    </article>
  );
}
