import { Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { shared } from '../strings/strings.ts';

/** A list that is seen at a glance needs no search. */
const HANDFUL = 6;

interface Searched<T> {
  /** Nothing where the list is short. */
  readonly field: ReactNode;
  readonly shown: readonly T[];
}

/** A search over a list by what its rows say; `label` names the list. */
export function useListSearch<T>(all: readonly T[], label: string, wordsOf: (one: T) => string): Searched<T> {
  const t = shared.useText();
  const [query, setQuery] = useState('');
  if (all.length <= HANDFUL) return { field: null, shown: all };
  const wanted = query.trim().toLowerCase();
  const shown = wanted === '' ? all : all.filter((one) => wordsOf(one).toLowerCase().includes(wanted));
  const field = (
    <>
      <TextInput
        type="search"
        maw={360}
        mb="sm"
        aria-label={t('searchIn', { list: label })}
        placeholder={t('searchIn', { list: label })}
        leftSection={<IconSearch size={18} stroke={1.6} aria-hidden />}
        value={query}
        onChange={({ currentTarget }) => setQuery(currentTarget.value)}
        onKeyDown={({ key }) => key === 'Escape' && setQuery('')}
      />
      <Text size="sm" c="dimmed" mb={wanted === '' ? 0 : 'sm'} role="status">
        {wanted !== '' && t(shown.length === 0 ? 'searchNothing' : 'searchFound', { count: shown.length, query })}
      </Text>
    </>
  );
  return { field, shown };
}
