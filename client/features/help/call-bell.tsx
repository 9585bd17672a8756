import { Button, CloseButton, Group } from '@mantine/core';
import { IconPhoneIncoming } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import type { MyHelp, RungView } from '#protocol/api/help';
import { currentLanguage, noticeProblem } from '../../ui/index.ts';
import { useSession } from '../session/session.ts';
import { helpApi } from './help-in.ts';
import css from './help.module.css';
import { ringTone } from './ring-tone.ts';
import { helpStrings } from './strings.ts';

/** After a line that broke, ms. */
const AGAIN_MS = 2_000;
/** Who is on no list asks again so often whether they are by now, ms. */
const ASK_AGAIN_MS = 60_000;

/** What rings for me, and what I have missed; on every page. */
export function CallBell() {
  const me = useSession()?.me.id ?? null;
  const news = useMyHelp(me);
  const ringing = news?.ringing[0] ?? null;
  const isRinging = ringing !== null;
  useEffect(() => (isRinging ? ringTone() : undefined), [isRinging]);
  if (ringing) return <Ringing key={`${ringing.room} ${ringing.call}`} call={ringing} />;
  if (news && news.missed.length > 0) return <Missed calls={news.missed} />;
  return null;
}

function Ringing({ call }: { call: RungView }) {
  const t = helpStrings.useText();
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);
  const answer = async (given: 'accept' | 'decline') => {
    setBusy(true);
    try {
      await helpApi.answer(call.room, call.call, given);
      if (given === 'accept') void navigate(`/jobs/${call.room}/help`);
    } catch (thrown) {
      noticeProblem(thrown);
      setBusy(false);
    }
  };
  return (
    <section className={css['bell']} role="alertdialog" aria-labelledby="bell-title" aria-describedby="bell-about">
      <h2 id="bell-title">
        <IconPhoneIncoming size={20} stroke={1.8} aria-hidden /> {t('rings', { name: call.by })}
      </h2>
      <div id="bell-about">
        {call.text && <p>“{call.text}”</p>}
        <p>{t('ringsJob', { product: call.product, serial: call.serial, order: call.order })}</p>
        <p>{t('ringsPlace', { station: call.station })}</p>
        {call.step && <p>{t('ringsStep', { step: call.step })}</p>}
      </div>
      <Group grow mt="sm">
        <Button size="md" loading={isBusy} autoFocus onClick={() => void answer('accept')}>
          {t('accept')}
        </Button>
        <Button size="md" variant="default" disabled={isBusy} onClick={() => void answer('decline')}>
          {t('decline')}
        </Button>
      </Group>
    </section>
  );
}

function Missed({ calls }: { calls: readonly RungView[] }) {
  const t = helpStrings.useText();
  const time = (atMs: number) =>
    new Date(atMs).toLocaleTimeString(currentLanguage(), { hour: '2-digit', minute: '2-digit' });
  const seen = () => helpApi.seen().catch(noticeProblem);
  return (
    <section className={css['bell']} role="status" aria-label={t('missed')}>
      <Group justify="space-between" wrap="nowrap">
        <h2>{t('missed')}</h2>
        <CloseButton aria-label={t('seen')} onClick={() => void seen()} />
      </Group>
      {calls.slice(0, 5).map((call) => (
        <p key={`${call.room} ${call.call}`}>
          {t('missedOne', { name: call.by, time: time(call.rungAt), product: call.product, serial: call.serial })}
        </p>
      ))}
    </section>
  );
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
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
    const listen = async () => {
      while (!signal.aborted) {
        try {
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
