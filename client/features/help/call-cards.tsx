import { Button, CloseButton, Group } from '@mantine/core';
import { IconPhoneIncoming } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import type { MyHelp, RungView } from '#protocol/api/help';
import { currentLanguage, noticeProblem } from '../../ui/index.ts';
import { helpApi } from './help-api.ts';
import css from './help.module.css';
import { ringTone } from './ring-tone.ts';
import { helpStrings } from './strings.ts';

/** What rings, else what was missed. */
export function CallCards({ ringing: [ringing], missed }: MyHelp) {
  const isRinging = ringing !== undefined;
  useEffect(() => (isRinging ? ringTone() : undefined), [isRinging]);
  if (ringing) return <Ringing key={`${ringing.room} ${ringing.call}`} call={ringing} />;
  return missed.length > 0 ? <Missed calls={missed} /> : null;
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
