import { useComputedColorScheme } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RoomInfo } from '#protocol/api/index';
import type { HallApi } from '../../net/api.ts';
import type { ShownSession } from '../../net/past-session.ts';
import type { RoomSession } from '../../net/room-session.types.ts';
import type { RoomView, RoomViewOptions } from '../../scene/room-view.types.ts';
import type { Voice } from '../../voice/index.ts';
import { currentLanguage, later, laterDialog, noticeProblem, useLaterParts } from '../../ui/index.ts';
import { roomStrings } from './strings.ts';
import { PastBadge } from './history/past-badge.tsx';
import { hasTimeStrip } from './history/time-line.ts';
import { useIsPast } from './history/use-past.ts';
import { AddMenu } from './layout/add-menu.tsx';
import { AwayNotices } from '../shift/away-notices.tsx';
import { ConnectionBanner } from './layout/connection-banner.tsx';
import { RefusedNotice } from './layout/refused-notice.tsx';
import { LeftDock, PhonePanels, RightDock } from './layout/docks.tsx';
import { RoomHeader } from './layout/room-header.tsx';
import css from './layout/room-layout.module.css';
import { AwayNote, DropHere, EmptyNote, StageProgress, ToolNote, useFileDrop } from './layout/stage.tsx';
import { Toolbar } from './layout/toolbar.tsx';
import { useHotkeys } from './layout/use-hotkeys.ts';
import { usePanels, type Panels } from './layout/use-panels.ts';
import { NewComment } from './panels/new-comment.tsx';
import { RecordBar, RecordButton } from '../procedures/record/record-bar.tsx';
import { useRecording } from '../procedures/record/use-recording.ts';
import { RoomProvider, useReadable, useRoom, type RoomThings } from './room-context.tsx';
import { RoomHistory } from './room-history.ts';
import { useImport } from './use-import.ts';
import { useVoiceKeys } from './voice/use-voice-keys.ts';
import { VoiceButton } from './voice/voice-button.tsx';
import { VoiceNote } from './voice/voice-note.tsx';
import voiceCss from './voice/voice.module.css';

const TimeStrip = later(async () => (await import('./history/time-strip.tsx')).TimeStrip);
const PublishDialog = laterDialog(async () => (await import('./dialogs/publish-dialog.tsx')).PublishDialog);
const Invite = laterDialog(async () => (await import('./dialogs/invite.tsx')).Invite);
const HotkeySheet = laterDialog(async () => (await import('./dialogs/hotkey-sheet.tsx')).HotkeySheet);

/** Widest screen that counts as a phone, px. */
const PHONE_PX = 640;

export type CreateView = (
  canvas: HTMLCanvasElement,
  look: Pick<RoomViewOptions, 'theme' | 'language'>,
) => RoomView | Promise<RoomView>;

interface Props {
  readonly session: ShownSession;
  readonly info: RoomInfo;
  readonly api: HallApi;
  readonly voice: Voice;
  readonly createView: CreateView;
  readonly onViewFailed: (thrown: unknown) => void;
}

/** The room once one is in it: the product in the middle, everything about it at the sides. */
export function RoomScreen({ session, info, api, voice, createView, onViewFailed }: Props) {
  const t = roomStrings.useText();
  const isPhone = useMediaQuery(`(max-width: ${PHONE_PX}px)`, undefined, { getInitialValueInEffect: false }) ?? false;
  const firstTheme = useRef(useComputedColorScheme('light'));
  const host = useRef<HTMLElement>(null);
  const [view, setView] = useState<RoomView | null>(null);
  useEffect(() => {
    // A canvas of its own for each view: a WebGL context cannot be had twice from one canvas.
    const canvas = document.createElement('canvas');
    canvas.className = css['canvas']!;
    canvas.tabIndex = 0;
    // The ring is for people who came by keyboard; after a tap the browser may draw it all the same.
    canvas.addEventListener('pointerdown', () => (canvas.dataset['pointed'] = ''), { capture: true });
    canvas.addEventListener('blur', () => delete canvas.dataset['pointed']);
    host.current!.prepend(canvas);
    let isOver = false;
    let made: RoomView | null = null;
    void (async () => {
      try {
        made = await createView(canvas, { theme: firstTheme.current, language: currentLanguage() });
        if (isOver) made.dispose();
        else setView(made);
      } catch (thrown) {
        if (!isOver) onViewFailed(thrown);
      }
    })();
    return () => {
      isOver = true;
      made?.dispose();
      canvas.remove();
      setView(null);
    };
  }, [createView, onViewFailed]);
  useEffect(() => host.current?.querySelector('canvas')?.setAttribute('aria-label', t('stage')), [t, view]);
  useLaterParts(view !== null);
  const things = useMemo<RoomThings | null>(
    () => view && { session, info, api, voice, view, history: new RoomHistory(session, api) },
    [session, info, api, voice, view],
  );
  return (
    <div className={css['shell']} data-room data-phone={isPhone || undefined}>
      {things && (
        <RoomProvider value={things}>
          <Frame isPhone={isPhone} />
        </RoomProvider>
      )}
      <main ref={host} className={css['stage']} />
    </div>
  );
}

/** Everything around and over the 3D view. */
function Frame({ isPhone }: { isPhone: boolean }) {
  const t = roomStrings.useText();
  const { session, view, info } = useRoom();
  const panels = usePanels(info, isPhone);
  const running = useImport();
  const isDropping = useFileDrop(running.add);
  const recording = useRecording();
  const hasLine = hasTimeStrip(panels, useIsPast());
  const [isPublishing, publishing] = useDisclosure();
  const [isInviting, inviting] = useDisclosure();
  const [isSheetOpen, sheet] = useDisclosure();
  useHotkeys(panels, sheet.open);
  useVoiceKeys();
  useNotices(session);

  const scheme = useComputedColorScheme('light');
  useEffect(() => view.setTheme(scheme), [view, scheme]);
  const language = currentLanguage(); // drawn again when it changes, by the words above
  useEffect(() => view.setLanguage(language), [view, language]);
  const openComment = useReadable(view.openComment);
  const openPanel = panels.open;
  useEffect(() => {
    if (openComment !== null) openPanel('comments');
  }, [openComment, openPanel]);

  useSelectionShowsValues(panels, isPhone);

  const actions = { onInvite: inviting.open, onFiles: running.add };
  const add = (
    <>
      <AddMenu isPhone={isPhone} onFile={(file) => running.add([file])} />
      {recording && <RecordButton recording={recording} />}
    </>
  );
  return (
    <>
      <RoomHeader panels={panels} isPhone={isPhone} onPublish={publishing.open} onHotkeys={sheet.open} />
      <div className={css['banners']}>
        <ConnectionBanner />
        <RefusedNotice />
        <AwayNotices session={session} title={info.title} />
      </div>
      {!isPhone && <LeftDock panels={panels} actions={actions} />}
      <section
        className={css['over']}
        aria-label={t('overView')}
        data-sheet={(isPhone && panels.sheet !== null) || undefined}
      >
        <StageProgress running={running}>
          <PastBadge />
        </StageProgress>
        <NewComment />
        {isDropping && <DropHere />}
        <div className={css['overBottom']}>
          <EmptyNote />
          <AwayNote />
          <ToolNote />
          {recording && <RecordBar recording={recording} />}
          <VoiceNote />
          {hasLine && <TimeStrip />}
          {/* A phone has no place for both, and in the past the tools rest. */}
          <div className={voiceCss['row']}>
            <VoiceButton />
            {!(isPhone && hasLine) && <Toolbar add={add} isPhone={isPhone} />}
          </div>
        </div>
      </section>
      {!isPhone && <RightDock panels={panels} actions={actions} />}
      {isPhone && <PhonePanels panels={panels} actions={actions} />}
      <PublishDialog isOpen={isPublishing} onClose={publishing.close} />
      <Invite isOpen={isInviting} onClose={inviting.close} />
      <HotkeySheet isOpen={isSheetOpen} onClose={sheet.close} panels={['parts', ...panels.available]} />
    </>
  );
}

/** In a room of a brief the brief stands first; whoever picks a part wants its values. A sheet on a phone is left alone. */
function useSelectionShowsValues({ right, isRightOpen, open }: Panels, isPhone: boolean): void {
  const { view } = useRoom();
  const isWanted = !isPhone && isRightOpen && right === 'crowd';
  useEffect(
    () => (isWanted ? view.selection.subscribe(() => view.selection.get().size > 0 && open('inspector')) : undefined),
    [view, open, isWanted],
  );
}

/** What the server took back or has to say, where one looks anyway. */
function useNotices(session: RoomSession): void {
  useEffect(() => {
    const stops = [
      session.onReject((refused) => noticeProblem(refused)),
      session.onNotice((said) => noticeProblem(said)),
    ];
    return () => stops.forEach((stop) => stop());
  }, [session]);
}
