import { createTheme, MantineThemeProvider, Portal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { Store } from '#net/store';
import type { RoomInfo } from '#protocol/api/index';
import type { Camera } from '#protocol/alignment/index';
import { invertPose } from '#protocol/spatial/index';
import type { Seen } from '../../align/index.ts';
import { deviceMark } from '../../offline/device-mark.ts';
import { tellInSync } from '../../offline/in-sync.ts';
import { currentLanguage, noticeProblem, useDocumentTitle } from '../../ui/index.ts';
import { AwayNotices } from '../shift/away-notices.tsx';
import { ClipOnItsWay } from '../shift/on-its-way.tsx';
import { useJobClock } from '../shift/use-job-clock.ts';
import { ConnectionBanner } from '../room/layout/connection-banner.tsx';
import { JoiningScreen } from '../room/states/joining-screen.tsx';
import { JobProvider, type JobPage, type JobThings, type Opened } from './job-context.tsx';
import css from './job-screen.module.css';
import { actOn } from './model/act-on.ts';
import { joining } from './model/joining.ts';
import { readingSizePx, INSTRUCTION_ARC_MIN, TITLE_ARC_MIN } from './model/reading-size.ts';
import { ActionBar } from './panels/action-bar.tsx';
import { ArPanel, OncePlaced } from './panels/ar-panel.tsx';
import { BesidesOfStep } from './panels/besides.tsx';
import { CameraLayer } from './panels/camera-layer.tsx';
import { FromOthersCard } from './panels/from-others-card.tsx';
import { InstructionNotice } from './panels/instruction-notice.tsx';
import { JobBar } from './panels/job-bar.tsx';
import { JobStanding } from './panels/job-standing.tsx';
import { leadTo } from './panels/lead-to.ts';
import { StepPanel } from './panels/step-panel.tsx';
import { Understood } from './panels/understood.tsx';
import { ReadAloud } from './hands-free/read-aloud.ts';
import { shownOverlay } from './scene/shown-overlay.ts';
import { settings } from './settings.ts';
import { guidanceRoomStrings } from './strings.ts';
import { useReadable } from '../room/room-context.tsx';
import { useAlignment } from './use-alignment.ts';
import { useCamera, type CameraState } from './use-camera.ts';
import { useJobThings } from './use-job-things.ts';
import { useLooking } from './use-looking.ts';

const NO_LENS = new Store<Camera | null>(null);

interface Props {
  readonly session: GuidanceSession;
  readonly info: RoomInfo;
}

/** Codes in the newest picture, for whoever scans. */
export type CodesSeen = Seen['codes'];
/** Tags in the newest picture, for whoever calibrates the camera. */
export type TagsSeen = Seen['tags'];

export function JobScreen({ session, info }: Props) {
  useDocumentTitle(info.title);
  useEffect(() => {
    const stops = [session.onReject((said) => noticeProblem(said)), session.onNotice((said) => noticeProblem(said))];
    return () => stops.forEach((stop) => stop());
  }, [session]);
  useEffect(() => tellInSync(session, deviceMark()), [session]);
  const things = useJobThings(session, info);
  const status = things?.job.status;
  const camera = useCamera(session.room, session, status === 'finished' || status === 'scrapped');
  if (!things) return <JoiningScreen step="build" title={info.title} />;
  return <Screen things={things} camera={camera} />;
}

/** A telephone's see-through view shows this screen and nothing beside it (WebXR DOM Overlays 2.1): dialogs and menus stand in it. */
const DIALOGS_WITHIN = createTheme({
  components: { Portal: Portal.extend({ defaultProps: { target: '[data-over]' } }) },
});

function Screen({ things, camera }: { things: JobThings; camera: CameraState }) {
  const { job } = things;
  const video = useMemo(() => new Store<HTMLVideoElement | null>(null), []);
  const codes = useMemo(() => new Store<CodesSeen>([]), []);
  const tags = useMemo(() => new Store<TagsSeen>([]), []);
  const [opened, open] = useState<Opened>(null);
  const element = useReadable(video);
  const onAligned = useAlignment(things, camera.source);
  const onSeen = useCallback(
    (seen: Seen, atMs: number) => {
      onAligned(seen, atMs);
      codes.set(seen.codes);
      tags.set(seen.tags);
    },
    [onAligned, codes, tags],
  );
  const isResting = useCallback(() => things.aligner.display === 'space', [things.aligner]);
  useLooking({ source: camera.source, video: element, withCodes: opened?.kind === 'scan', isResting, onSeen });
  useBody(things);
  const goOn = useGoOn(things, open);
  const lens = camera.source?.camera ?? NO_LENS;
  const page: JobPage = { ...things, opened, open, goOn, video, lens, source: camera.source };
  useCommands(page);
  useReading(things);
  // What a dialog was opened for is gone when its step is; at once, or it would take along what the next press opens.
  const step = things.steps.at(-1)?.active.step ?? null;
  const held = things.steps.some((one) => one.held.length > 0);
  useLayoutEffect(
    () => open((now) => (now && ['scan', 'photo', 'second', 'skill', 'decide'].includes(now.kind) ? null : now)),
    [step, held],
  );
  useTestHandle(page, camera);
  useJobClock(things.session);
  const isPhone = useMediaQuery('(max-width: 640px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const distanceM = useReadable(settings.readingDistanceM) ?? (isPhone ? 0.4 : 1.5);
  const sizes = {
    '--read': `${Math.max(16, readingSizePx(distanceM, INSTRUCTION_ARC_MIN))}px`,
    '--head': `${Math.max(20, readingSizePx(distanceM, TITLE_ARC_MIN))}px`,
  };
  const isAtWork = job.status === 'running' && things.state?.status === 'running';
  return (
    <JobProvider value={page}>
      <MantineThemeProvider theme={DIALOGS_WITHIN} inherit>
        <div className={css['shell']} data-guidance style={sizes as React.CSSProperties}>
          <CameraLayer camera={camera} codes={codes} />
          <JobBar camera={camera} />
          <div className={css['banners']}>
            <ConnectionBanner />
            <InstructionNotice />
            <ClipOnItsWay />
            <AwayNotices session={things.session} title={things.info.title} withRefused />
          </div>
          <main className={css['main']}>
            <ArPanel />
            <OncePlaced>{isAtWork ? <StepPanel /> : <JobStanding />}</OncePlaced>
            <FromOthersCard />
          </main>
          <Understood />
          <OncePlaced>{isAtWork && <ActionBar />}</OncePlaced>
          <BesidesOfStep codes={codes} tags={tags} />
          <div className={css['over']} data-over />
        </div>
      </MantineThemeProvider>
    </JobProvider>
  );
}

/** What "next" does: the first thing that is missing and that I can do, by one press where one press is enough. */
function useGoOn(things: JobThings, open: (what: Opened) => void): () => void {
  const t = guidanceRoomStrings.useText();
  const now = useRef(things);
  now.current = things;
  return useCallback(() => {
    const { job, hand, me, next, held, tell, info, state } = now.current;
    if (job.status === 'waiting') {
      if (!me.isCrew && !hand.do('job.join', { person: joining(now.current) })) return;
      return void hand.do('job.begin', {});
    }
    if (job.status === 'paused') return void hand.do('job.resume', {});
    if (job.status !== 'running' || state?.status !== 'running' || info.isClosed) return;
    const [way] = held?.ways ?? [];
    if (!next && held && way) return open({ kind: 'decide', deviation: held.deviation.id, way });
    if (!next) return tell(t('waitsNothing'));
    const { need, id } = next.task;
    const act = actOn(need, hand, open);
    if (act) return act();
    // What is filled in is begun where it stands; a tool or the time comes by itself.
    leadTo(id);
  }, [open, t]);
}

/** Commands without hands; an open dialog takes "next" for its own main button. */
function useCommands(page: JobPage): void {
  const now = useRef(page);
  now.current = page;
  const aloud = useMemo(() => new ReadAloud(), []);
  useEffect(
    () =>
      page.handsFree.onCommand((command) => {
        const { open, opened, goOn, steps, say, job } = now.current;
        switch (command) {
          case 'next': {
            const main = document.querySelector<HTMLButtonElement>('[data-main-act]:not(:disabled)');
            return opened && main ? main.click() : goOn();
          }
          case 'again': {
            const step = steps.at(-1)?.step;
            if (step) aloud.say(`${say.text(step.title)}. ${say.text(step.instruction)}`, languageNow());
            return;
          }
          case 'overview':
            return open(opened?.kind === 'overview' ? null : { kind: 'overview' });
          case 'photo': {
            const task = steps
              .flatMap(({ tasks }) => tasks)
              .find(({ need, isDone }) => need.kind === 'photo' && !isDone);
            if (task) open({ kind: 'photo', gate: task.id });
            return;
          }
          case 'pause':
            return job.status === 'running' ? open({ kind: 'pause' }) : undefined;
          case 'help':
            return document.querySelector<HTMLButtonElement>('[data-place="help"] button')?.click();
        }
      }),
    [page.handsFree, aloud],
  );
}

const languageNow = (): 'en' | 'zh' => (currentLanguage() === 'zh' ? 'zh' : 'en');

/** A step that is meant to be heard is, and each one when the person wants that. */
function useReading({ steps, say }: JobThings): void {
  const aloud = useMemo(() => new ReadAloud(), []);
  const wantsAll = useReadable(settings.readsAloud);
  const step = steps.at(-1)?.step;
  const id = step?.id;
  useEffect(() => {
    if (!step) return;
    const speech = step.behaviours.flatMap((one) =>
      one.kind === 'speech' && one.stage === 'enter' ? [say.text(one.text)] : [],
    );
    const words = wantsAll ? [say.text(step.title), say.text(step.instruction), ...speech] : speech;
    if (words.length > 0) aloud.say(words.join('. '), languageNow());
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- said when the step changes, not when its words do
  }, [id, wantsAll]);
  useEffect(() => () => aloud.stop(), [aloud]);
}

const BODY_EVERY_MS = 100;

/** Where I look from, in the product's frame: what an expert sees of me. */
function useBody({ session, aligner }: JobThings): void {
  useEffect(() => {
    let lastMs = -Infinity;
    return aligner.view.subscribe(() => {
      const { fit, isFresh } = aligner.view.get();
      const atMs = performance.now();
      if (!fit || !isFresh || atMs - lastMs < BODY_EVERY_MS || aligner.display !== 'picture') return;
      lastMs = atMs;
      session.sendBody({ headInRoom: invertPose(fit.productInDevice) });
    });
  }, [session, aligner]);
}

/** With `?test` in the address: what stories drive. */
function useTestHandle(page: JobPage, camera: CameraState): void {
  const now = useRef({ page, camera });
  now.current = { page, camera };
  useEffect(() => {
    if (!new URLSearchParams(location.search).has('test')) return;
    const handle = {
      get page() {
        return now.current.page;
      },
      get camera() {
        return now.current.camera.source;
      },
      get overlay() {
        return shownOverlay.get();
      },
    };
    const test = ((window as { __workhall?: object }).__workhall ??= {});
    Object.assign(test, { job: handle, session: page.session });
  }, [page.session]);
}
