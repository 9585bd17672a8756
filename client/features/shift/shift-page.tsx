import { Button, Checkbox, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconDownload, IconPackage, IconPlayerStop } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Link } from 'react-router';
import { JobList, type JobView } from '#protocol/api/guidance';
import { waitingIn } from '#net/outbox.indexeddb';
import { deviceMark } from '../../offline/device-mark.ts';
import { keepShell, shell } from '../../offline/shell.ts';
import type { TakenJob } from '../../offline/shift.store.ts';
import { proveSkills } from '../../offline/skills.ts';
import { letGo, spaceHere, takeAlong, type Progress as Fetched } from '../../offline/take-along.ts';
import { EmptyState, noticeDone, Page, ProblemNotice, StatusBadge, useQuantities } from '../../ui/index.ts';
import { api, session, useMe } from '../session/index.ts';
import { LeaveKey } from './leave-key.tsx';
import { shift } from './shift.ts';
import { shiftStrings } from './strings.ts';

const TAKEN = ['taken jobs'];
const FINISHED: ReadonlySet<string> = new Set(['finished', 'scrapped']);

/** `/shift`: what is on this device for work without a network, and what more can be taken along. */
export default function ShiftPage() {
  const t = shiftStrings.useText();
  const taken = useQuery({ queryKey: TAKEN, queryFn: () => shift.store.jobs(), networkMode: 'always' });
  useEffect(() => void keepShell(), []);
  return (
    <Page title={t('title')}>
      <Title order={1}>{t('title')}</Title>
      <Text c="dimmed" maw="68ch" mb="lg">
        {t('lead')}
      </Text>
      <Standing />
      <Title order={2} mt="xl" mb="sm">
        {t('taken')}
      </Title>
      {taken.data?.length ? (
        <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
          {taken.data.map((job) => (
            <Taken key={job.room} job={job} />
          ))}
        </Stack>
      ) : (
        <EmptyState icon={<IconPackage size={40} stroke={1.2} />} title={t('nothingTaken')} text={t('lead')} />
      )}
      <Take taken={taken.data ?? []} />
      {(taken.data?.length ?? 0) > 0 && <LeaveKey jobs={taken.data!} />}
    </Page>
  );
}

/** Whether the page itself, and what it keeps, will be here. */
function Standing() {
  const t = shiftStrings.useText();
  const { bytes } = useQuantities();
  const { state } = useSyncExternalStore(shell.subscribe, shell.get);
  const space = useQuery({
    queryKey: [...TAKEN, 'space', state],
    queryFn: spaceHere,
    networkMode: 'always',
    retry: false,
  });
  const words = { ready: 'shellReady', failed: 'shellFailed', unable: 'shellUnable' } as const;
  return (
    <Group gap="md">
      <StatusBadge
        status={state === 'ready' ? 'done' : state === 'loading' || state === 'absent' ? 'active' : 'attention'}
      >
        {t(state === 'loading' || state === 'absent' ? 'shellLoading' : words[state])}
      </StatusBadge>
      {space.data && (
        <Text size="sm" c="dimmed">
          {t('space', { used: bytes(space.data.usedBytes), free: bytes(Math.max(0, space.data.freeBytes)) })}{' '}
          {t(space.data.isKept ? 'spaceKept' : 'spaceLoose')}
        </Text>
      )}
    </Group>
  );
}

function Taken({ job }: { job: TakenJob }) {
  const t = shiftStrings.useText();
  const { bytes, dateTime } = useQuantities();
  const queries = useQueryClient();
  const me = useMe();
  const waits = useQuery({
    queryKey: ['waits', job.room],
    queryFn: async () => ({
      edits: await waitingIn(me.id, job.room),
      pictures: await shift.evidence.waiting(job.room),
      doubts: (await proveSkills(job.pack, Date.now())).doubts,
    }),
    networkMode: 'always',
  });
  const { edits = 0, pictures = 0, doubts = [] } = waits.data ?? {};
  const isGood = job.pack.goodUntil > Date.now();
  const goAway = async () => {
    if (shift.rooms) await letGo(job.room, { api, device: deviceMark(), store: shift.store, rooms: shift.rooms });
    await queries.invalidateQueries({ queryKey: TAKEN });
  };
  return (
    <Group component="li" justify="space-between" wrap="wrap" gap="sm">
      <div>
        <Text fw={600}>{job.pack.title}</Text>
        <Text size="sm" c="dimmed">
          {job.order} · {t('station', { station: job.pack.station })} · {t('size', { size: bytes(job.bytes) })}
        </Text>
        <Group gap="xs" mt={4}>
          <StatusBadge status={isGood ? 'done' : 'attention'}>
            {isGood ? t('readyUntil', { when: dateTime(job.pack.goodUntil) }) : t('tooOld')}
          </StatusBadge>
          {edits > 0 && <StatusBadge status="active">{t('unsent', { count: edits })}</StatusBadge>}
          {pictures > 0 && <StatusBadge status="active">{t('pictures', { count: pictures })}</StatusBadge>}
          {doubts.map(({ person, certificate, verdict }) => (
            <StatusBadge key={certificate} status="attention">
              {t('doubted', { name: job.pack.people.find(({ id }) => id === person)?.name ?? person, why: verdict })}
            </StatusBadge>
          ))}
        </Group>
      </div>
      <Group gap="xs">
        <Button component={Link} to={`/room/${job.room}`}>
          {t('open')}
        </Button>
        <Button
          variant="default"
          aria-label={t('letGoOf', { title: job.pack.title })}
          disabled={edits + pictures > 0}
          onClick={() => void goAway()}
        >
          {t('letGo')}
        </Button>
      </Group>
    </Group>
  );
}

/** My open jobs, to choose from. */
function Take({ taken }: { taken: readonly TakenJob[] }) {
  const t = shiftStrings.useText();
  const { bytes } = useQuantities();
  const queries = useQueryClient();
  const me = useMe();
  const open = useQuery({ queryKey: ['open jobs'], queryFn: ({ signal }) => openJobs(signal), retry: false });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [now, setNow] = useState<(Fetched & { readonly title: string }) | null>(null);
  const [thrown, setThrown] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  const here = new Set(taken.map(({ room }) => room));
  const jobs = (open.data ?? []).filter(({ room }) => !here.has(room));

  const take = async () => {
    const rooms = shift.rooms;
    if (!rooms) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    setThrown(null);
    let count = 0;
    try {
      void keepShell();
      for (const { room, title, summary } of jobs.filter((job) => chosen.has(job.room))) {
        const token = session.get()?.token ?? '';
        const ports = { api, store: shift.store, rooms, token, user: me.id, device: deviceMark() };
        const job = { room, order: summary.order, serial: summary.serial };
        const onProgress = (progress: Fetched) => setNow({ ...progress, title });
        await takeAlong(ports, job, { onProgress, signal });
        count += 1;
      }
      noticeDone(t('tookAll', { count }));
      setChosen(new Set());
    } catch (cause) {
      if (!signal.aborted) setThrown(cause);
    } finally {
      setNow(null);
      await queries.invalidateQueries({ queryKey: TAKEN });
    }
  };

  return (
    <section aria-labelledby="take">
      <Title order={2} id="take" mt="xl" mb="sm">
        {t('take')}
      </Title>
      {open.error && <ProblemNotice thrown={open.error} onRetry={() => void open.refetch()} />}
      {open.data && jobs.length === 0 && <Text c="dimmed">{t('noJobs')}</Text>}
      <Stack gap="xs">
        {jobs.map(({ room, title, summary }) => (
          <Checkbox
            key={room}
            size="md"
            label={`${title} · ${summary.order}`}
            checked={chosen.has(room)}
            disabled={now !== null}
            onChange={() => setChosen((before) => toggled(before, room))}
          />
        ))}
      </Stack>
      {thrown !== null && <ProblemNotice thrown={thrown} />}
      {now ? (
        <Group mt="md" role="status">
          <Text size="sm">{t('taking', { title: now.title, done: bytes(now.bytes), of: bytes(now.of) })}</Text>
          <Progress w={240} value={now.of === 0 ? 100 : (now.bytes / now.of) * 100} aria-label={now.title} />
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            onClick={() => stop.current?.abort()}
          >
            {t('stop')}
          </Button>
        </Group>
      ) : (
        jobs.length > 0 && (
          <Button
            mt="md"
            leftSection={chosen.size > 0 ? <IconDownload size={18} /> : <IconCircleCheck size={18} />}
            disabled={chosen.size === 0}
            onClick={() => void take()}
          >
            {t('takeChosen', { count: chosen.size })}
          </Button>
        )
      )}
    </section>
  );
}

async function openJobs(signal: AbortSignal): Promise<JobView[]> {
  const { projects } = await api.projects(signal);
  const lists = await Promise.all(
    projects
      .filter(({ role }) => role !== null)
      .map(({ id }) => api.ask(JobList, 'GET', `/projects/${id}/jobs`, { signal }).then(({ jobs }) => jobs)),
  );
  return lists.flat().filter(({ summary }) => !FINISHED.has(summary.status));
}

function toggled(before: ReadonlySet<string>, room: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(room)) after.add(room);
  return after;
}
