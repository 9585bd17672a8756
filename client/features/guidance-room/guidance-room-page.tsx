import { useEffect, useMemo, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { connectGuidance } from '#net/guidance';
import type { RoomInfo } from '#protocol/api/index';
import { Voice } from '../../voice/index.ts';
import { deviceKind } from '../room/device-kind.ts';
import { LineProvider, useReadable } from '../room/room-context.tsx';
import { saveJson } from '../room/save-json.ts';
import { ClosedScreen } from '../room/states/closed-screen.tsx';
import { JoiningScreen } from '../room/states/joining-screen.tsx';
import { wayBack } from '../room/states/way-back.ts';
import { session as person } from '../session/index.ts';
import { shift } from '../shift/shift.ts';
import { JobScreen } from './job-screen.tsx';

interface Inside {
  readonly session: GuidanceSession;
  readonly voice: Voice;
}
type Entry =
  | { readonly state: 'entering' }
  | ({ readonly state: 'in' } & Inside)
  | { readonly state: 'refused'; readonly thrown: unknown };

interface Props {
  readonly info: RoomInfo;
  readonly onAgain: () => void;
}

/** `/room/:id` of a job: the engineer's place at the real product. */
export default function GuidanceRoomPage({ info, onAgain }: Props) {
  const [entry, setEntry] = useState<Entry>({ state: 'entering' });
  useEffect(() => {
    let isOver = false;
    let inside: Inside | null = null;
    const enter = async () => {
      try {
        const token = person.get()?.token ?? '';
        const away = await shift.optionsFor(info.id);
        const line = { hallUrl: location.origin, token, room: info.id, device: deviceKind() };
        const session = await connectGuidance({ ...line, ...away });
        inside = { session, voice: new Voice(session) };
        if (isOver) leave(inside);
        else setEntry({ state: 'in', ...inside });
      } catch (thrown) {
        if (!isOver) setEntry({ state: 'refused', thrown });
      }
    };
    // One turn later, so that React's double mounting in development enters once.
    const start = setTimeout(() => void enter());
    return () => {
      isOver = true;
      clearTimeout(start);
      if (inside) leave(inside);
    };
  }, [info.id]);
  if (entry.state === 'entering') return <JoiningScreen step="enter" title={info.title} />;
  if (entry.state === 'refused')
    return <ClosedScreen problem={entry.thrown} lost={0} back={wayBack(info)} onAgain={onAgain} />;
  return <Room {...entry} info={info} onAgain={onAgain} />;
}

function leave({ session, voice }: Inside): void {
  voice.dispose();
  void session.leave();
}

function Room({ session, voice, info, onAgain }: Inside & Props) {
  const connection = useReadable(session.connection);
  const pending = useReadable(session.pendingCount);
  const line = useMemo(() => ({ session, voice }), [session, voice]);
  if (connection.state === 'closed')
    return (
      <ClosedScreen
        problem={connection.problem}
        lost={pending}
        onExport={() => saveJson(info.title, session.unsent())}
        back={wayBack(info)}
        onAgain={onAgain}
      />
    );
  return (
    <LineProvider value={line}>
      <JobScreen session={session} info={info} />
    </LineProvider>
  );
}
