import { Alert, Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project } from '#protocol/api/index';
import type { StationGauge, StationTool, StationView } from '#protocol/api/guidance';
import { UNITS, unitWord, type Unit } from '#protocol/procedures/index';
import { CidText, ProblemNotice, shared } from '../../ui/index.ts';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { RemoveRow } from './plan-fields.tsx';
import { guidanceStrings } from './strings.ts';

/** Shown once. */
export function Password({ value }: { readonly value: string }) {
  const t = guidanceStrings.useText();
  return (
    <Alert title={t('password')} color="gray">
      <Text size="sm" mb={6}>
        {t('passwordOnce')}
      </Text>
      <CidText value={value} keep={null} label={t('password')} />
    </Alert>
  );
}

const DAY_MS = 86_400_000;
const plainTool = ({ device, line, serial, calibratedUntil }: StationTool): StationTool => ({
  device,
  line,
  serial,
  calibratedUntil,
});
const plainGauge = ({ device, unit, source }: StationGauge): StationGauge => ({ device, unit, source });

interface DialogProps {
  readonly project: Project;
  /** Null: a new one. */
  readonly station: StationView | null;
  readonly onClose: () => void;
}

/** What stands at a station: tools with their calibration, and instruments. */
export function StationDialog({ project, station, onClose }: DialogProps) {
  const t = guidanceStrings.useText();
  const words = shared.useText();
  const queries = useQueryClient();
  const [name, setName] = useState(station?.name ?? '');
  const [tools, setTools] = useState<readonly StationTool[]>(station?.tools.map(plainTool) ?? []);
  const [gauges, setGauges] = useState<readonly StationGauge[]>(station?.gauges.map(plainGauge) ?? []);
  const [password, setPassword] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: async () => {
      if (station) {
        await guidance.setUpStation(project.id, station.id, { tools: [...tools], gauges: [...gauges] });
        return null;
      }
      const made = await guidance.makeStation(project.id, { name, tools: [...tools], gauges: [...gauges] });
      return made.station.mqtt ? made.password : null;
    },
    onSuccess: async (told) => {
      await queries.invalidateQueries({ queryKey: ['stations', project.id] });
      if (told === null) onClose();
      else setPassword(told);
    },
  });
  const setTool = (at: number, change: Partial<StationTool>) =>
    setTools(tools.map((one, n) => (n === at ? { ...one, ...change } : one)));
  const setGauge = (at: number, change: Partial<StationGauge>) =>
    setGauges(gauges.map((one, n) => (n === at ? { ...one, ...change } : one)));
  if (password !== null)
    return (
      <Modal opened onClose={onClose} title={name}>
        <Stack>
          <Password value={password} />
          <Button onClick={onClose}>{words('close')}</Button>
        </Stack>
      </Modal>
    );
  return (
    <Modal opened onClose={onClose} title={station?.name ?? t('newStation')} size="xl">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {!station && (
            <TextInput
              data-autofocus
              label={t('name')}
              required
              maxLength={80}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
          )}
          <fieldset className={css['fieldset']}>
            <legend>{t('tools')}</legend>
            <Stack gap="sm">
              {tools.map((tool, at) => (
                <ToolFields
                  key={at}
                  tool={tool}
                  onChange={(change) => setTool(at, change)}
                  onRemove={() => setTools(tools.filter((_, n) => n !== at))}
                />
              ))}
              <Button
                variant="default"
                w="fit-content"
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() =>
                  setTools([...tools, { device: '', line: { kind: 'mqtt' }, serial: null, calibratedUntil: null }])
                }
              >
                {t('addTool')}
              </Button>
            </Stack>
          </fieldset>
          <fieldset className={css['fieldset']}>
            <legend>{t('gauges')}</legend>
            <Stack gap="sm">
              {gauges.map((gauge, at) => (
                <GaugeFields
                  key={at}
                  gauge={gauge}
                  onChange={(change) => setGauge(at, change)}
                  onRemove={() => setGauges(gauges.filter((_, n) => n !== at))}
                />
              ))}
              <Button
                variant="default"
                w="fit-content"
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() =>
                  setGauges([...gauges, { device: '', unit: 'bar', source: { kind: 'mqtt', topic: '', path: '$' } }])
                }
              >
                {t('addGauge')}
              </Button>
            </Stack>
          </fieldset>
          {save.error && <ProblemNotice thrown={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {words('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldsProps<T> {
  readonly onChange: (change: Partial<T>) => void;
  readonly onRemove: () => void;
}

function ToolFields({ tool, onChange, onRemove }: FieldsProps<StationTool> & { readonly tool: StationTool }) {
  const t = guidanceStrings.useText();
  const { line } = tool;
  return (
    <div className={css['grid']}>
      <TextInput
        label={t('device')}
        required
        maxLength={80}
        value={tool.device}
        onChange={({ currentTarget }) => onChange({ device: currentTarget.value })}
      />
      <Select
        label={t('line')}
        allowDeselect={false}
        value={line.kind}
        data={[
          { value: 'mqtt', label: 'MQTT' },
          { value: 'openProtocol', label: 'Open Protocol' },
        ]}
        onChange={(kind) =>
          onChange({ line: kind === 'openProtocol' ? { kind, host: '', port: 4545 } : { kind: 'mqtt' } })
        }
      />
      {line.kind === 'openProtocol' && (
        <>
          <TextInput
            label={t('host')}
            required
            value={line.host}
            onChange={({ currentTarget }) => onChange({ line: { ...line, host: currentTarget.value } })}
          />
          <NumberInput
            label={t('port')}
            min={1}
            max={65_535}
            value={line.port}
            onChange={(port) => onChange({ line: { ...line, port: Number(port) } })}
          />
        </>
      )}
      <TextInput
        label={t('toolSerial')}
        maxLength={80}
        value={tool.serial ?? ''}
        onChange={({ currentTarget }) => onChange({ serial: currentTarget.value || null })}
      />
      <TextInput
        type="date"
        label={t('calibratedUntil')}
        value={tool.calibratedUntil === null ? '' : new Date(tool.calibratedUntil).toISOString().slice(0, 10)}
        onChange={({ currentTarget }) => {
          const day = Date.parse(currentTarget.value);
          // The whole day counts.
          onChange({ calibratedUntil: Number.isNaN(day) ? null : day + DAY_MS - 1 });
        }}
      />
      <RemoveRow what={tool.device} onRemove={onRemove} />
    </div>
  );
}

function GaugeFields({ gauge, onChange, onRemove }: FieldsProps<StationGauge> & { readonly gauge: StationGauge }) {
  const t = guidanceStrings.useText();
  const { source } = gauge;
  return (
    <div className={css['grid']}>
      <TextInput
        label={t('device')}
        required
        maxLength={80}
        value={gauge.device}
        onChange={({ currentTarget }) => onChange({ device: currentTarget.value })}
      />
      <Select
        label={t('unit')}
        allowDeselect={false}
        searchable
        value={gauge.unit}
        data={Object.keys(UNITS).map((unit) => ({ value: unit, label: unitWord(unit) || unit }))}
        onChange={(unit) => unit && onChange({ unit: unit as Unit })}
      />
      <Select
        label={t('source')}
        allowDeselect={false}
        value={source.kind}
        data={[
          { value: 'mqtt', label: 'MQTT' },
          { value: 'machine', label: t('simulatedMachine') },
        ]}
        onChange={(kind) =>
          onChange({
            source:
              kind === 'machine'
                ? { kind, room: '' as never, sensor: '' as never }
                : { kind: 'mqtt', topic: '', path: '$' },
          })
        }
      />
      {source.kind === 'mqtt' ? (
        <>
          <TextInput
            label={t('topic')}
            required
            value={source.topic}
            onChange={({ currentTarget }) => onChange({ source: { ...source, topic: currentTarget.value } })}
          />
          <TextInput
            label={t('path')}
            value={source.path}
            onChange={({ currentTarget }) => onChange({ source: { ...source, path: currentTarget.value } })}
          />
        </>
      ) : (
        <>
          <TextInput
            label={t('trainingRoom')}
            required
            value={source.room}
            onChange={({ currentTarget }) =>
              onChange({ source: { ...source, room: currentTarget.value as typeof source.room } })
            }
          />
          <TextInput
            label={t('sensor')}
            required
            value={source.sensor}
            onChange={({ currentTarget }) =>
              onChange({ source: { ...source, sensor: currentTarget.value as typeof source.sensor } })
            }
          />
        </>
      )}
      <RemoveRow what={gauge.device} onRemove={onRemove} />
    </div>
  );
}
