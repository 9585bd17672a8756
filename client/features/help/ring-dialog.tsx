import { Badge, Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExpertView } from '#protocol/api/help';
import { PersonDot, Wait } from '../../ui/index.ts';
import { useMe } from '../session/index.ts';
import { helpApi } from './help-api.ts';
import { isReachable } from './model/reachable.ts';
import { NobodyToCall } from './nobody-to-call.tsx';
import { helpStrings } from './strings.ts';

/** The next is rung when one has not answered for so long, s. */
const ESCALATE_AFTER_S = 25;

export interface Wish {
  readonly to: readonly Pick<ExpertView, 'person' | 'name'>[];
  readonly how: 'all' | 'oneByOne';
  readonly escalateAfterS: number;
  readonly text: string;
}

interface Props {
  readonly project: string;
  /** Who calls, is rung, or is here already. */
  readonly except: ReadonlySet<string>;
  readonly onRing: (wish: Wish) => void;
  readonly onClose: () => void;
}

/** Who should help, and how they are rung. */
export function RingDialog({ project, except, onRing, onClose }: Props) {
  const t = helpStrings.useText();
  const me = useMe().id;
  const { data } = useQuery({
    queryKey: ['experts', project],
    queryFn: ({ signal }) => helpApi.experts(project, signal),
    refetchInterval: 5_000,
  });
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [how, setHow] = useState<'all' | 'oneByOne'>('oneByOne');
  const [text, setText] = useState('');
  const experts = data?.experts.filter(({ person }) => !except.has(person)) ?? [];
  const hasOthers = data?.experts.some(({ person }) => person !== me) ?? false;
  const isOn = (one: ExpertView) => (chosen ? chosen.has(one.person) : one.isOnDuty && !one.isBusy);
  const to = experts.filter(isOn);
  const toggle = (person: string) => {
    const next = new Set(to.map((one) => one.person as string));
    if (!next.delete(person)) next.add(person);
    setChosen(next);
  };
  return (
    <Modal opened onClose={onClose} title={t('callTitle')} size="md" centered>
      {!data && <Wait text={t('callTitle')} />}
      {data && experts.length === 0 && !hasOthers && <NobodyToCall project={project} />}
      {data && experts.length === 0 && hasOthers && <Text>{t('allRung')}</Text>}
      {data && experts.length > 0 && (
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('callLead')}
          </Text>
          {experts.map((one) => (
            <Checkbox
              key={one.person}
              size="md"
              checked={isOn(one)}
              onChange={() => toggle(one.person)}
              label={<ExpertLine expert={one} />}
            />
          ))}
          <SegmentedControl
            value={how}
            onChange={(value) => setHow(value === 'all' ? 'all' : 'oneByOne')}
            data={[
              { value: 'oneByOne', label: t('inTurn') },
              { value: 'all', label: t('allAtOnce') },
            ]}
          />
          <Textarea
            label={t('whatAbout')}
            placeholder={t('whatAboutHint')}
            maxLength={500}
            autosize
            minRows={2}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {to.length === 0 && <Text size="sm">{t('nobodyFree')}</Text>}
          <Button
            size="lg"
            disabled={to.length === 0}
            onClick={() => onRing({ to, how, escalateAfterS: ESCALATE_AFTER_S, text: text.trim() })}
          >
            {t('ring')}
          </Button>
        </Stack>
      )}
    </Modal>
  );
}

export function ExpertLine({ expert }: { expert: ExpertView }) {
  const t = helpStrings.useText();
  const me = useMe().id;
  const about = [...expert.subjects, ...expert.languages].join(', ');
  return (
    <Group gap="xs" wrap="wrap">
      <PersonDot name={expert.name} user={expert.person} size={24} hasTooltip={false} />
      <Text size="sm" fw={560}>
        {expert.name}
      </Text>
      {about && (
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      )}
      <Badge size="sm" variant="light" color={expert.isBusy ? 'yellow' : expert.isOnDuty ? 'green' : 'gray'}>
        {expert.isBusy ? t('busy') : expert.isOnDuty ? t('onDuty') : t('offDuty')}
      </Badge>
      <Text size="xs" c="dimmed">
        {t(isReachable(expert, me) ? 'reachable' : 'notReachable')}
      </Text>
    </Group>
  );
}
