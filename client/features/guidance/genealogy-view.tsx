import { Anchor, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconBinaryTree, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { z } from 'zod';
import type { PartsOfProduct } from '#protocol/api/guidance';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, EmptyState, ProblemNotice, useQuantities, Wait } from '../../ui/index.ts';
import { guidance } from './guidance.ts';
import css from './guidance.module.css';
import { guidanceStrings } from './strings.ts';

type Part = z.output<typeof PartsOfProduct>['parts'][number];
const WAYS = ['product', 'serial', 'lot'] as const;
type Way = (typeof WAYS)[number];
interface Asked {
  readonly way: Way;
  readonly value: string;
}

/** What is in a product, down to parts that are products themselves; and where a piece or a lot went. */
export function GenealogyView({ project }: { readonly project: string }) {
  const t = guidanceStrings.useText();
  const [way, setWay] = useState<Way>('product');
  const [value, setValue] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Stack maw={760}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (value.trim()) setAsked({ way, value: value.trim() });
        }}
      >
        <Group align="flex-end">
          <SegmentedControl
            aria-label={t('ask')}
            value={way}
            onChange={(next) => setWay(next as Way)}
            data={WAYS.map((one) => ({ value: one, label: t(`by_${one}`) }))}
          />
          <TextInput
            label={t(`value_${way}`)}
            value={value}
            onChange={({ currentTarget }) => setValue(currentTarget.value)}
            style={{ flex: 1, minWidth: 180 }}
          />
          <Button type="submit" leftSection={<IconSearch size={18} aria-hidden />}>
            {t('look')}
          </Button>
        </Group>
      </form>
      {asked ? (
        <Found key={`${asked.way}/${asked.value}`} project={project} asked={asked} />
      ) : (
        <EmptyState icon={<IconBinaryTree size={40} stroke={1.2} />} title={t('genealogy')} text={t('genealogyText')} />
      )}
    </Stack>
  );
}

const useParts = (project: string, way: Way, value: string) =>
  useQuery({
    queryKey: ['genealogy', project, way, value],
    queryFn: ({ signal }) => guidance.parts(project, { [way]: value }, signal),
  });

function Found({ project, asked }: { readonly project: string; readonly asked: Asked }) {
  const t = guidanceStrings.useText();
  const parts = useParts(project, asked.way, asked.value);
  if (parts.error) return <ProblemNotice thrown={parts.error} />;
  if (!parts.data) return <Wait />;
  if (parts.data.parts.length === 0)
    return <Text c="dimmed">{t(asked.way === 'product' ? 'nothingInside' : 'nothingKnown')}</Text>;
  // As it is written on the part; typed in another case it may be more than one.
  const numbers = [...new Set(parts.data.parts.map((part) => part[asked.way] ?? asked.value))];
  return (
    <Stack>
      {numbers.map((number) => {
        const own = parts.data.parts.filter((part) => part[asked.way] === number);
        return (
          <div key={number}>
            <Text fw={600}>{number}</Text>
            {asked.way === 'product' ? (
              <PartTree project={project} parts={own} above={[number]} />
            ) : (
              <>
                <Text size="sm" c="dimmed">
                  {t('isIn', { count: own.length })}
                </Text>
                <ProductTree project={project} parts={own} above={[number]} />
              </>
            )}
          </div>
        );
      })}
    </Stack>
  );
}

interface TreeProps {
  readonly project: string;
  readonly parts: readonly Part[];
  /** Against circles: nobody builds a thing into itself, but numbers are typed by people. */
  readonly above: readonly string[];
}

/** Downwards. */
function PartTree({ project, parts, above }: TreeProps) {
  return (
    <ul className={css['tree']}>
      {parts.map((part) => (
        <li key={`${part.room}/${part.thing}/${part.serial ?? part.lot ?? ''}`}>
          <PartWords part={part} />
          {part.serial !== null && !above.includes(part.serial) && (
            <Inside project={project} serial={part.serial} above={[...above, part.serial]} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Inside({ project, serial, above }: Omit<TreeProps, 'parts'> & { readonly serial: string }) {
  const inner = useParts(project, 'product', serial);
  // Only what is written alike is the same: nobody typed this.
  const parts = inner.data?.parts.filter((part) => part.product === serial) ?? [];
  return parts.length > 0 ? <PartTree project={project} parts={parts} above={above} /> : null;
}

/** Upwards. */
function ProductTree({ project, parts, above }: TreeProps) {
  const t = guidanceStrings.useText();
  return (
    <ul className={css['tree']}>
      {parts.map((part) => (
        <li key={`${part.room}/${part.thing}`}>
          <Text span fw={560}>
            {part.product}
          </Text>{' '}
          <Text span size="sm" c="dimmed">
            {t('as', { thing: titleOf(part), part: part.part })} · <Fitted part={part} />
          </Text>
          {!above.includes(part.product) && (
            <Above project={project} serial={part.product} above={[...above, part.product]} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Above({ project, serial, above }: Omit<TreeProps, 'parts'> & { readonly serial: string }) {
  const outer = useParts(project, 'serial', serial);
  const parts = outer.data?.parts.filter((part) => part.serial === serial) ?? [];
  return parts.length > 0 ? <ProductTree project={project} parts={parts} above={above} /> : null;
}

const titleOf = ({ thing, title }: Part): string => (title && textIn(title, currentLanguage(), 'en')) || thing;

/** Who put it in and when, and where that is written: the signed record, or the job that goes on. */
function Fitted({ part: { by, atMs, record, room } }: { readonly part: Part }) {
  const t = guidanceStrings.useText();
  const { dateTime } = useQuantities();
  return (
    <>
      {by !== null && atMs !== null && `${t('fittedBy', { name: by, time: dateTime(atMs) })} · `}
      {record === null ? (
        <Anchor component={Link} size="sm" to={`/room/${room}`}>
          {t('jobGoesOn')}
        </Anchor>
      ) : (
        <Anchor component={Link} size="sm" to={`/record/${record}`}>
          {t('toRecord')}
        </Anchor>
      )}
    </>
  );
}

function PartWords({ part }: { readonly part: Part }) {
  const t = guidanceStrings.useText();
  const piece = part.serial ?? (part.lot === null ? null : t('lotNamed', { lot: part.lot }));
  return (
    <>
      <Text span fw={560}>
        {part.part}
      </Text>{' '}
      <Text span size="sm" c="dimmed">
        {[piece, titleOf(part)].filter(Boolean).join(' · ')} · <Fitted part={part} />
      </Text>
    </>
  );
}
