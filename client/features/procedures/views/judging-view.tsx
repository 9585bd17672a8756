import { Button, Checkbox, Group, MultiSelect, Select, Stack, Table, Text, Title } from '@mantine/core';
import { IconPlus, IconShieldCheck } from '@tabler/icons-react';
import {
  ControlId,
  ERROR_KINDS,
  SafetyRuleId,
  StepId,
  stepsOf,
  ThingId,
  type Procedure,
  type Rubric,
  type SafetyRule,
} from '#protocol/procedures/index';
import { EmptyState } from '../../../ui/index.ts';
import { ConditionList } from '../edit/condition-list.tsx';
import { RemoveButton } from '../edit/condition-fields.tsx';
import { NumberField, Pick, SecondsField } from '../edit/pickers.tsx';
import css from '../edit/steps-view.module.css';
import { TextFields } from '../edit/text-fields.tsx';
import { useEditor } from '../editor-context.tsx';
import { AT_POINTS } from '../model/finding-place.ts';
import { numbers } from '../model/diff-words.ts';
import { freshId } from '../model/edits.ts';
import { newCondition } from '../model/kinds.ts';
import { procedureStrings } from '../strings.ts';
import { useArrival } from '../use-arrival.ts';

/** What must never be done, and how a run becomes a number that everybody can work out. */
export default function JudgingView() {
  useArrival();
  return (
    <Stack gap="xl">
      <SafetyRules />
      <Points />
    </Stack>
  );
}

const ACTS = ['grab', 'touch', 'use', 'set'] as const;

function SafetyRules() {
  const t = procedureStrings.useText();
  const { procedure, edit, mayEdit } = useEditor();
  const first = procedure.workplace.things[0];
  const put = (id: string, next: (rule: SafetyRule) => SafetyRule, key?: string) =>
    edit(
      (now) => ({ ...now, safety: now.safety.map((rule) => (rule.id === id ? next(rule) : rule)) }),
      key && `safety.${id}.${key}`,
    );
  const add = () => {
    if (!first) return;
    const taken = procedure.safety.map((rule) => rule.id as string);
    const rule: SafetyRule = {
      id: SafetyRuleId.parse(freshId(taken, 'rule')),
      text: {},
      act: { kind: 'grab', thing: first.id },
      steps: null,
      unless: null,
    };
    edit((now) => ({ ...now, safety: [...now.safety, rule] }));
  };
  return (
    <section aria-label={t('safetyRules')}>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2} size="h3">
            {t('safetyRules')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('safetyRulesText')}
          </Text>
        </div>
        {mayEdit && first && (
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            {t('addRule')}
          </Button>
        )}
      </Group>
      {procedure.safety.length === 0 && (
        <EmptyState
          icon={<IconShieldCheck size={28} stroke={1.5} />}
          title={t('noRules')}
          text={t(first ? 'noRulesText' : 'noRulesNoThings')}
        />
      )}
      {procedure.safety.map((rule, at) => (
        <div
          key={rule.id}
          className={css['way']}
          role="group"
          data-at={rule.id}
          aria-label={t('ruleNumber', { n: at + 1 })}
        >
          <Stack gap="sm">
            <Group gap={4} align="flex-end" wrap="nowrap">
              <div style={{ flex: 1 }}>
                <TextFields
                  label={t('ruleNumber', { n: at + 1 })}
                  value={rule.text}
                  onChange={(text) => put(rule.id, (one) => ({ ...one, text }), 'text')}
                />
              </div>
              {mayEdit && (
                <RemoveButton
                  label={t('removeRule', { n: at + 1 })}
                  onClick={() => edit((now) => withoutRule(now, rule.id))}
                />
              )}
            </Group>
            <RuleAct rule={rule} onChange={(act) => put(rule.id, (one) => ({ ...one, act }))} />
            <RuleSteps rule={rule} onChange={(steps) => put(rule.id, (one) => ({ ...one, steps }))} />
            <Checkbox
              label={t('ruleUnless')}
              disabled={!mayEdit}
              checked={rule.unless !== null}
              onChange={({ currentTarget: { checked } }) =>
                put(rule.id, (one) => ({ ...one, unless: checked ? newCondition('control', procedure) : null }))
              }
            />
            {rule.unless && (
              <ConditionList
                isSingle
                value={[rule.unless]}
                onChange={(list) => put(rule.id, (one) => ({ ...one, unless: list.at(-1) ?? null }), 'unless')}
              />
            )}
            <Checkbox
              label={t('ruleFails')}
              disabled={!mayEdit}
              checked={procedure.rubric.mustNot.includes(rule.id)}
              onChange={({ currentTarget: { checked } }) =>
                edit((now) => ({
                  ...now,
                  rubric: {
                    ...now.rubric,
                    mustNot: [...now.rubric.mustNot.filter((id) => id !== rule.id), ...(checked ? [rule.id] : [])],
                  },
                }))
              }
            />
          </Stack>
        </div>
      ))}
    </section>
  );
}

const withoutRule = (procedure: Procedure, id: string): Procedure => ({
  ...procedure,
  safety: procedure.safety.filter((rule) => rule.id !== id),
  rubric: { ...procedure.rubric, mustNot: procedure.rubric.mustNot.filter((one) => one !== id) },
});

function RuleAct({ rule, onChange }: { rule: SafetyRule; onChange: (act: SafetyRule['act']) => void }) {
  const t = procedureStrings.useText();
  const { procedure, mayEdit } = useEditor();
  const { act } = rule;
  return (
    <Group gap="sm" align="flex-end">
      <Select
        label={t('nobodyMay')}
        w={150}
        disabled={!mayEdit}
        allowDeselect={false}
        value={act.kind}
        data={ACTS.map((kind) => ({ value: kind, label: t(`act_${kind}`) }))}
        onChange={(chosen) => {
          const kind = ACTS.find((one) => one === chosen) ?? 'grab';
          const [thing, control] = [procedure.workplace.things[0], procedure.workplace.controls[0]];
          if (kind === 'set')
            onChange({ kind, control: act.kind === 'set' ? act.control : (control?.id ?? NO_CONTROL) });
          else onChange({ kind, thing: act.kind === 'set' ? (thing?.id ?? NO_THING) : act.thing });
        }}
      />
      {act.kind === 'set' ? (
        <Pick
          list="controls"
          label={t('control')}
          value={act.control}
          onChange={(id) => onChange({ kind: 'set', control: ControlId.parse(id) })}
        />
      ) : (
        <Pick
          list="things"
          label={t('part')}
          value={act.thing}
          onChange={(id) => onChange({ ...act, thing: ThingId.parse(id) })}
        />
      )}
    </Group>
  );
}

/** Marked as not chosen, in the field and by the check. */
const NO_CONTROL = ControlId.parse('not-chosen');
const NO_THING = ThingId.parse('not-chosen');

function RuleSteps({ rule, onChange }: { rule: SafetyRule; onChange: (steps: SafetyRule['steps']) => void }) {
  const t = procedureStrings.useText();
  const { procedure, say, mayEdit } = useEditor();
  const counted = numbers(procedure);
  const data = [...stepsOf(procedure)].map(({ step }) => ({
    value: step.id as string,
    label: t('stepNamed', { n: counted.get(step.id) ?? 0, title: say.text(step.title) || t('untitledStep') }),
  }));
  return (
    <MultiSelect
      label={t('inSteps')}
      placeholder={rule.steps === null ? t('duringAllSteps') : ''}
      searchable
      clearable
      disabled={!mayEdit}
      data={data}
      value={[...(rule.steps ?? [])]}
      onChange={(ids) => onChange(ids.length === 0 ? null : ids.map((id) => StepId.parse(id)))}
    />
  );
}

function Points() {
  const t = procedureStrings.useText();
  const { procedure, edit, mayEdit } = useEditor();
  const { rubric } = procedure;
  const put = (key: string, change: (rubric: Rubric) => Rubric) =>
    edit((now) => ({ ...now, rubric: change(now.rubric) }), `rubric.${key}`);
  const whole = (points: number | undefined, least = 0) => Math.min(100_000, Math.max(least, Math.round(points ?? 0)));
  return (
    <section aria-label={t('rating')}>
      <Title order={2} size="h3">
        {t('rating')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('ratingText')}
      </Text>
      <Group gap="sm" mb="md" align="flex-end" data-at={AT_POINTS}>
        <NumberField
          label={t('fullPoints')}
          value={rubric.full}
          min={1}
          onChange={(points) => put('full', (one) => ({ ...one, full: whole(points, 1) }))}
        />
        <NumberField
          label={t('passMark')}
          value={rubric.passMark}
          min={0}
          onChange={(points) => put('pass', (one) => ({ ...one, passMark: whole(points) }))}
        />
        <SecondsField
          label={t('targetTime')}
          value={rubric.time.targetMs}
          onChange={(targetMs) => put('target', (one) => ({ ...one, time: { ...one.time, targetMs } }))}
        />
        <NumberField
          label={t('perSecondBeyond')}
          value={rubric.time.perSecond}
          min={0}
          onChange={(points) => put('second', (one) => ({ ...one, time: { ...one.time, perSecond: whole(points) } }))}
        />
        <NumberField
          label={t('timeAtMost')}
          value={rubric.time.atMost}
          min={0}
          onChange={(points) => put('timeMost', (one) => ({ ...one, time: { ...one.time, atMost: whole(points) } }))}
        />
      </Group>
      <Table.ScrollContainer minWidth={420}>
        <Table withRowBorders aria-label={t('costOfErrors')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('error')}</Table.Th>
              <Table.Th>{t('costsEach')}</Table.Th>
              <Table.Th>{t('costsAtMost')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {ERROR_KINDS.map((kind) => {
              const cost = rubric.errors[kind];
              const change = (next: Partial<typeof cost>) =>
                put(kind, (one) => ({ ...one, errors: { ...one.errors, [kind]: { ...one.errors[kind], ...next } } }));
              return (
                <Table.Tr key={kind}>
                  <Table.Td>{t(`error_${kind}`)}</Table.Td>
                  <Table.Td>
                    <NumberField
                      label={t('costsEach')}
                      isLabelHidden
                      value={cost.points}
                      min={0}
                      onChange={(points) => change({ points: whole(points) })}
                    />
                  </Table.Td>
                  <Table.Td>
                    <NumberField
                      label={t('costsAtMost')}
                      isLabelHidden
                      value={cost.atMost ?? undefined}
                      placeholder={t('noLimit')}
                      min={0}
                      onChange={(points) => change({ atMost: points === undefined ? null : whole(points) })}
                    />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group gap="sm" mt="md" align="flex-end">
        <NumberField
          label={t('perToleranceOff')}
          value={rubric.perToleranceOff}
          min={0}
          onChange={(points) => put('tolerance', (one) => ({ ...one, perToleranceOff: whole(points) }))}
        />
        <SecondsField
          label={t('findFaultWithin')}
          value={rubric.faults.findWithinMs}
          onChange={(findWithinMs) => put('find', (one) => ({ ...one, faults: { ...one.faults, findWithinMs } }))}
        />
        {(['perSecondLate', 'atMostLate', 'notFound', 'notDiagnosed'] as const).map((key) => (
          <NumberField
            key={key}
            label={t(`fault_${key}`)}
            value={rubric.faults[key]}
            min={0}
            onChange={(points) => put(key, (one) => ({ ...one, faults: { ...one.faults, [key]: whole(points) } }))}
          />
        ))}
      </Group>
      {mayEdit && (
        <Text size="xs" c="dimmed" mt="sm">
          {t('ratingVersion', { n: rubric.version })}
        </Text>
      )}
    </section>
  );
}
