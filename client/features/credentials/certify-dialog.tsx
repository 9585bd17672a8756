import { ActionIcon, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { SKILL_LEVELS, type SkillLevel } from '#protocol/credentials/index';
import { noticeDone, ProblemNotice, shared } from '../../ui/index.ts';
import { api, useMe } from '../session/index.ts';
import type { Person } from './matrix-filter.ts';
import { credentialStrings } from './strings.ts';

interface Row {
  readonly key: number;
  readonly code: string;
  readonly name: string;
  readonly level: SkillLevel;
}
const MOST_SKILLS = 20;
const PERIODS = ['6', '12', '24', '36'] as const;
const NO_END = 'none';
const NEW_ROW = { code: '', name: '', level: 3 } as const;

interface Props {
  readonly project: string;
  readonly people: readonly Person[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** By hand, after an assessment on the job. */
export function CertifyDialog({ project, people, isOpen, onClose }: Props) {
  const t = credentialStrings.useText();
  const words = shared.useText();
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [person, setPerson] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [criteria, setCriteria] = useState('');
  const [evidence, setEvidence] = useState('');
  const [months, setMonths] = useState<string>('24');
  const [rows, setRows] = useState<readonly Row[]>([{ key: 0, ...NEW_ROW }]);
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);

  const others = people.filter(({ user }) => user !== me.id);
  const change = (key: number, part: Partial<Row>) =>
    setRows((all) => all.map((row) => (row.key === key ? { ...row, ...part } : row)));

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (!person) return;
    setBusy(true);
    setThrown(null);
    try {
      const view = await api.certify(project, {
        person,
        achievement: { name, description, criteria },
        skills: rows.map(({ code, name: title, level }) => ({ code, name: title, level })),
        ...(evidence.trim() && { evidence: evidence.trim() }),
        validUntil: endOf(months),
      });
      await queries.invalidateQueries({ queryKey: ['skills', project] });
      noticeDone(t('issued', { name: view.recipient }));
      onClose();
      await navigate(`/credential/${view.id}`);
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title={t('certify')} size={640}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <Stack>
          <Select
            data-autofocus
            required
            searchable
            label={t('whom')}
            data={others.map((one) => ({ value: one.user, label: one.name }))}
            value={person}
            onChange={setPerson}
          />
          <TextInput
            required
            label={t('achievement')}
            placeholder={t('achievementPlaceholder')}
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            required
            autosize
            minRows={2}
            maxLength={2000}
            label={t('description')}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Textarea
            required
            autosize
            minRows={2}
            maxLength={4000}
            label={t('criteriaLabel')}
            value={criteria}
            onChange={(event) => setCriteria(event.currentTarget.value)}
          />
          <Stack gap="xs" component="fieldset" style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
            <Text component="legend" size="sm" fw={500} p={0}>
              {t('skills')}
            </Text>
            <Text size="xs" c="dimmed">
              {t('codeHint')}
            </Text>
            {rows.map((row, index) => (
              <SkillRow
                key={row.key}
                row={row}
                n={index + 1}
                onChange={(part) => change(row.key, part)}
                onRemove={rows.length > 1 ? () => setRows((all) => all.filter(({ key }) => key !== row.key)) : null}
              />
            ))}
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconPlus size={18} />}
              disabled={rows.length >= MOST_SKILLS}
              onClick={() => setRows((all) => [...all, { key: all.at(-1)!.key + 1, ...NEW_ROW }])}
            >
              {t('addSkill')}
            </Button>
          </Stack>
          <Select
            allowDeselect={false}
            label={t('validFor')}
            data={[
              ...PERIODS.map((value) => ({ value, label: t(`months_${value}`) })),
              { value: NO_END, label: t('noEnd') },
            ]}
            value={months}
            onChange={(value) => value && setMonths(value)}
          />
          <TextInput
            label={t('evidenceLabel')}
            placeholder="bafy…"
            maxLength={121}
            value={evidence}
            onChange={(event) => setEvidence(event.currentTarget.value)}
          />
          {thrown !== null && <ProblemNotice thrown={thrown} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words('cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t('issue')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface SkillRowProps {
  readonly row: Row;
  readonly n: number;
  readonly onChange: (part: Partial<Row>) => void;
  readonly onRemove: (() => void) | null;
}

function SkillRow({ row, n, onChange, onRemove }: SkillRowProps) {
  const t = credentialStrings.useText();
  return (
    <Group gap="xs" align="flex-start">
      <TextInput
        w={120}
        required
        aria-label={t('codeN', { n })}
        placeholder={`${t('code')} *`}
        maxLength={60}
        value={row.code}
        onChange={(event) => onChange({ code: event.currentTarget.value })}
      />
      <TextInput
        flex={1}
        miw={140}
        required
        aria-label={t('skillN', { n })}
        placeholder={`${t('skill')} *`}
        maxLength={120}
        value={row.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Select
        w={210}
        allowDeselect={false}
        aria-label={t('levelN', { n })}
        data={SKILL_LEVELS.map((level) => ({ value: String(level), label: `${level} · ${t(`level_${level}`)}` }))}
        value={String(row.level)}
        onChange={(value) => onChange({ level: Number(value) as SkillLevel })}
      />
      <ActionIcon mt={4} aria-label={t('removeSkill', { n })} disabled={!onRemove} onClick={() => onRemove?.()}>
        <IconTrash size={18} stroke={1.7} />
      </ActionIcon>
    </Group>
  );
}

/** The end of the day so many months from now, where the person is. */
function endOf(months: string): number | null {
  if (months === NO_END) return null;
  const end = new Date();
  end.setMonth(end.getMonth() + Number(months));
  end.setHours(23, 59, 59, 0);
  return end.getTime();
}
