import { Button, NativeSelect, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconBadgeVr,
  IconDeviceDesktop,
  IconDeviceMobile,
  IconEyeglass,
  IconPlugConnectedX,
  IconRobot,
  IconSearch,
  IconUserPlus,
  IconViewfinderOff,
  IconWallet,
} from '@tabler/icons-react';
import { useMemo, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { ROLES, type Role } from '#protocol/permissions/index';
import type { Participant } from '#protocol/room/index';
import { noticeDone, noticeProblem, PersonDot, useTouch } from '../../../ui/index.ts';
import { colorOf } from '../model/holding.ts';
import { useMe, useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { useVisibleRows } from '../tree/use-visible-rows.ts';
import { VoiceMark, VoiceRing } from '../voice/voice-mark.tsx';
import voiceCss from '../voice/voice.module.css';
import css from './panels.module.css';

const DEVICES = {
  desktop: IconDeviceDesktop,
  phone: IconDeviceMobile,
  headset: IconBadgeVr,
  glasses: IconEyeglass,
  bot: IconRobot,
} as const;

/** Who is here, by what right and with what device; owners invite and change roles. */
export function PeoplePanel({ onInvite }: { onInvite: () => void }) {
  const t = roomStrings.useText();
  const { session, info } = useRoom();
  const roster = useReadable(session.participants);
  const me = useMe();
  const refusal = useRefusal();
  const mayInvite = info.project !== null && info.purpose === 'project' && refusal('member.invite') === null;
  const mayGiveRoles = mayInvite && refusal('member.setRole') === null;
  const [wanted, setWanted] = useState('');
  const isCrowd = roster.length > CROWD;
  const people = useMemo(() => listOf(roster, me.session, isCrowd, wanted), [roster, me.session, isCrowd, wanted]);
  const row = (person: Participant, style?: CSSProperties): ReactNode => (
    <Person
      key={person.session}
      person={person}
      style={style}
      isMe={person.session === me.session}
      project={mayGiveRoles && person.user !== me.user ? info.project : null}
    />
  );
  return (
    <div className={css['panel']}>
      <div className={css['bar']}>
        <Text size="sm">
          {t('yourRole')} <strong>{t(`role_${me.role}`)}</strong>
        </Text>
        {mayInvite && (
          <Button size="xs" variant="default" leftSection={<IconUserPlus size={16} />} onClick={onInvite}>
            {t('invite')}
          </Button>
        )}
      </div>
      <Beyond />
      {isCrowd && (
        <div className={css['bar']}>
          <TextInput
            size="xs"
            style={{ flex: 1 }}
            aria-label={t('findPerson')}
            placeholder={t('findPerson')}
            leftSection={<IconSearch size={15} aria-hidden />}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
        </div>
      )}
      {isCrowd ? (
        <Crowd people={people} row={row} wanted={wanted} hasRoles={mayGiveRoles} />
      ) : (
        <ul className={css['list']} aria-label={t('people')}>
          {people.map((person) => row(person))}
        </ul>
      )}
      <Text size="xs" c="dimmed" px="sm" py="xs">
        {t(`roleMeaning_${me.role}`)}
      </Text>
    </div>
  );
}

/** Up to so many people are a list; more are searched, and only those on screen are drawn. */
const CROWD = 50;
const ROW_PX = 56;
const ROLE_ROW_PX = 76;
const TOUCH_ROW_PX = 84;

/** Me first; a crowd by name, the others in the order in which they came. */
function listOf(roster: readonly Participant[], me: string, isCrowd: boolean, wanted: string): Participant[] {
  const text = isCrowd ? wanted.trim().toLocaleLowerCase() : '';
  return roster
    .filter(({ name }) => text === '' || name.toLocaleLowerCase().includes(text))
    .sort(
      (a, b) => Number(b.session === me) - Number(a.session === me) || (isCrowd ? NAMES.compare(a.name, b.name) : 0),
    );
}
const NAMES = new Intl.Collator(undefined, { numeric: true });

/** How many of those here are not drawn one by one. */
function Beyond() {
  const t = roomStrings.useText();
  const count = useReadable(useRoom().session.beyond);
  if (count === 0) return null;
  return (
    <Tooltip label={t('beyondMeaning')}>
      <p className={css['beyond']} role="status">
        <IconViewfinderOff size={16} stroke={1.7} aria-hidden />
        {t('beyond', { count })}
      </p>
    </Tooltip>
  );
}

interface CrowdProps {
  readonly people: readonly Participant[];
  readonly row: (person: Participant, style: CSSProperties) => ReactNode;
  readonly wanted: string;
  readonly hasRoles: boolean;
}

/** Hundreds of people: only those on screen are drawn. */
function Crowd({ people, row, wanted, hasRoles }: CrowdProps) {
  const t = roomStrings.useText();
  const scroller = useRef<HTMLDivElement>(null);
  const isTouch = useTouch();
  const rowPx = isTouch ? TOUCH_ROW_PX : hasRoles ? ROLE_ROW_PX : ROW_PX;
  const { first, last, totalPx } = useVisibleRows(scroller, people.length, rowPx);
  return (
    <div ref={scroller} className={css['scroll']}>
      {people.length === 0 && (
        <Text size="sm" c="dimmed" p="sm">
          {t('nobodyFound', { text: wanted.trim() })}
        </Text>
      )}
      <ul className={css['crowd']} style={{ height: totalPx }} aria-label={t('people')}>
        {people
          .slice(first, last)
          .map((person, index) =>
            row(person, { position: 'absolute', insetInline: 0, top: (first + index) * rowPx, height: rowPx }),
          )}
      </ul>
    </div>
  );
}

interface PersonProps {
  readonly style: CSSProperties | undefined;
  readonly person: Participant;
  readonly isMe: boolean;
  /** Project in which I may change this person's role, or null. */
  readonly project: string | null;
}

function Person({ person, isMe, project, style }: PersonProps) {
  const t = roomStrings.useText();
  const { api, view } = useRoom();
  const noticeUnseen = () => noticeDone(t('personUnseen', { name: person.name }));
  const Device = DEVICES[person.device];
  const setRole = async (role: Role) => {
    try {
      await api.setMemberRole(project!, person.user, role);
      noticeDone(t('roleChanged', { name: person.name, role: t(`role_${role}`) }));
    } catch (thrown) {
      noticeProblem(thrown);
    }
  };
  return (
    <li className={css['person']} style={style} data-away={!person.isConnected || undefined}>
      <span className={voiceCss['marked']}>
        {isMe ? (
          <VoiceRing session={person.session}>
            <PersonDot name={person.name} color={colorOf(person.color)} size={30} />
          </VoiceRing>
        ) : (
          <UnstyledButton
            className={css['dot']}
            aria-label={t('lookAt', { name: person.name })}
            disabled={!person.isConnected}
            onClick={() => view.focusPerson(person.participant) || noticeUnseen()}
          >
            <VoiceRing session={person.session}>
              <PersonDot name={person.name} color={colorOf(person.color)} size={30} />
            </VoiceRing>
          </UnstyledButton>
        )}
        <VoiceMark person={person} />
      </span>
      <div className={css['grow']}>
        <Text size="sm" fw={560} className={css['ellipsis']}>
          {person.name}
          {isMe && <span className={css['quiet']}> · {t('you')}</span>}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          {project === null && t(`role_${person.role}`)}
          {!person.isConnected && ` · ${t('reconnectingPerson')}`}
        </Text>
        {project !== null && (
          <NativeSelect
            size="xs"
            mt={2}
            styles={{ input: { paddingInline: '8px 20px' } }}
            aria-label={t('roleOf', { name: person.name })}
            value={person.role}
            onChange={(event) => void setRole(event.currentTarget.value as Role)}
            data={ROLES.map((role) => ({ value: role, label: t(`role_${role}`) }))}
          />
        )}
      </div>
      {!isMe && person.isConnected && (
        <Tooltip label={t('goToMeaning')}>
          <Button
            size="compact-sm"
            fz="xs"
            variant="default"
            className={css['goTo']}
            aria-label={t('goToPerson', { name: person.name })}
            onClick={() => view.goTo(person.participant) || noticeUnseen()}
          >
            {t('goTo')}
          </Button>
        </Tooltip>
      )}
      {person.badge === 'wallet' && (
        <Tooltip label={t('badge_wallet')}>
          <span role="img" aria-label={t('wallet')} style={{ display: 'inline-flex' }}>
            <IconWallet size={18} stroke={1.6} color="var(--wh-text-quiet)" aria-hidden />
          </span>
        </Tooltip>
      )}
      {!person.isConnected && <IconPlugConnectedX size={16} aria-hidden />}
      <Tooltip label={t(`device_${person.device}`)}>
        <span role="img" aria-label={t(`device_${person.device}`)} style={{ display: 'inline-flex' }}>
          <Device size={18} stroke={1.6} color="var(--wh-text-quiet)" aria-hidden />
        </span>
      </Tooltip>
    </li>
  );
}
