import { Anchor, Button, Text } from '@mantine/core';
import { IconFileText, IconGavel, IconLockOpen, IconMessage, IconPin, type Icon } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { indexOf } from '#protocol/procedures/index';
import { api } from '../../session/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import type { FromOther } from '../model/from-others.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { useFromOthers } from '../use-from-others.ts';
import { guidanceStay } from '../xr/xr-door.tsx';

const ICONS: Record<FromOther['kind'], Icon> = {
  line: IconMessage,
  note: IconPin,
  document: IconFileText,
  unlock: IconLockOpen,
  decision: IconGavel,
};
/** More stand in the chat, and in the list of deviations. */
const SHOWN = 3;

/** What an expert or a supervisor has just written or decided: beside the work, with who and why, until it is taken note of. */
export function FromOthersCard() {
  const job = useJob();
  const { unread, seen } = useFromOthers(job);
  const say = useSayOther();
  const { tell } = job;
  const newest = unread.at(-1);
  const isInGlasses = useReadable(guidanceStay) !== null;
  const told = useRef<string | null>(null);
  // The plate in the glasses keeps what is no mere news.
  useEffect(() => {
    if (!newest || !isInGlasses || told.current === newest.key) return;
    told.current = newest.key;
    tell(say(newest), 'good');
  }, [newest, isInGlasses, say, tell]);
  return <div role="log">{unread.length > 0 && <Card unread={unread} say={say} onSeen={seen} />}</div>;
}

interface CardProps {
  readonly unread: readonly FromOther[];
  readonly say: (one: FromOther) => string;
  readonly onSeen: () => void;
}

function Card({ unread, say, onSeen }: CardProps) {
  const t = guidanceRoomStrings.useText();
  return (
    <section className={css['fromOthers']} aria-label={t('fromOthers')}>
      <ul>
        {unread.slice(-SHOWN).map((one) => {
          const Icon = ICONS[one.kind];
          return (
            <li key={one.key}>
              <Icon size={22} stroke={1.7} aria-hidden />
              <span>
                {say(one)}
                {one.kind === 'document' && (
                  <>
                    {' '}
                    <Anchor
                      href={`${api.assetUrl(one.cid)}${one.page ? `#page=${one.page}` : ''}`}
                      target="_blank"
                      rel="noreferrer"
                    >
                      {t('openDocument')}
                    </Anchor>
                  </>
                )}
                {one.kind === 'line' && one.picture && <img src={api.assetUrl(one.picture)} alt="" />}
              </span>
            </li>
          );
        })}
      </ul>
      {unread.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t('fromOthersMore', { count: unread.length - SHOWN })}
        </Text>
      )}
      <Button size="md" mih={48} variant="default" onClick={onSeen}>
        {t('seen')}
      </Button>
    </section>
  );
}

/** One sentence: who, what, and why. */
function useSayOther(): (one: FromOther) => string {
  const t = guidanceRoomStrings.useText();
  const { session, procedure, say } = useJob();
  const roster = useReadable(session.participants);
  return (one) => {
    const name = one.name ?? roster.find(({ user }) => user === one.by)?.name ?? t('somebody');
    const title = 'step' in one && one.step ? indexOf(procedure).steps.get(one.step)?.step.title : null;
    const values = { name, text: one.text, step: title ? say.text(title) : '' };
    if (one.kind === 'decision') return t('from_decision', { ...values, way: t(one.way) });
    return t(`from_${one.kind}`, values);
  };
}
