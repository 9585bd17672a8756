import { Button, Text } from '@mantine/core';
import { IconLogout2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useParams } from 'react-router';
import { TrainingApi } from '#net/training-api';
import type { Cmi5Entered } from '#protocol/api/cmi5';
import type { RunResult } from '#protocol/api/training';
import { readLaunch } from '#protocol/cmi5/index';
import { WorkhallError } from '#protocol/errors';
import { textIn } from '#protocol/procedures/index';
import {
  currentLanguage,
  noticeProblem,
  Page,
  ProblemNotice,
  setLanguage,
  StatusBadge,
  useDocumentTitle,
  Wait,
} from '../../ui/index.ts';
import { api, keepSessionOfTab } from '../session/index.ts';
import { cmi5 } from './cmi5.ts';
import { cmi5Strings } from './strings.ts';
import css from './unit-page.module.css';
import { UnitSession } from './unit-session.ts';

const LOOK_MS = 2_000;
const training = new TrainingApi(api);

interface Inside {
  readonly unit: UnitSession;
  readonly seat: Cmi5Entered;
}

/** `/cmi5/:package/:unit`: a procedure as the assignable unit of somebody’s LMS, run in a room of the learner’s own. */
export default function UnitPage() {
  const t = cmi5Strings.useText();
  const { package: id = '', unit = '' } = useParams();
  const [inside, setInside] = useState<Inside | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  useEffect(() => {
    let isOver = false;
    const enter = async () => {
      try {
        const next = await open(id, Number(unit));
        if (isOver) next.unit.vanish();
        else setInside(next);
      } catch (thrown) {
        if (!isOver) setRefused(thrown);
      }
    };
    // One turn later, so that React's double mounting in development spends the token once.
    const start = setTimeout(() => void enter());
    return () => {
      isOver = true;
      clearTimeout(start);
    };
  }, [id, unit]);
  if (refused)
    return (
      <Page title={t('unit')}>
        <ProblemNotice thrown={refused} />
      </Page>
    );
  if (!inside)
    return (
      <Page title={t('unit')}>
        <Wait text={t('opening')} />
      </Page>
    );
  return <Unit {...inside} />;
}

async function open(id: string, number: number): Promise<Inside> {
  const launch = readLaunch(location.search);
  if (!launch)
    throw new WorkhallError('cmi5', 'not_launched', 'This page is a unit of a course.', {
      next: 'Open it from your learning platform.',
    });
  const unit = await UnitSession.open(launch);
  const wish = unit.preferences?.languages.find((language) => /^(zh|en)\b/i.test(language));
  if (wish) await setLanguage(wish.toLowerCase().startsWith('zh') ? 'zh' : 'en');
  const { account, name } = launch.actor;
  const seat = await cmi5.enter(id, {
    unit: number,
    entitlementKey: unit.data.entitlementKey?.courseStructure ?? '-',
    account: { homePage: account!.homePage, name: account!.name },
    registration: launch.registration,
    ...(name ? { name: name.slice(0, 100) } : {}),
  });
  const { token, user, name: shown } = seat;
  keepSessionOfTab({ token, me: { id: user, name: shown, badge: 'guest', address: null, addressKind: null } });
  await unit.begin();
  return { unit, seat };
}

function Unit({ unit, seat }: Inside) {
  const t = cmi5Strings.useText();
  const title = textIn(seat.title, currentLanguage(), 'en');
  useDocumentTitle(title);
  /** Runs that the LMS knows of, or is being told of. */
  const told = useRef(new Set<string>());
  const [isDone, setDone] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const results = useQuery({
    queryKey: ['cmi5 unit', seat.room],
    queryFn: ({ signal }) => training.results(seat.room, signal),
    refetchInterval: LOOK_MS,
  });
  /** One after the other, so that leaving waits for what is being told. */
  const work = useRef<Promise<unknown>>(Promise.resolve());
  const tellEach = useCallback(
    async (list: readonly RunResult[]) => {
      for (const result of list) {
        const { run, mode, procedure, outcome, isPassed } = result;
        const counts = procedure === seat.procedure && (mode === seat.mode || mode === 'exam');
        if (!counts || told.current.has(run)) continue;
        told.current.add(run);
        await tellRun(unit, seat, result).catch((thrown: unknown) => {
          told.current.delete(run); // the next look tries again
          throw thrown;
        });
        if (seat.mode === 'guided' ? outcome === 'completed' : isPassed) setDone(true);
      }
    },
    [unit, seat],
  );
  const tellAll = useCallback(
    (list: readonly RunResult[]) => {
      const telling = work.current.then(() => tellEach(list));
      work.current = telling.catch(() => undefined); // who asked is told
      return telling;
    },
    [tellEach],
  );
  useEffect(() => {
    if (results.data) void tellAll(results.data.results).catch(noticeProblem);
  }, [results.data, tellAll]);
  useEffect(() => {
    const onHide = () => unit.vanish();
    addEventListener('pagehide', onHide);
    return () => removeEventListener('pagehide', onHide);
  }, [unit]);
  const leave = async () => {
    setLeaving(true);
    try {
      // A run that was over just now counts as well.
      const last = await results.refetch();
      // What the LMS refuses keeps nobody here.
      await tellAll(last.data?.results ?? []).catch(noticeProblem);
      const back = await unit.leave();
      keepSessionOfTab(null);
      // An address that would run as a script of ours is no way back.
      if (back !== null && /^https?:/i.test(back)) location.assign(back);
    } catch (thrown) {
      setLeaving(false);
      noticeProblem(thrown);
    }
  };
  return (
    <div className={css['shell']}>
      <header className={css['bar']}>
        <Text fw={560} className={css['title']}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {unit.data.launchMode === 'Normal' ? t('counts', { mode: t(`mode_${seat.mode}`) }) : t('looking')}
        </Text>
        {isDone && <StatusBadge status="done">{t('done')}</StatusBadge>}
        <Button
          variant={isDone ? 'filled' : 'default'}
          loading={isLeaving}
          onClick={() => void leave()}
          leftSection={<IconLogout2 size={18} stroke={1.7} aria-hidden />}
        >
          {t('leave')}
        </Button>
      </header>
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- our own page, which needs its origin, sound and headset */}
      <iframe
        className={css['room']}
        src={`/room/${seat.room}?mode=${seat.mode}`}
        title={title}
        allow="xr-spatial-tracking; microphone; fullscreen; autoplay"
      />
    </div>
  );
}

async function tellRun(unit: UnitSession, seat: Cmi5Entered, { run, outcome }: { run: string; outcome: string }) {
  const { sheet } = await training.score(seat.room, run);
  const { points, full, isPassed, failedBy, durationMs } = sheet;
  const isWhole = outcome === 'completed';
  await unit.tell(
    { run, isWhole, isPassed, isBarred: failedBy.length > 0, points, full, durationMs },
    seat.mode === 'guided',
  );
}
