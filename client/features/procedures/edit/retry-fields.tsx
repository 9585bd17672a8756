import { Checkbox, Group, Select, Stack } from '@mantine/core';
import { StepId, type Step } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { procedureStrings } from '../strings.ts';
import { NumberField } from './pickers.tsx';

type Value = Step['retry'];
/** In the selector: the end of the chapter. */
const END = '';
const FIRST: NonNullable<Value> = { attempts: 3, afterwards: { kind: 'stay' } };

/** How often a step may be tried, and what then. */
export function RetryFields({
  value,
  targets,
  onChange,
}: {
  readonly value: Value;
  /** Steps of the same chapter, and its end as ''. */
  readonly targets: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (retry: Value) => void;
}) {
  const t = procedureStrings.useText();
  const { mayEdit } = useEditor();
  return (
    <Stack gap="xs">
      <Checkbox
        label={t('limitAttempts')}
        description={t('limitAttemptsText')}
        disabled={!mayEdit}
        checked={value !== null}
        onChange={({ currentTarget: { checked } }) => onChange(checked ? FIRST : null)}
      />
      {value && (
        <Group gap="sm" align="flex-end">
          <NumberField
            label={t('attempts')}
            value={value.attempts}
            min={1}
            onChange={(count) => onChange({ ...value, attempts: Math.min(100, Math.max(1, Math.round(count ?? 1))) })}
          />
          <Select
            label={t('afterwards')}
            disabled={!mayEdit}
            allowDeselect={false}
            value={value.afterwards.kind}
            data={(['stay', 'leave', 'fail'] as const).map((kind) => ({ value: kind, label: t(`afterwards_${kind}`) }))}
            onChange={(kind) =>
              onChange({
                ...value,
                afterwards: kind === 'leave' ? { kind, to: null } : kind === 'fail' ? { kind } : { kind: 'stay' },
              })
            }
          />
          {value.afterwards.kind === 'leave' && (
            <Select
              label={t('leadsTo')}
              disabled={!mayEdit}
              allowDeselect={false}
              value={value.afterwards.to ?? END}
              data={[...targets]}
              onChange={(to) =>
                onChange({
                  ...value,
                  afterwards: { kind: 'leave', to: to === null || to === END ? null : StepId.parse(to) },
                })
              }
            />
          )}
        </Group>
      )}
    </Stack>
  );
}
