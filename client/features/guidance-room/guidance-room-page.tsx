import { useMemo } from 'react';
import type { GuidanceSession } from '#net/index';
import { connectGuidance } from '#net/guidance';
import type { RoomInfo } from '#protocol/api/index';
import { saveJson } from '../../ui/index.ts';
import { Voice } from '../../voice/index.ts';
import { deviceKind } from '../room/device-kind.ts';
import { LineProvider, useReadable } from '../room/room-context.tsx';
import { ClosedScreen } from '../room/states/closed-screen.tsx';
import { JoiningScreen } from '../room/states/joining-screen.tsx';
import { wayBack } from '../room/states/way-back.ts';
import { useEntry } from '../room/use-entry.ts';
import { session as person } from '../session/index.ts';
import { shift } from '../shift/shift.ts';
import { JobScreen } from './job-screen.tsx';

interface Inside {
  readonly session: GuidanceSession;
  readonly voice: Voice;
}
interface Props {
  readonly info: RoomInfo;
  readonly onAgain: () => void;
}

/** `/room/:id` of a job: the engineer's place at the real product. */
export default function GuidanceRoomPage({ info, onAgain }: Props) {
  const entry = useEntry(info.id, { enter: () => enter(info.id), leave });
  if (entry.state === 'entering') return <JoiningScreen step="enter" title={info.title} />;
  if (entry.state === 'refused')
    return <ClosedScreen problem={entry.thrown} lost={0} back={wayBack(info)} onAgain={onAgain} />;
  return <Room {...entry.inside} info={info} onAgain={onAgain} />;
}

async function enter(room: string): Promise<Inside> {
  const token = person.get()?.token ?? '';
  const away = await shift.optionsFor(room);
  const session = await connectGuidance({ hallUrl: location.origin, token, room, device: deviceKind(), ...away });
  return { session, voice: new Voice(session) };
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
        onExport={() => saveJson(`${info.title}.json`, session.unsent())}
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
