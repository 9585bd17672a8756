import { useEffect, useState, useSyncExternalStore } from 'react';
import type { RoomSession } from '#net/index';
import { noticeDone } from '../../ui/index.ts';
import type { Notice, Told } from './away-notice.tsx';
import { shiftStrings } from './strings.ts';

interface Props {
  readonly session: Pick<RoomSession, 'refused' | 'replaced' | 'caughtUp' | 'dismissRefused'>;
  readonly title: string;
  /** Rooms with a list of their own for what was refused leave it out here. */
  readonly withRefused?: boolean;
}

const untold = (told: Told) => told.filter(({ wasTold }) => !wasTold);

/** What became of what was done without the hall: sent, refused with the reason, or older than what it replaced. */
export function AwayNotices({ session, title, withRefused = false }: Props) {
  const t = shiftStrings.useText();
  const caughtUp = useSyncExternalStore(session.caughtUp.subscribe, session.caughtUp.get);
  const refused = untold(useSyncExternalStore(session.refused.subscribe, session.refused.get));
  const replaced = untold(useSyncExternalStore(session.replaced.subscribe, session.replaced.get));
  useEffect(() => {
    if (caughtUp && caughtUp.sent > 0) noticeDone(t('sentNotice', { count: caughtUp.sent }));
  }, [caughtUp]); // oxlint-disable-line react-hooks/exhaustive-deps -- told once, in the language of that moment
  const notTaken = withRefused ? refused : [];
  const shown = useNotice(notTaken.length + replaced.length > 0);
  if (!shown) return null;
  return (
    <>
      {notTaken.length > 0 && <shown.Notice words="notTaken" told={notTaken} title={title} session={session} />}
      {replaced.length > 0 && <shown.Notice words="replaced" told={replaced} title={title} session={session} />}
    </>
  );
}

/** Most rooms never need it: it comes with the first thing to tell. */
function useNotice(isWanted: boolean): { readonly Notice: typeof Notice } | null {
  const [loaded, setLoaded] = useState<{ readonly Notice: typeof Notice } | null>(null);
  useEffect(() => {
    if (!isWanted || loaded) return;
    import('./away-notice.tsx').then(setLoaded, (thrown: unknown) =>
      console.warn('What was refused could not be shown; it is kept.', thrown),
    );
  }, [isWanted, loaded]);
  return loaded;
}
