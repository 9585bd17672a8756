import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { ToolId, type Thing } from '#protocol/procedures/index';
import { IDENTITY_POSE } from '#protocol/spatial/index';
import { useEditor } from '../editor-context.tsx';
import { freshId } from '../model/edits.ts';
import { procedureStrings } from '../strings.ts';
import { RemoveButton } from './condition-fields.tsx';
import { PickMany } from './pickers.tsx';
import { PoseFields } from './pose-fields.tsx';
import css from './steps-view.module.css';
import { SymmetryFields } from './symmetry-fields.tsx';
import { TextFields } from './text-fields.tsx';

const KINDS = ['part', 'fastener', 'equipment', 'protection'] as const;

/** Something that people take in hand: what it is, how it may lie, and the places on it that steps talk about. */
export function ThingFields({ value, onChange }: { value: Thing; onChange: (thing: Thing, key?: string) => void }) {
  const t = procedureStrings.useText();
  const { mayEdit, parts } = useEditor();
  const part = parts.find(({ id }) => id === value.part);
  return (
    <Stack gap="sm">
      <TextFields label={t('name')} value={value.name} onChange={(name) => onChange({ ...value, name }, 'name')} />
      <Group gap="sm" align="flex-end">
        <Select
          label={t('kindOfThing')}
          w={200}
          disabled={!mayEdit}
          allowDeselect={false}
          value={value.kind}
          data={KINDS.map((kind) => ({ value: kind, label: t(`thing_${kind}`) }))}
          onChange={(kind) => kind && onChange({ ...value, kind: kind as Thing['kind'] })}
        />
        <Checkbox
          label={t('isFixed')}
          mb={8}
          disabled={!mayEdit}
          checked={value.isFixed}
          onChange={({ currentTarget: { checked } }) => onChange({ ...value, isFixed: checked })}
        />
      </Group>
      <Text size="sm" c="dimmed">
        {value.part === null ? t('notInDesign') : part ? t('isInDesign', { part: part.name }) : t('inDesign')}
      </Text>
      <SymmetryFields value={value.symmetry} onChange={(symmetry) => onChange({ ...value, symmetry })} />
      <PickMany
        list="tools"
        label={t('toolsAllowed')}
        value={value.tools}
        mayBeEmpty
        onChange={(ids) => onChange({ ...value, tools: ids.map((id) => ToolId.parse(id)) })}
      />
      <Checkbox
        label={t('startsElsewhere')}
        disabled={!mayEdit}
        checked={value.poseInRoom !== null}
        onChange={({ currentTarget: { checked } }) =>
          onChange({ ...value, poseInRoom: checked ? (part?.poseInRoom ?? IDENTITY_POSE) : null })
        }
      />
      {value.poseInRoom && (
        <PoseFields value={value.poseInRoom} onChange={(poseInRoom) => onChange({ ...value, poseInRoom }, 'pose')} />
      )}
      <div>
        <Text size="sm" fw={500}>
          {t('frames')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('framesText')}
        </Text>
      </div>
      {value.frames.map((frame) => (
        <div key={frame.id} className={css['way']} role="group" aria-label={frame.id}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" ff="monospace">
              {frame.id}
            </Text>
            {mayEdit && (
              <RemoveButton
                label={t('removeNamed', { what: frame.id })}
                onClick={() => onChange({ ...value, frames: value.frames.filter((one) => one !== frame) })}
              />
            )}
          </Group>
          <PoseFields
            value={frame.poseInThing}
            onChange={(poseInThing) =>
              onChange(
                { ...value, frames: value.frames.map((one) => (one.id === frame.id ? { ...one, poseInThing } : one)) },
                `frame.${frame.id}`,
              )
            }
          />
        </div>
      ))}
      {mayEdit && value.frames.length < 50 && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            const taken = value.frames.map(({ id }) => id);
            onChange({
              ...value,
              frames: [...value.frames, { id: freshId(taken, 'seat'), poseInThing: IDENTITY_POSE }],
            });
          }}
        >
          {t('addFrame')}
        </Button>
      )}
    </Stack>
  );
}
