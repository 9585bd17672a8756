import { useEffect, useMemo, useState } from 'react';
import type { TrainingSession } from '#net/index';
import { connectTraining } from '#net/training';
import type { RoomInfo } from '#protocol/api/index';
import { Voice } from '../../voice/index.ts';
import { deviceKind } from '../room/device-kind.ts';
import { LineProvider, useReadable } from '../room/room-context.tsx';
import { ClosedScreen } from '../room/states/closed-screen.tsx';
import { JoiningScreen } from '../room/states/joining-screen.tsx';
import { wayBack } from '../room/states/way-back.ts';
import { session as person } from '../session/index.ts';
import { MachineFeed } from './model/machine-feed.ts';
import { TrainingScreen } from './training-screen.tsx';

interface Inside {
  readonly session: TrainingSession;
  readonly voice: Voice;
  readonly machines: MachineFeed;
}
type Entry =
  | { readonly state: 'entering' }
  | ({ readonly state: 'in' } & Inside)
  | { readonly state: 'refused'; readonly thrown: unknown };

interface Props {
  readonly info: RoomInfo;
  readonly onAgain: () => void;
}

/** `/room/:id` of a room in which procedures are run: the trainee's place. */
export default function TrainingRoomPage({ info, onAgain }: Props) {
  const [entry, setEntry] = useState<Entry>({ state: 'entering' });
  useEffect(() => {
    let isOver = false;
    let inside: Inside | null = null;
    const enter = async () => {
      try {
        const token = person.get()?.token ?? '';
        const session = await connectTraining({ hallUrl: location.origin, token, room: info.id, device: deviceKind() });
        // At once: a machine's picture is whole only with its first frame.
        inside = { session, machines: new MachineFeed(session), voice: new Voice(session) };
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

function leave({ session, voice, machines }: Inside): void {
  voice.dispose();
  machines.dispose();
  void session.leave();
}

function Room({ session, voice, machines, info, onAgain }: Inside & Props) {
  const connection = useReadable(session.connection);
  const pending = useReadable(session.pendingCount);
  const line = useMemo(() => ({ session, voice }), [session, voice]);
  if (connection.state === 'closed')
    return <ClosedScreen problem={connection.problem} lost={pending} back={wayBack(info)} onAgain={onAgain} />;
  return (
    <LineProvider value={line}>
      <TrainingScreen session={session} voice={voice} machines={machines} info={info} />
    </LineProvider>
  );
}
