import { Button, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconPlus } from '@tabler/icons-react';
import { branchesOf, type Procedure, type Step } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { addBranch, BODY_KINDS, removeBranch, withKind, type BodyKind, type BranchWords } from '../model/bodies.ts';
import { withChapter, withStep } from '../model/edits.ts';
import { procedureStrings } from '../strings.ts';
import { RemoveButton } from './condition-fields.tsx';
import { NumberField } from './pickers.tsx';
import css from './steps-view.module.css';
import { TextFields } from './text-fields.tsx';

/** What a step is: work, or a frame around steps that stand inside it. */
export function StepKind({ step }: { step: Step }) {
  const t = procedureStrings.useText();
  const { procedure, edit, mayEdit } = useEditor();
  const { body } = step;
  const texts = (words: string) => Object.fromEntries(procedure.languages.map((language) => [language, words]));
  const words: BranchWords = { branch: (n) => texts(t('branchNumber', { n })), step: texts(t('newStep')) };
  const chapters = branchesOf(body).map((id) => procedure.subchapters.find((chapter) => chapter.id === id));
  const isMany = body.kind === 'parallel' || body.kind === 'random';
  const change = (next: (one: Step) => Step) => edit((now) => withStep(now, step.id, next));
  return (
    <Stack gap="sm" mt="md">
      <Select
        label={t('kindOfStep')}
        data={BODY_KINDS.map((kind) => ({ value: kind, label: t(`kind_${kind}`) }))}
        value={body.kind}
        allowDeselect={false}
        disabled={!mayEdit}
        onChange={(kind) => kind && edit((now) => withKind(now, step.id, kind as BodyKind, words))}
      />
      {body.kind === 'end' && (
        <Radio.Group
          label={t('endsAs')}
          value={body.outcome}
          onChange={(outcome) =>
            change((one) => ({
              ...one,
              body: { kind: 'end', outcome: outcome === 'failed' ? 'failed' : 'completed' },
            }))
          }
        >
          <Group mt={4}>
            <Radio value="completed" label={t('run_completed')} disabled={!mayEdit} />
            <Radio value="failed" label={t('run_failed')} disabled={!mayEdit} />
          </Group>
        </Radio.Group>
      )}
      {chapters.map(
        (chapter, at) =>
          chapter && (
            <div key={chapter.id} className={css['way']} role="group" aria-label={t('branchNumber', { n: at + 1 })}>
              <Group gap={4} align="flex-end" wrap="nowrap">
                <div style={{ flex: 1 }}>
                  <TextFields
                    label={body.kind === 'group' ? t('chapterTitle') : t('branchNumber', { n: at + 1 })}
                    value={chapter.title}
                    onChange={(title) =>
                      edit((now) => withChapter(now, chapter.id, (one) => ({ ...one, title })), `branch.${chapter.id}`)
                    }
                  />
                </div>
                {body.kind === 'random' && (
                  <NumberField
                    label={t('weight')}
                    value={body.branches[at]!.weight}
                    min={1}
                    onChange={(weight) => edit((now) => withWeight(now, step.id, chapter.id, weight))}
                  />
                )}
                {isMany && chapters.length > 1 && mayEdit && (
                  <RemoveButton
                    label={t('removeBranch', { n: at + 1 })}
                    onClick={() => edit((now) => removeBranch(now, step.id, chapter.id))}
                  />
                )}
              </Group>
              <InsideButton chapter={chapter} />
            </div>
          ),
      )}
      {isMany && (
        <Group gap="sm" align="flex-end">
          {mayEdit && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => edit((now) => addBranch(now, step.id, words))}
            >
              {t('addBranch')}
            </Button>
          )}
          {body.kind === 'parallel' && (
            <Select
              label={t('doneWhen')}
              disabled={!mayEdit}
              value={body.needed === null ? 'all' : String(body.needed)}
              allowDeselect={false}
              data={[
                { value: 'all', label: t('allBranches') },
                ...chapters
                  .slice(1)
                  .map((_, n) => ({ value: String(n + 1), label: t('someBranches', { count: n + 1 }) })),
              ]}
              onChange={(needed) =>
                change((one) => ({
                  ...one,
                  body:
                    one.body.kind === 'parallel'
                      ? { ...one.body, needed: needed === null || needed === 'all' ? null : Number(needed) }
                      : one.body,
                }))
              }
            />
          )}
        </Group>
      )}
    </Stack>
  );
}

function InsideButton({ chapter }: { chapter: Procedure['subchapters'][number] }) {
  const t = procedureStrings.useText();
  const { select } = useEditor();
  return (
    <Group gap="xs" mt="xs">
      <Text size="sm" c="dimmed">
        {t('stepCount', { count: chapter.steps.length })}
      </Text>
      <Button
        size="compact-xs"
        variant="default"
        rightSection={<IconArrowRight size={14} aria-hidden />}
        onClick={() => select(chapter.first)}
      >
        {t('goInside')}
      </Button>
    </Group>
  );
}

const withWeight = (procedure: Procedure, step: string, chapter: string, weight: number | undefined): Procedure =>
  withStep(procedure, step, (one) =>
    one.body.kind !== 'random'
      ? one
      : {
          ...one,
          body: {
            ...one.body,
            branches: one.body.branches.map((branch) =>
              branch.chapter === chapter
                ? { ...branch, weight: Math.min(1000, Math.max(1, Math.round(weight ?? 1))) }
                : branch,
            ),
          },
        },
  );
