import { useMemo } from 'react';
import type { TrainingSession } from '#net/index';
import { connectTraining } from '#net/training';
import type { RoomInfo } from '#protocol/api/index';
import { currentLanguage } from '../../ui/index.ts';
import { LiveWords, Voice } from '../../voice/index.ts';
import { deviceKind } from '../room/device-kind.ts';
import { LineProvider, useReadable } from '../room/room-context.tsx';
import { ClosedScreen } from '../room/states/closed-screen.tsx';
import { JoiningScreen } from '../room/states/joining-screen.tsx';
import { wayBack } from '../room/states/way-back.ts';
import { useEntry } from '../room/use-entry.ts';
import { session as person } from '../session/index.ts';
import { MachineFeed } from './model/machine-feed.ts';
import { TrainingScreen } from './training-screen.tsx';

interface Inside {
  readonly session: TrainingSession;
  readonly voice: Voice;
  readonly words: LiveWords;
  readonly machines: MachineFeed;
}
interface Props {
  readonly info: RoomInfo;
  readonly onAgain: () => void;
}

/** `/room/:id` of a room in which procedures are run: the trainee's place. */
export default function TrainingRoomPage({ info, onAgain }: Props) {
  const entry = useEntry(info.id, { enter: () => enter(info.id), leave });
  if (entry.state === 'entering') return <JoiningScreen step="enter" title={info.title} />;
  if (entry.state === 'refused')
    return <ClosedScreen problem={entry.thrown} lost={0} back={wayBack(info)} onAgain={onAgain} />;
  return <Room {...entry.inside} info={info} onAgain={onAgain} />;
}

async function enter(room: string): Promise<Inside> {
  const token = person.get()?.token ?? '';
  const session = await connectTraining({ hallUrl: location.origin, token, room, device: deviceKind() });
  const voice = new Voice(session);
  const words = new LiveWords(session, voice.status, currentLanguage);
  // At once: a machine's picture is whole only with its first frame.
  return { session, machines: new MachineFeed(session), voice, words };
}

function leave({ session, voice, words, machines }: Inside): void {
  words.dispose();
  voice.dispose();
  machines.dispose();
  void session.leave();
}

function Room({ session, voice, words, machines, info, onAgain }: Inside & Props) {
  const connection = useReadable(session.connection);
  const pending = useReadable(session.pendingCount);
  const line = useMemo(() => ({ session, voice, words }), [session, voice, words]);
  if (connection.state === 'closed')
    return <ClosedScreen problem={connection.problem} lost={pending} back={wayBack(info)} onAgain={onAgain} />;
  return (
    <LineProvider value={line}>
      <TrainingScreen session={session} words={words} machines={machines} info={info} />
    </LineProvider>
  );
}
