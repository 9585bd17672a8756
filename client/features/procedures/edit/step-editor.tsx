import { Accordion, Button, Checkbox, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { RoleId, StationId, stepMap, StepId, type Step } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { numbers } from '../model/diff-words.ts';
import { chapterOf, withStep } from '../model/edits.ts';
import { newWay } from '../model/ways.ts';
import { procedureStrings } from '../strings.ts';
import { BehaviourList } from './behaviour-list.tsx';
import { RemoveButton } from './condition-fields.tsx';
import { ConditionList } from './condition-list.tsx';
import { NumberField } from './pickers.tsx';
import { RetryFields } from './retry-fields.tsx';
import { StepKind } from './step-kind.tsx';
import css from './steps-view.module.css';
import { TextFields } from './text-fields.tsx';

/** In the way selector: the chapter is over. */
const END = '';

/** One step: what people read, how it is seen to be done, what it shows. */
export function StepEditor() {
  const t = procedureStrings.useText();
  const { procedure, selected, say, edit, mayEdit } = useEditor();
  const found = stepMap(procedure).get(StepId.parse(selected));
  if (!found) return null;
  const { step } = found;
  const counted = numbers(procedure);
  const targets = [
    ...(chapterOf(procedure, step.id)?.steps ?? []).map((one) => ({
      value: one.id as string,
      label: t('stepNamed', { n: counted.get(one.id) ?? 0, title: say.text(one.title) || t('untitledStep') }),
    })),
    { value: END, label: t('endOfChapter') },
  ];
  const change = (next: (step: Step) => Step, key?: string) =>
    edit((one) => withStep(one, selected, next), key && `${selected}.${key}`);
  return (
    <section aria-label={t('stepNamed', { n: numbers(procedure).get(selected) ?? 0, title: say.text(step.title) })}>
      <Stack gap="sm">
        <Title order={2} size="h3">
          {t('stepNamed', {
            n: numbers(procedure).get(selected) ?? 0,
            title: say.text(step.title) || t('untitledStep'),
          })}
        </Title>
        <TextFields
          label={t('stepTitle')}
          value={step.title}
          onChange={(title) => change((one) => ({ ...one, title }), 'title')}
        />
        <TextFields
          isLong
          label={t('instruction')}
          value={step.instruction}
          onChange={(instruction) => change((one) => ({ ...one, instruction }), 'instruction')}
        />
      </Stack>
      {step.body.kind !== 'ordinary' && <StepKind step={step} />}
      {step.body.kind !== 'end' && <Ways step={step} change={change} targets={targets} />}
      <div className={css['section']}>
        <div className={css['sectionHead']}>
          <Title order={3} size="h4">
            {t('whatHelps')}
          </Title>
        </div>
        <BehaviourList
          value={step.behaviours}
          onChange={(behaviours) => change((one) => ({ ...one, behaviours }), 'behaviours')}
        />
      </div>
      <Accordion mt="lg" variant="contained">
        <Accordion.Item value="more">
          <Accordion.Control>{t('more')}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              {step.body.kind === 'ordinary' && <StepKind step={step} />}
              <Checkbox
                label={t('isOptional')}
                disabled={!mayEdit}
                checked={step.isOptional}
                onChange={({ currentTarget: { checked } }) => change((one) => ({ ...one, isOptional: checked }))}
              />
              <Checkbox
                label={t('unlocksNeeded')}
                disabled={!mayEdit}
                checked={step.unlocks.needed}
                onChange={({ currentTarget: { checked } }) =>
                  change((one) => ({ ...one, unlocks: { ...one.unlocks, needed: checked } }))
                }
              />
              <Group gap="sm" align="flex-end">
                <NumberField
                  label={t('timeLimit')}
                  suffix="s"
                  scale={0.001}
                  value={step.timeLimitMs ?? undefined}
                  onChange={(ms) => change((one) => ({ ...one, timeLimitMs: ms && ms >= 100 ? Math.round(ms) : null }))}
                />
                <Select
                  label={t('doneBy')}
                  clearable
                  disabled={!mayEdit}
                  placeholder={t('anybody')}
                  value={step.role}
                  data={procedure.workplace.roles.map(({ id, name }) => ({
                    value: id as string,
                    label: say.text(name) || id,
                  }))}
                  onChange={(role) => change((one) => ({ ...one, role: role === null ? null : RoleId.parse(role) }))}
                />
                <Select
                  label={t('atStation')}
                  clearable
                  disabled={!mayEdit}
                  placeholder={t('anywhere')}
                  value={step.station}
                  data={procedure.workplace.stations.map(({ id, name }) => ({
                    value: id as string,
                    label: say.text(name) || id,
                  }))}
                  onChange={(station) =>
                    change((one) => ({ ...one, station: station === null ? null : StationId.parse(station) }))
                  }
                />
              </Group>
              <RetryFields
                value={step.retry}
                targets={targets}
                onChange={(retry) => change((one) => ({ ...one, retry }))}
              />
              {step.hints.map((hint, at) => (
                <Group key={at} gap={4} align="flex-end" wrap="nowrap">
                  <div style={{ flex: 1 }}>
                    <TextFields
                      label={t('hintNumber', { n: at + 1 })}
                      value={hint}
                      onChange={(text) =>
                        change(
                          (one) => ({ ...one, hints: one.hints.map((old, index) => (index === at ? text : old)) }),
                          `hint.${at}`,
                        )
                      }
                    />
                  </div>
                  <RemoveButton
                    onClick={() => change((one) => ({ ...one, hints: one.hints.filter((_, index) => index !== at) }))}
                  />
                </Group>
              ))}
              {mayEdit && step.hints.length < 10 && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="gray"
                  style={{ alignSelf: 'flex-start' }}
                  leftSection={<IconPlus size={16} aria-hidden />}
                  onClick={() => change((one) => ({ ...one, hints: [...one.hints, {}] }))}
                >
                  {t('addHint')}
                </Button>
              )}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </section>
  );
}

interface WaysProps {
  readonly step: Step;
  /** Where they may lead. */
  readonly targets: { value: string; label: string }[];
  readonly change: (next: (step: Step) => Step, key?: string) => void;
}

/** The ways out, in the order in which they are looked at: the first whose conditions all hold wins. */
function Ways({ step, change, targets }: WaysProps) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  return (
    <div className={css['section']}>
      <div className={css['sectionHead']}>
        <Title order={3} size="h4">
          {t('whenDone')}
        </Title>
        {mayEdit && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() =>
              change((one) => ({
                ...one,
                transitions: [...one.transitions, newWay(one.transitions, null)],
              }))
            }
          >
            {t('addWay')}
          </Button>
        )}
      </div>
      {step.transitions.map((way, at) => (
        <div key={way.id} className={css['way']}>
          {way.conditions.length === 0 && (
            <Text size="sm" c="dimmed" mb="xs">
              {t('noCondition')}
            </Text>
          )}
          <ConditionList
            value={way.conditions}
            onChange={(conditions) =>
              change(
                (one) => ({
                  ...one,
                  transitions: one.transitions.map((old) => (old.id === way.id ? { ...old, conditions } : old)),
                }),
                `way.${way.id}.${conditions.length}`,
              )
            }
          />
          <Group mt="sm" gap="xs" align="flex-end" wrap="nowrap">
            <Select
              style={{ flex: 1 }}
              label={t(step.transitions.length > 1 ? 'wayLeadsTo' : 'leadsTo', { n: at + 1 })}
              data={targets}
              value={way.to ?? END}
              allowDeselect={false}
              searchable
              disabled={!mayEdit}
              onChange={(to) =>
                to !== null &&
                change((one) => ({
                  ...one,
                  transitions: one.transitions.map((old) =>
                    old.id === way.id ? { ...old, to: to === END ? null : StepId.parse(to) } : old,
                  ),
                }))
              }
            />
            {step.transitions.length > 1 && (
              <RemoveButton
                label={t('removeWay', { n: at + 1 })}
                onClick={() =>
                  change((one) => ({ ...one, transitions: one.transitions.filter(({ id }) => id !== way.id) }))
                }
              />
            )}
          </Group>
        </div>
      ))}
    </div>
  );
}
