import { ActionIcon, Button, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconArrowLeft,
  IconDotsVertical,
  IconKeyboard,
  IconLayoutSidebar,
  IconLayoutSidebarRight,
  IconRosetteDiscountCheck,
} from '@tabler/icons-react';
import { Link } from 'react-router';
import { LanguageSwitch, ThemeSwitch } from '../../session/appearance-switches.tsx';
import { PersonDot, problemText, useDocumentTitle } from '../../../ui/index.ts';
import { colorOf } from '../model/holding.ts';
import { useReadable, useRefusal, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { wayBack } from '../states/way-back.ts';
import css from './room-layout.module.css';
import { VoiceRing } from '../voice/voice-mark.tsx';
import { SavedIndicator } from './saved-indicator.tsx';
import { UndoButtons } from './undo-buttons.tsx';
import type { Panels } from './use-panels.ts';
import { XrButtons } from './xr-buttons.tsx';

interface Props {
  readonly panels: Panels;
  readonly isPhone: boolean;
  readonly onPublish: () => void;
  readonly onHotkeys: () => void;
}

export function RoomHeader({ panels, isPhone, onPublish, onHotkeys }: Props) {
  const t = roomStrings.useText();
  const { info } = useRoom();
  useDocumentTitle(info.title);
  const refusal = useRefusal();
  const noPublish = refusal('revision.publish');
  const mayPublish = info.purpose === 'project';
  return (
    <header className={css['header']}>
      <Tooltip label={t(`back_${info.purpose}`)}>
        <ActionIcon component={Link} to={wayBack(info)} aria-label={t(`back_${info.purpose}`)}>
          <IconArrowLeft size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <h1 className={css['title']}>{info.title}</h1>
      {!isPhone && <span className={css['rule']} />}
      {!isPhone && <UndoButtons />}
      <SavedIndicator isSmall={isPhone} />
      <span className={css['spring']} />
      {!isPhone && <PeopleStack onClick={() => panels.open('people')} />}
      {isPhone && <UndoButtons />}
      <XrButtons isPhone={isPhone} />
      {mayPublish && !isPhone && (
        <Tooltip label={noPublish ? problemText(noPublish).message : t('publishMeaning')}>
          <Button
            size="xs"
            ml={4}
            leftSection={<IconRosetteDiscountCheck size={18} stroke={1.7} aria-hidden />}
            aria-disabled={noPublish !== null}
            data-disabled={noPublish !== null || undefined}
            onClick={() => noPublish === null && onPublish()}
          >
            {t('publish')}
          </Button>
        </Tooltip>
      )}
      {!isPhone && (
        <>
          <span className={css['rule']} />
          <PanelToggle
            label={t('toggleParts')}
            isOn={panels.isLeftOpen}
            keys="1"
            onClick={() => panels.toggle('parts')}
            icon={IconLayoutSidebar}
          />
          <PanelToggle
            label={t('togglePanels')}
            isOn={panels.isRightOpen}
            keys="Tab"
            onClick={panels.toggleRight}
            icon={IconLayoutSidebarRight}
          />
        </>
      )}
      <Menu position="bottom-end" shadow="md" width={260} closeOnItemClick={false}>
        <Menu.Target>
          <ActionIcon aria-label={t('more')} size={isPhone ? 44 : 'lg'}>
            <IconDotsVertical size={20} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isPhone && mayPublish && (
            <Menu.Item
              closeMenuOnClick
              disabled={noPublish !== null}
              leftSection={<IconRosetteDiscountCheck size={18} />}
              onClick={onPublish}
            >
              {t('publish')}
            </Menu.Item>
          )}
          {!isPhone && (
            <Menu.Item closeMenuOnClick leftSection={<IconKeyboard size={18} />} rightSection="?" onClick={onHotkeys}>
              {t('hotkeys')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <div style={{ display: 'grid', gap: 8, padding: '6px 10px' }}>
            <LanguageSwitch />
            <ThemeSwitch />
          </div>
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly keys: string;
  readonly onClick: () => void;
  readonly icon: typeof IconLayoutSidebar;
}

function PanelToggle({ label, isOn, keys, onClick, icon: Icon }: ToggleProps) {
  return (
    <Tooltip label={`${label} · ${keys}`}>
      <ActionIcon aria-label={label} aria-pressed={isOn} color={isOn ? 'signal' : 'gray'} onClick={onClick}>
        <Icon size={20} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

const SHOWN_PEOPLE = 4;

function PeopleStack({ onClick }: { onClick: () => void }) {
  const t = roomStrings.useText();
  const { session, view } = useRoom();
  const roster = useReadable(session.participants);
  const shown = roster.slice(0, SHOWN_PEOPLE);
  return (
    <div className={css['people']}>
      {shown.map((person) => {
        const dot = (
          <VoiceRing session={person.session}>
            <PersonDot name={person.name} color={colorOf(person.color)} size={28} />
          </VoiceRing>
        );
        if (person.session === session.me.session)
          return (
            <span key={person.session} className={css['person']}>
              {dot}
            </span>
          );
        return (
          <UnstyledButton
            key={person.session}
            className={css['person']}
            aria-label={t('lookAt', { name: person.name })}
            onClick={() => view.focusPerson(person.participant) || onClick()}
          >
            {dot}
          </UnstyledButton>
        );
      })}
      <UnstyledButton
        className={css['peopleCount']}
        onClick={onClick}
        aria-label={t('peopleHere', { count: roster.length })}
        title={roster.map(({ name }) => name).join(', ')}
      >
        {roster.length}
      </UnstyledButton>
    </div>
  );
}
