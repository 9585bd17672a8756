import { Button, Collapse, Group, NavLink, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconSearch, IconTools } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState, noticeDone, noticeProblem } from '../../../ui/index.ts';
import { problem } from '#protocol/errors';
import { RemoveButton } from '../edit/condition-fields.tsx';
import { EntryFields } from '../edit/entry-fields.tsx';
import { AddNew, LISTS, type ListName } from '../edit/pickers.tsx';
import css from '../edit/steps-view.module.css';
import { useEditor } from '../editor-context.tsx';
import { numbers } from '../model/diff-words.ts';
import { atEntry } from '../model/finding-place.ts';
import { entriesOf, withoutEntry } from '../model/workplace.ts';
import { procedureStrings } from '../strings.ts';
import { useArrival } from '../use-arrival.ts';
import own from './workplace-view.module.css';

const SHOWN_AT_ONCE = 40;

/** All that the steps talk about, list by list: parts, tools, controls, instruments, places, people. */
export default function WorkplaceView() {
  const t = procedureStrings.useText();
  const { procedure, say, mayEdit } = useEditor();
  const [listAt, entryAt] = useArrival()?.split('/') ?? [];
  const [list, setList] = useState<ListName>(LISTS.find((one) => one === listAt) ?? 'things');
  const [open, setOpen] = useState<string | null>(entryAt ?? null);
  const [query, setQuery] = useState('');
  const reachesTo = entriesOf(procedure, list).findIndex(({ id }) => id === entryAt) + 1;
  const [limit, setLimit] = useState(Math.max(SHOWN_AT_ONCE, reachesTo));
  const nameOf = (entry: { id: string; name?: Record<string, string> }) =>
    (entry.name && say.text(entry.name)) || entry.id;
  const entries = entriesOf(procedure, list);
  const wanted = query.trim().toLowerCase();
  const found = entries.filter((entry) => nameOf(entry).toLowerCase().includes(wanted));
  const show = (next: ListName) => {
    setList(next);
    setOpen(null);
    setQuery('');
    setLimit(SHOWN_AT_ONCE);
  };
  return (
    <div className={own['columns']}>
      <nav aria-label={t('viewWorkplace')} className={own['lists']}>
        {LISTS.map((name) => (
          <NavLink
            key={name}
            component="button"
            active={name === list}
            aria-current={name === list || undefined}
            label={t(`list_${name}`)}
            rightSection={<span className="wh-figures">{entriesOf(procedure, name).length}</span>}
            onClick={() => show(name)}
          />
        ))}
      </nav>
      <section aria-label={t(`list_${list}`)}>
        <Group justify="space-between" mb="sm" align="flex-end">
          <div>
            <Title order={2} size="h3">
              {t(`list_${list}`)}
            </Title>
            <Text size="sm" c="dimmed">
              {t(`listText_${list}`)}
            </Text>
          </div>
          <Group gap="xs">
            {entries.length > 8 && (
              <TextInput
                type="search"
                aria-label={t('searchPalette')}
                placeholder={t('searchPalette')}
                leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
                value={query}
                onChange={({ currentTarget }) => setQuery(currentTarget.value)}
              />
            )}
            {mayEdit && <AddNew list={list} onAdded={setOpen} />}
          </Group>
        </Group>
        {entries.length === 0 && (
          <EmptyState
            icon={<IconTools size={28} stroke={1.5} />}
            title={t('listEmpty')}
            text={t(mayEdit ? 'listEmptyText' : 'listEmptyReadOnly')}
          />
        )}
        <Stack gap={0}>
          {found.slice(0, limit).map((entry) => (
            <Entry
              key={`${list}.${entry.id}`}
              list={list}
              id={entry.id}
              name={nameOf(entry)}
              isOpen={open === entry.id}
              onToggle={() => setOpen(open === entry.id ? null : entry.id)}
            />
          ))}
        </Stack>
        {found.length > limit && (
          <Button mt="sm" variant="default" onClick={() => setLimit(limit + SHOWN_AT_ONCE)}>
            {t('showMore', { count: found.length - limit })}
          </Button>
        )}
      </section>
    </div>
  );
}

interface EntryProps {
  readonly list: ListName;
  readonly id: string;
  readonly name: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Entry({ list, id, name, isOpen, onToggle }: EntryProps) {
  const t = procedureStrings.useText();
  const { procedure, edit, draft, mayEdit } = useEditor();
  const Arrow = isOpen ? IconChevronDown : IconChevronRight;
  const remove = () => {
    const outcome = withoutEntry(procedure, list, id);
    if ('procedure' in outcome) {
      edit(() => outcome.procedure);
      return noticeDone(t('entryRemoved', { name }), () => draft.undo());
    }
    const counted = numbers(procedure);
    const where = outcome.usedIn.map((step) => (step === null ? t('diffWhole') : (counted.get(step) ?? step)));
    noticeProblem(
      problem('procedures', 'entry_in_use', t('entryInUse', { name }), {
        facts: { where: where.join(', ') },
        next: t('entryInUseNext', { steps: where.join(t('listSeparator')) }),
      }),
    );
  };
  return (
    <div className={css['card']} data-at={atEntry(list, id)}>
      <div className={css['cardHead']}>
        <button type="button" className={css['cardSay']} aria-expanded={isOpen} onClick={onToggle}>
          <span style={{ flex: 1 }}>{name}</span>
          <Arrow size={16} color="var(--wh-text-quiet)" aria-hidden />
        </button>
        {mayEdit && <RemoveButton label={t('removeNamed', { what: name })} onClick={remove} />}
      </div>
      <Collapse expanded={isOpen}>
        {isOpen && (
          <div className={css['cardBody']}>
            <EntryFields list={list} id={id} />
          </div>
        )}
      </Collapse>
    </div>
  );
}
