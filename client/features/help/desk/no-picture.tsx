import { useEffect, useMemo, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import { jobOf } from '#protocol/guidance/index';
import type { CallMedia } from '../../../call/index.ts';
import type { Voice } from '../../../voice/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import css from '../help.module.css';
import type { HelpCall } from '../model/help-call.ts';
import { helpStrings } from '../strings.ts';
import { BLOCKED_AFTER_MS, whyNoPicture } from './why-no-picture.ts';

interface Props {
  readonly session: GuidanceSession;
  readonly voice: Voice;
  readonly media: CallMedia;
  readonly help: HelpCall;
}

/** In the place of the picture: why there is none, and what can be done. */
export function NoPicture({ session, voice, media, help }: Props) {
  const t = helpStrings.useText();
  const { call } = useReadable(help.now);
  const standings = useReadable(media.standings);
  const roster = useReadable(session.participants);
  const document = useReadable(session.document);
  const { state } = useReadable(voice.status);
  const crew = useMemo(() => jobOf(document)?.crew ?? [], [document]);
  const isGoing = call?.status === 'going';
  const isJoined = useReadable(media.isJoined);
  const waitedMs = useWaited(isGoing && !isJoined);
  const here = roster.filter(({ user }) => crew.some(({ id }) => id === user));
  const standing = here.map(({ session: one }) => standings.get(one)).find((one) => one !== undefined);
  const why = whyNoPicture({
    ...{ isVoiceOff: state === 'off', isGoing, isCrewHere: here.length > 0 },
    ...{ standing, waitedMs },
  });
  const name = here[0]?.name ?? crew[0]?.name ?? '';
  return (
    <div className={css['empty']} role="status">
      <p>
        <b>{t(`noPicture_${why}`, { name })}</b> {t(`noPictureDo_${why}`, { name })}
      </p>
    </div>
  );
}

/** For how long a connection is being made, ms; looked at twice: at once, and when it is long. */
function useWaited(isWaiting: boolean): number {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setLong(true), BLOCKED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return isLong ? BLOCKED_AFTER_MS : 0;
}
