import { ActionIcon, Autocomplete, NumberInput, Select, TagsInput, TextInput, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { Gate, KitItem } from '#protocol/guidance/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage } from '../../ui/index.ts';
import css from './guidance.module.css';
import { GATE_KINDS, newGate } from './plan-draft.ts';
import { guidanceStrings } from './strings.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function RemoveRow({ what, onRemove }: { readonly what: string; readonly onRemove: () => void }) {
  const t = guidanceStrings.useText();
  return (
    <Tooltip label={t('remove')}>
      <ActionIcon aria-label={`${t('remove')}: ${what}`} onClick={onRemove} color="gray" size="lg">
        <IconTrash size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

const EVIDENCE = ['either', 'picture', 'clip'] as const;

interface GateProps {
  readonly gate: Gate;
  readonly steps: readonly Choice[];
  readonly things: readonly Choice[];
  readonly roles: readonly Choice[];
  /** Codes that people here are certified in, with their names; empty: unknown to who writes the plan. */
  readonly skills: readonly Choice[];
  /** Of the instruction: how it should look. */
  readonly pictures: readonly Choice[];
  readonly onChange: (gate: Gate) => void;
  readonly onRemove: () => void;
}

/** One thing that a step needs on a real product. */
export function GateFields({ gate, steps, things, roles, skills, pictures, onChange, onRemove }: GateProps) {
  const t = guidanceStrings.useText();
  const language = currentLanguage();
  return (
    <div className={css['grid']}>
      <Select
        label={t('step')}
        allowDeselect={false}
        searchable
        data={[...steps]}
        value={gate.step}
        onChange={(step) => step && onChange({ ...gate, step: step as Gate['step'] })}
      />
      <Select
        label={t('gateKind')}
        allowDeselect={false}
        data={GATE_KINDS.map((value) => ({ value, label: t(`gate_${value}`) }))}
        value={gate.kind}
        onChange={(kind) => kind && onChange(newGate(kind as Gate['kind'], gate.id, gate.step, things[0]?.value ?? ''))}
      />
      {gate.kind === 'scan' && (
        <Select
          label={t('part')}
          allowDeselect={false}
          searchable
          required
          error={things.length === 0 ? t('noParts') : gate.thing === '' && t('choosePart')}
          data={[...things]}
          value={gate.thing}
          onChange={(thing) => thing && onChange({ ...gate, thing: thing as never })}
        />
      )}
      {gate.kind === 'photo' && (
        <TextInput
          label={t('photoText')}
          maxLength={500}
          value={textIn(gate.text, language, language)}
          onChange={({ currentTarget }) =>
            onChange({ ...gate, text: { ...gate.text, [language]: currentTarget.value } })
          }
        />
      )}
      {gate.kind === 'photo' && (
        <Select
          label={t('evidence')}
          allowDeselect={false}
          data={EVIDENCE.map((value) => ({ value, label: t(`evidence_${value}`) }))}
          value={gate.evidence ?? 'either'}
          onChange={(value) => {
            const { evidence: _, ...rest } = gate;
            onChange(value === 'picture' || value === 'clip' ? { ...rest, evidence: value } : rest);
          }}
        />
      )}
      {gate.kind === 'photo' && pictures.length > 0 && (
        <Select
          label={t('compareWith')}
          clearable
          data={[...pictures]}
          value={gate.compareWith}
          onChange={(media) => onChange({ ...gate, compareWith: media as typeof gate.compareWith })}
        />
      )}
      {gate.kind === 'skill' && (
        <>
          <Autocomplete
            label={t('skillCode')}
            description={skills.find(({ value }) => value === gate.code)?.label ?? t('skillCodeHint')}
            required
            maxLength={60}
            data={skills.map(({ value }) => value)}
            filter={({ options, search }) => named(options, skills, search)}
            renderOption={({ option }) => (
              <span>
                {skills.find(({ value }) => value === option.value)?.label} · {option.value}
              </span>
            )}
            value={gate.code}
            onChange={(code) => onChange({ ...gate, code })}
          />
          <NumberInput
            label={t('skillLevel')}
            min={1}
            max={4}
            value={gate.level}
            onChange={(level) => onChange({ ...gate, level: Number(level) || 1 })}
          />
        </>
      )}
      {gate.kind === 'secondPerson' && (
        <Select
          label={t('role')}
          placeholder={t('anybody')}
          clearable
          data={[...roles]}
          value={gate.role}
          onChange={(role) => onChange({ ...gate, role: role as never })}
        />
      )}
      {gate.kind === 'alignment' && (
        <NumberInput
          label={t('within')}
          suffix=" mm"
          min={0.5}
          max={1000}
          decimalScale={1}
          value={gate.withinM * 1000}
          onChange={(mm) => Number(mm) > 0 && onChange({ ...gate, withinM: Number(mm) / 1000 })}
        />
      )}
      <RemoveRow what={t(`gate_${gate.kind}`)} onRemove={onRemove} />
    </div>
  );
}

/** By code or by name; an empty search, or a code that is there whole, leaves all to choose from. */
function named<O>(options: O[], skills: readonly Choice[], search: string): O[] {
  const word = search.trim().toLowerCase();
  if (word === '' || skills.some(({ value }) => value.toLowerCase() === word)) return options;
  const fits = new Set(
    skills.filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(word)).map(({ value }) => value),
  );
  return options.filter((option) => fits.has((option as { value?: string }).value ?? ''));
}

const TRACED = ['none', 'serial', 'lot'] as const;

interface KitProps {
  readonly item: KitItem;
  readonly things: readonly Choice[];
  readonly onChange: (item: KitItem) => void;
  readonly onRemove: () => void;
}

/** A part that goes into the product. */
export function KitFields({ item, things, onChange, onRemove }: KitProps) {
  const t = guidanceStrings.useText();
  return (
    <div className={css['grid']}>
      <Select
        label={t('part')}
        allowDeselect={false}
        searchable
        required
        error={item.thing === '' && t('choosePart')}
        data={[...things]}
        value={item.thing}
        onChange={(thing) => thing && onChange({ ...item, thing: thing as KitItem['thing'] })}
      />
      <TextInput
        label={t('partNumber')}
        required
        maxLength={80}
        value={item.part}
        onChange={({ currentTarget }) => onChange({ ...item, part: currentTarget.value })}
      />
      <Select
        label={t('traced')}
        allowDeselect={false}
        data={TRACED.map((value) => ({ value, label: t(`traced_${value}`) }))}
        value={item.traced}
        onChange={(traced) => traced && onChange({ ...item, traced: traced as KitItem['traced'] })}
      />
      <TagsInput
        label={t('onlyThese')}
        placeholder={item.allowed ? undefined : t('onlyTheseHint')}
        disabled={item.traced === 'none'}
        value={[...(item.allowed ?? [])]}
        onChange={(allowed) => onChange({ ...item, allowed: allowed.length > 0 ? allowed : null })}
      />
      <RemoveRow what={item.part} onRemove={onRemove} />
    </div>
  );
}
