import { useState } from 'react';
import { useParams } from 'react-router';
import type { GuidanceSession } from '#net/index';
import { connectGuidance } from '#net/guidance';
import type { RoomInfo } from '#protocol/api/index';
import { WorkhallError } from '#protocol/errors';
import { CallMedia } from '../../../call/index.ts';
import { Voice } from '../../../voice/index.ts';
import { api, session as person } from '../../session/index.ts';
import { deviceKind } from '../../room/device-kind.ts';
import { LineProvider, useReadable } from '../../room/room-context.tsx';
import { ClosedScreen } from '../../room/states/closed-screen.tsx';
import { JoiningScreen } from '../../room/states/joining-screen.tsx';
import { useEntry } from '../../room/use-entry.ts';
import { DeskScreen } from './desk-screen.tsx';

interface Inside {
  readonly info: RoomInfo;
  readonly session: GuidanceSession;
  readonly voice: Voice;
  readonly media: CallMedia;
}
/** `/jobs/:room/help`: the expert's desk, and the place of those who look on. */
export default function DeskPage() {
  const { room = '' } = useParams();
  const [attempt, setAttempt] = useState(0);
  return <Desk key={`${room}/${attempt}`} room={room} onAgain={() => setAttempt((count) => count + 1)} />;
}

function Desk({ room, onAgain }: { room: string; onAgain: () => void }) {
  const entry = useEntry<Inside, string>(room, { enter: (tell) => enter(room, tell), leave });
  if (entry.state === 'entering') return <JoiningScreen step={entry.note ? 'enter' : 'ask'} title={entry.note} />;
  if (entry.state === 'refused') return <ClosedScreen problem={entry.thrown} lost={0} back="/" onAgain={onAgain} />;
  return <Room {...entry.inside} onAgain={onAgain} />;
}

async function enter(room: string, tell: (title: string) => void): Promise<Inside> {
  const info = await api.room(room);
  if (info.kind !== 'guidance') throw new WorkhallError('help', 'not_a_job', 'This room is no job.', { status: 404 });
  tell(info.title);
  const token = person.get()?.token ?? '';
  const session = await connectGuidance({ hallUrl: location.origin, token, room, device: deviceKind() });
  const voice = new Voice(session);
  return { info, session, voice, media: new CallMedia(session, voice) };
}

function leave({ session, voice, media }: Inside): void {
  media.dispose();
  voice.dispose();
  void session.leave();
}

function Room({ info, session, voice, media, onAgain }: Inside & { onAgain: () => void }) {
  const connection = useReadable(session.connection);
  const pending = useReadable(session.pendingCount);
  const [line] = useState({ session, voice });
  if (connection.state === 'closed')
    return <ClosedScreen problem={connection.problem} lost={pending} back="/" onAgain={onAgain} />;
  return (
    <LineProvider value={line}>
      <DeskScreen info={info} session={session} voice={voice} media={media} />
    </LineProvider>
  );
}
