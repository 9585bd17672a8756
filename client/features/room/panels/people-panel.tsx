import { Button, NativeSelect, Text, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconBadgeVr,
  IconDeviceDesktop,
  IconDeviceMobile,
  IconEyeglass,
  IconPlugConnectedX,
  IconRobot,
  IconUserPlus,
  IconWallet,
} from '@tabler/icons-react';
import { ROLES, type Role } from '#protocol/permissions/index';
import type { Participant } from '#protocol/room/index';
import { noticeDone, noticeProblem, PersonDot } from '../../../ui/index.ts';
import { colorOf } from '../model/holding.ts';
import { useMe, useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { VoiceMark, VoiceRing } from '../voice/voice-mark.tsx';
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
  const ordered = [...roster].sort((a, b) => Number(b.session === me.session) - Number(a.session === me.session));
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
      <ul className={css['list']} aria-label={t('people')}>
        {ordered.map((person) => (
          <Person
            key={person.session}
            person={person}
            isMe={person.session === me.session}
            project={mayGiveRoles && person.user !== me.user ? info.project : null}
          />
        ))}
      </ul>
      <Text size="xs" c="dimmed" px="sm" py="xs">
        {t(`roleMeaning_${me.role}`)}
      </Text>
    </div>
  );
}

interface PersonProps {
  readonly person: Participant;
  readonly isMe: boolean;
  /** Project in which I may change this person's role, or null. */
  readonly project: string | null;
}

function Person({ person, isMe, project }: PersonProps) {
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
    <li className={css['person']} data-away={!person.isConnected || undefined}>
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
      <VoiceMark person={person} />
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
