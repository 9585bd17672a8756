import { ActionIcon, Anchor, Button, Group, NumberInput, Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconPlus, IconPointer } from '@tabler/icons-react';
import { useState } from 'react';
import { mostEdgeMm, TAG_COUNT, type PlacedMarker } from '#protocol/alignment/index';
import type { StationView } from '#protocol/api/guidance';
import { markersAt, type JobPlan } from '#protocol/guidance/index';
import { currentLanguage, noticeProblem } from '../../ui/index.ts';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { MarkerPicker } from './marker-picker.tsx';
import { FACINGS, facingOf, nextMarker, turned, withMarkers, type Facing } from './plan-draft.ts';
import { RemoveRow } from './plan-fields.tsx';
import { guidanceStrings } from './strings.ts';

interface Props {
  /** Its design can be pointed at. */
  readonly room: string;
  readonly plan: JobPlan;
  readonly stations: readonly StationView[];
  readonly change: (part: Partial<JobPlan>) => void;
}

/** Millimetres to a tenth, and no minus before nothing. */
const toTenths = (mm: number): number => Math.round(mm * 10) / 10 + 0;
const AXES = ['x', 'y', 'z'] as const;
const numberIn = ({ code }: PlacedMarker): number => Number(/^36h11\/(\d+)$/.exec(code)?.[1] ?? Number.NaN);

/** Where each sheet stands on the product, by station: what is measured there with a ruler from the product's own origin. */
export function MarkerFields({ room, plan, stations, change }: Props) {
  const t = guidanceStrings.useText();
  const names = [
    ...new Set([...stations.map(({ name }) => name), ...(plan.markers ?? []).map(({ station }) => station)]),
  ];
  const [chosen, setChosen] = useState<string | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const station = chosen ?? names[0] ?? null;
  if (station === null) return null;
  const map = markersAt(plan, station);
  const markers = map?.markers ?? [];
  const printable = markers
    .map((marker) => ({ id: numberIn(marker), edgeMm: toTenths(marker.sizeM * 1000) }))
    .filter(({ id, edgeMm }) => !Number.isNaN(id) && edgeMm <= mostEdgeMm('a3'));
  const paper = printable.some(({ edgeMm }) => edgeMm > mostEdgeMm('a4')) ? 'a3' : 'a4';
  const put = (next: readonly PlacedMarker[]) => {
    const { markers: maps = [] } = withMarkers(plan, station, next);
    change({ markers: maps });
  };
  const set = (at: number, marker: PlacedMarker) => put(markers.map((one, n) => (n === at ? marker : one)));
  const add = () => {
    try {
      put([...markers, nextMarker(plan, stations.find(({ name }) => name === station)?.firstTag)]);
    } catch (thrown) {
      noticeProblem(thrown);
    }
  };
  return (
    <fieldset className={css['fieldset']}>
      <legend>{t('markers')}</legend>
      <Text size="sm" c="dimmed" mb="sm">
        {t('markersText')}
      </Text>
      <Stack gap="sm">
        <Select
          label={t('station')}
          w={260}
          allowDeselect={false}
          data={names}
          value={station}
          onChange={(name) => setChosen(name)}
        />
        {markers.map((marker, at) => (
          <div key={at} className={css['grid']}>
            <NumberInput
              label={t('tagNumber')}
              min={0}
              max={TAG_COUNT - 1}
              value={Number.isNaN(numberIn(marker)) ? '' : numberIn(marker)}
              placeholder={marker.code}
              onChange={(number) => number !== '' && set(at, { ...marker, code: `36h11/${number}` })}
            />
            <NumberInput
              label={t('tagEdge')}
              suffix=" mm"
              min={5}
              max={2000}
              value={toTenths(marker.sizeM * 1000)}
              onChange={(mm) => Number(mm) > 0 && set(at, { ...marker, sizeM: Number(mm) / 1000 })}
            />
            {AXES.map((axis, n) => (
              <NumberInput
                key={axis}
                label={t(`axis_${axis}`)}
                suffix=" mm"
                decimalScale={1}
                value={toTenths(marker.poseInProduct.position[n]! * 1000)}
                onChange={(mm) => {
                  const position = [...marker.poseInProduct.position] as [number, number, number];
                  position[n] = Number(mm) / 1000;
                  set(at, { ...marker, poseInProduct: { ...marker.poseInProduct, position } });
                }}
              />
            ))}
            <Select
              label={t('facing')}
              allowDeselect={false}
              placeholder={t('askew')}
              data={FACINGS.map((value) => ({ value, label: t(`facing_${value}`) }))}
              value={facingOf(marker)}
              onChange={(facing) => facing && set(at, turned(marker, facing as Facing))}
            />
            <Group gap={4} wrap="nowrap">
              <Tooltip label={t('pick')}>
                <ActionIcon
                  aria-label={`${t('pick')}: ${marker.code}`}
                  color="gray"
                  size="lg"
                  onClick={() => setPointed(at)}
                >
                  <IconPointer size={18} stroke={1.7} />
                </ActionIcon>
              </Tooltip>
              <RemoveRow what={marker.code} onRemove={() => put(markers.filter((_, n) => n !== at))} />
            </Group>
          </div>
        ))}
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            {t('addMarker')}
          </Button>
          {printable.length > 0 && (
            <Anchor
              size="sm"
              target="_blank"
              rel="noreferrer"
              href={guidance.sheetUrl({
                station,
                paper,
                marks: printable.map(({ id, edgeMm }) => `${id}:${edgeMm}`).join(','),
                language: currentLanguage(),
              })}
            >
              {t('printMarkers')}
            </Anchor>
          )}
        </Group>
      </Stack>
      {pointed !== null && markers[pointed] && (
        <MarkerPicker
          room={room}
          onClose={() => setPointed(null)}
          onPick={(poseInProduct) => {
            set(pointed, { ...markers[pointed]!, poseInProduct });
            setPointed(null);
          }}
        />
      )}
    </fieldset>
  );
}
