import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GuidanceSession } from '#net/index';
import type { Problem } from '#protocol/errors';
import type { RoomInfo } from '#protocol/api/index';
import { hasSkill, jobOf, jobState, markersAt, rowsOf, type Deviation, type JobRow } from '#protocol/guidance/index';
import { decide, type Action } from '#protocol/permissions/index';
import { procedureIn } from '#protocol/procedures/index';
import { problemText } from '../../ui/index.ts';
import { i18n } from '../../ui/strings/language.ts';
import { useReadingLanguage } from '../procedures/model/reading-language.ts';
import { Speaker } from '../procedures/model/words.ts';
import { procedureStrings } from '../procedures/strings.ts';
import { useReadable } from '../room/room-context.tsx';
import type { Said } from '../training-room/model/said.ts';
import { HandsFree } from './hands-free/hands-free.ts';
import type { JobThings } from './job-context.tsx';
import { Aligner } from './model/aligner.ts';
import { heldFor } from './model/held.ts';
import { JobHand } from './model/job-hand.ts';
import { sayDeviation, sayResult } from './model/said.ts';
import { nextTask, stepsNow } from './model/tasks.ts';
import { guidanceRoomStrings } from './strings.ts';

/** Said things that stay in the list. */
const MOST_SAID = 30;
/** A skill may expire while one works, ms. */
const LOOK_AGAIN_MS = 30_000;

/** Everything about the job that its panels need, and what is said of it as it happens. Null until its procedure is here. */
export function useJobThings(session: GuidanceSession, info: RoomInfo): JobThings | null {
  const t = guidanceRoomStrings.useText();
  const authorWords = procedureStrings.useText();
  const { i18n: active } = useTranslation(undefined, { i18n, useSuspense: false });
  const language = active.language === 'zh' ? 'zh' : 'en';
  const document = useReadable(session.document);
  const roster = useReadable(session.participants);
  const job = jobOf(document) ?? null;
  const procedure = job && procedureIn(document, job.procedure);
  const reading = useReadingLanguage(procedure);
  const say = useMemo(
    () => (procedure ? new Speaker(procedure, reading, authorWords) : null),
    [procedure, reading, authorWords],
  );
  const [said, setSaid] = useState<readonly Said[]>([]);
  const count = useRef(0);
  const tell = useCallback((text: string, tone: Said['tone'] = 'news') => {
    const key = ++count.current;
    setSaid((list) => [...list, { key, text, tone }].slice(-MOST_SAID));
  }, []);
  const hand = useMemo(() => {
    const refused = (problem: Problem) => {
      const { message, next } = problemText(problem);
      tell(next ? `${message} ${next}` : message, 'bad');
    };
    return new JobHand(session, refused);
  }, [session, tell]);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- one for the room: it is told the language below
  const handsFree = useMemo(() => new HandsFree(language), []);
  useEffect(() => handsFree.setLanguage(language), [handsFree, language]);
  useEffect(() => {
    handsFree.begin();
    return () => handsFree.dispose();
  }, [handsFree]);
  const station = job?.station ?? null;
  const plan = job?.plan ?? null;
  const aligner = useMemo(() => {
    const map = plan && station !== null ? markersAt(plan, station) : null;
    return new Aligner({
      map,
      display: 'picture',
      points: map?.markers.map(({ poseInProduct }) => poseInProduct.position) ?? [],
    });
  }, [plan, station]);
  useNews(document, job, say, t, tell);
  const atMs = useMinute();
  const role = roster.find((one) => one.session === session.me.session)?.role ?? session.me.role;
  const user = session.me.user;
  const isCrew = job?.crew.some(({ id }) => id === user) ?? false;
  const may = useCallback(
    (action: Action) => decide(role, action, { own: isCrew, held: 'nobody', room: 'open' }) === null,
    [role, isCrew],
  );
  const me = useMemo(() => ({ user, role, isCrew }), [user, role, isCrew]);
  const state = useMemo(() => (job ? jobState(document, job) : null), [document, job]);
  const steps = useMemo(
    () =>
      job && procedure && state?.status === 'running' ? stepsNow(document, job, procedure, state, user, atMs) : [],
    [document, job, procedure, state, user, atMs],
  );
  useSkillNews(document, user, steps, t, tell);
  const next = useMemo(() => (isCrew && job?.status === 'running' ? nextTask(steps) : null), [steps, isCrew, job]);
  const held = useMemo(() => (state?.status === 'running' ? heldFor(document, me) : null), [document, state, me]);
  if (!job || !procedure || !say) return null;
  return {
    session,
    info,
    document,
    job,
    procedure,
    state,
    steps,
    next,
    held,
    hand,
    say,
    said,
    tell,
    me,
    may,
    handsFree,
    aligner,
  };
}

/** Results of tools and deviations are told as they come, also those that others caused. */
function useNews(
  document: JobThings['document'],
  job: JobRow | null,
  say: Speaker | null,
  t: typeof guidanceRoomStrings.text,
  tell: JobThings['tell'],
): void {
  const known = useRef<{ results: number; deviations: ReadonlyMap<string, number> } | null>(null);
  useEffect(() => {
    if (!job || !say) return;
    const results = rowsOf(document, 'results');
    const deviations = rowsOf(document, 'deviations');
    const before = known.current;
    known.current = { results: results.length, deviations: new Map(deviations.map(({ id, count }) => [id, count])) };
    if (!before) return;
    for (const row of results.slice(before.results))
      tell(sayResult(row, say, t), row.verdict === 'counted' ? 'good' : 'bad');
    const news = deviations.filter(
      (one: Deviation) => one.count > (before.deviations.get(one.id) ?? 0) && !one.decided,
    );
    for (const one of news) tell(sayDeviation(one, say, t), 'bad');
  }, [document, job, say, t, tell]);
}

/** A skill that was missing and is there now: granted while the step waited for it. */
function useSkillNews(
  document: JobThings['document'],
  me: string,
  steps: JobThings['steps'],
  t: typeof guidanceRoomStrings.text,
  tell: JobThings['tell'],
): void {
  const missing = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const tasks = steps.flatMap((one) => one.tasks).filter(({ gate }) => gate?.kind === 'skill');
    for (const { id, gate, isDone } of tasks)
      if (isDone && missing.current.has(id) && gate?.kind === 'skill' && hasSkill(document, me, gate, Date.now()))
        tell(t('skillCame', { code: gate.code, level: gate.level }), 'good');
    missing.current = new Set(tasks.flatMap(({ id, isDone }) => (isDone ? [] : [id])));
  }, [document, me, steps, t, tell]);
}

function useMinute(): number {
  const [atMs, setAtMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setAtMs(Date.now()), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return atMs;
}
