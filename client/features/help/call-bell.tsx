import { useEffect, useState } from 'react';
import type { MyHelp } from '#protocol/api/help';
import { useSession } from '../session/session.ts';
import { bellAsks } from './bell-asks.ts';
import type { CallCards } from './call-cards.tsx';

/** After a line that broke, ms. */
const AGAIN_MS = 2_000;
/** Who is on no list asks again so often whether they are by now, ms. */
const ASK_AGAIN_MS = 20_000;

/** What rings for me, and what I have missed; on every page, so that what shows it comes when there is something to show. */
export function CallBell() {
  const me = useSession()?.me.id ?? null;
  const news = useMyHelp(me);
  const [Cards, setCards] = useState<typeof CallCards | null>(null);
  const hasNews = news !== null && news.ringing.length + news.missed.length > 0;
  useEffect(() => {
    if (!hasNews || Cards) return;
    import('./call-cards.tsx').then(
      (loaded) => setCards(() => loaded.CallCards),
      // Of an older version, or the line is down: the page goes on, and the next news try again.
      (thrown: unknown) => console.warn('The bell could not be loaded.', thrown),
    );
  }, [hasNews, Cards, news]);
  return hasNews && Cards ? <Cards {...news} /> : null;
}

/** Listens while somebody is signed in who can be called. */
function useMyHelp(me: string | null): MyHelp | null {
  const [news, setNews] = useState<MyHelp | null>(null);
  useEffect(() => {
    setNews(null);
    if (me === null) return undefined;
    const control = new AbortController();
    const { signal } = control;
    const pause = (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        const end = () => (clearTimeout(timer), resolve());
        signal.addEventListener('abort', end, { once: true });
        bellAsks.addEventListener('ask', end, { once: true });
      });
    const listen = async () => {
      while (!signal.aborted) {
        try {
          const { helpApi } = await import('./help-api.ts');
          const first = await helpApi.mine(signal);
          if (!first.isExpert) {
            await pause(ASK_AGAIN_MS);
            continue;
          }
          for await (const one of helpApi.events(signal)) setNews(one);
        } catch (thrown) {
          if (signal.aborted) return;
          // The line is down: what rang is not known to ring any more.
          console.debug('calls', thrown);
          setNews(null);
        }
        await pause(AGAIN_MS);
      }
    };
    void listen();
    return () => control.abort();
  }, [me]);
  return news;
}
