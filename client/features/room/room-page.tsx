import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { connectRoom, NEXT_TURN, withPast, type ShownSession } from '#net/index';
import type { RoomInfo } from '#protocol/api/index';
import { stayInRoom } from '../../offline/shell.ts';
import { saveJson } from '../../ui/index.ts';
import { Voice } from '../../voice/index.ts';
import { api, session as person } from '../session/index.ts';
import { deviceKind } from './device-kind.ts';
import { journalSource } from './history/journal-source.ts';
import { useReadable } from './room-context.tsx';
import { beginPictureCare, refreshAfterLeaving } from './project-picture-care.ts';
import { RoomScreen, type CreateView } from './room-screen.tsx';
import { ClosedScreen } from './states/closed-screen.tsx';
import { JoiningScreen } from './states/joining-screen.tsx';
import { RoomErrorBoundary } from './states/room-error-boundary.tsx';
import { wayBack } from './states/way-back.ts';

/** Rooms in which procedures are run have a page of their own. */
const TrainingRoom = lazy(() => import('../training-room/training-room-page.tsx'));
const GuidanceRoom = lazy(() => import('../guidance-room/guidance-room-page.tsx'));

type Entry =
  | { readonly state: 'asking'; readonly info: null }
  | { readonly state: 'entering'; readonly info: RoomInfo }
  | { readonly state: 'training' | 'guidance'; readonly info: RoomInfo }
  | {
      readonly state: 'in';
      readonly info: RoomInfo;
      readonly session: ShownSession;
      readonly voice: Voice;
      readonly createView: CreateView;
    }
  | { readonly state: 'refused'; readonly info: RoomInfo | null; readonly thrown: unknown };

/** `/room/:id`: from the link to the room, and out again when the line or the server says so. */
export default function RoomPage() {
  const { id = '' } = useParams();
  const [attempt, setAttempt] = useState(0);
  return (
    <RoomErrorBoundary key={`${id}/${attempt}`}>
      <RoomEntry room={id} onAgain={() => setAttempt((count) => count + 1)} />
    </RoomErrorBoundary>
  );
}

function RoomEntry({ room, onAgain }: { room: string; onAgain: () => void }) {
  const queries = useQueryClient();
  const [entry, setEntry] = useState<Entry>({ state: 'asking', info: null });
  useEffect(() => {
    let isOver = false;
    let joined: ShownSession | null = null;
    let voice: Voice | null = null;
    let info: RoomInfo | null = null;
    const leaveShell = stayInRoom();
    const enter = async () => {
      try {
        // The 3D engine comes over the line while the hall is asked.
        const engine = import('../../tools/index.ts');
        info = await api.room(room);
        if (isOver) return;
        if (info.kind === 'training' || info.kind === 'guidance') return setEntry({ state: info.kind, info });
        setEntry({ state: 'entering', info });
        const token = person.get()?.token ?? '';
        const live = await connectRoom({ hallUrl: location.origin, token, room, device: deviceKind() });
        const session = withPast(live, journalSource(api, room), NEXT_TURN);
        joined = session;
        const { createRoomView } = await engine;
        if (isOver) return void session.leave();
        voice = new Voice(live);
        const heard = voice;
        const createView: CreateView = (canvas, look) =>
          createRoomView(canvas, session, { hallUrl: location.origin, voice: heard, ...look });
        beginPictureCare(session);
        setEntry({ state: 'in', info, session, voice, createView });
      } catch (thrown) {
        if (!isOver) setEntry({ state: 'refused', info, thrown });
      }
    };
    // One turn later, so that React's double mounting in development enters once.
    const start = setTimeout(() => void enter());
    return () => {
      isOver = true;
      leaveShell();
      clearTimeout(start);
      joined?.past.backToNow();
      voice?.dispose();
      if (joined && info) void refreshAfterLeaving(joined, info, queries).catch((late: unknown) => console.warn(late));
      void joined?.leave();
    };
  }, [room, queries]);
  const onViewFailed = useCallback(
    (thrown: unknown) => setEntry((known) => ({ state: 'refused', info: known.info, thrown })),
    [],
  );

  switch (entry.state) {
    case 'asking':
      return <JoiningScreen step="ask" title={null} />;
    case 'entering':
      return <JoiningScreen step="enter" title={entry.info.title} />;
    case 'training':
    case 'guidance': {
      const Room = entry.state === 'training' ? TrainingRoom : GuidanceRoom;
      return (
        <Suspense fallback={<JoiningScreen step="enter" title={entry.info.title} />}>
          <Room info={entry.info} onAgain={onAgain} />
        </Suspense>
      );
    }
    case 'refused':
      return (
        <ClosedScreen problem={entry.thrown} lost={0} back={entry.info ? wayBack(entry.info) : '/'} onAgain={onAgain} />
      );
    case 'in':
      return <Inside {...entry} onViewFailed={onViewFailed} onAgain={onAgain} />;
  }
}

interface InsideProps {
  readonly session: ShownSession;
  readonly info: RoomInfo;
  readonly voice: Voice;
  readonly createView: CreateView;
  readonly onViewFailed: (thrown: unknown) => void;
  readonly onAgain: () => void;
}

function Inside({ session, info, voice, createView, onViewFailed, onAgain }: InsideProps) {
  const connection = useReadable(session.connection);
  const pending = useReadable(session.pendingCount);
  const isClosed = connection.state === 'closed';
  const screen = useMemo(
    () => <RoomScreen {...{ session, info, api, voice, createView, onViewFailed }} />,
    [session, info, voice, createView, onViewFailed],
  );
  if (isClosed)
    return (
      <ClosedScreen
        problem={connection.problem}
        lost={pending}
        onExport={() => saveJson(`${info.title}.json`, session.unsent())}
        back={wayBack(info)}
        onAgain={onAgain}
      />
    );
  return screen;
}
