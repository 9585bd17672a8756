import { Button, Menu, ScrollArea, Text } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { procedureStrings } from '../strings.ts';

interface Props<K extends string> {
  readonly label: string;
  readonly groups: Readonly<Record<string, readonly K[]>>;
  readonly nameOf: (kind: K) => string;
  readonly groupName: (group: string) => string;
  readonly onChosen: (kind: K) => void;
}

/** What can be added, in the words of the trade; typing finds it. */
export function Palette<K extends string>({ label, groups, nameOf, groupName, onChosen }: Props<K>) {
  const t = procedureStrings.useText();
  const [isOpen, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const shown = Object.entries(groups)
    .map(([group, kinds]) => [group, kinds.filter((kind) => nameOf(kind).toLowerCase().includes(wanted))] as const)
    .filter(([, kinds]) => kinds.length > 0);
  const first = shown[0]?.[1][0];
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setQuery('');
  };
  return (
    <Menu position="bottom-start" width={300} opened={isOpen} onChange={change} trapFocus>
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={16} aria-hidden />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label={label}>
        <Menu.Search
          leftSection={<IconSearch size={16} aria-hidden />}
          placeholder={t('searchPalette')}
          aria-label={t('searchPalette')}
          value={query}
          onChange={({ currentTarget }) => setQuery(currentTarget.value)}
          // Whoever has typed what they want takes it from here.
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || wanted === '' || first === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            change(false);
            onChosen(first);
          }}
        />
        <ScrollArea.Autosize mah={340}>
          {shown.map(([group, kinds]) => (
            <div key={group}>
              <Menu.Label>{groupName(group)}</Menu.Label>
              {kinds.map((kind) => (
                <Menu.Item key={kind} onClick={() => onChosen(kind)}>
                  {nameOf(kind)}
                </Menu.Item>
              ))}
            </div>
          ))}
          {shown.length === 0 && (
            <Text size="sm" c="dimmed" p="xs">
              {t('nothingFound')}
            </Text>
          )}
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
