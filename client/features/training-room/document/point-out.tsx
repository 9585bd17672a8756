import { Button, Group, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { searchOf } from '../model/search.ts';
import { toolTargets } from '../model/workplace.ts';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './document.module.css';

/** A search in words: everything there is, each with a button; which of them are right the step alone knows. */
export function PointOut() {
  const t = trainingRoomStrings.useText();
  const { procedure, state, row, say, hand, tell } = useRun();
  const active = state.active.findLast((one) => one.phase === 'active' && searchOf(procedure, one) !== null);
  const [pointed, setPointed] = useState<ReadonlySet<string>>(new Set());
  const search = active && searchOf(procedure, active);
  if (!search) return null;
  const point = (thing: string, name: string) => {
    if (!hand.act({ type: 'touched', thing: thing as never })) return;
    setPointed(new Set(pointed).add(thing));
    tell(t('pointedAt', { thing: name }), 'good');
  };
  return (
    <section className={css['group']} aria-labelledby="document-search">
      <Title order={2} size="h4" id="document-search">
        {t('pointOut')}
      </Title>
      <Text size="sm" role="status" className="wh-figures">
        {/* An exam does not say which were right. */}
        {row.mode === 'exam' ? t('pointedCount', { count: pointed.size }) : t('foundOf', { ...search })}
      </Text>
      <Group gap="xs">
        {toolTargets(procedure).map(({ id, name }) => (
          <Button
            key={id}
            size="xs"
            variant={pointed.has(id) ? 'light' : 'default'}
            aria-pressed={pointed.has(id)}
            aria-label={t('pointAt', { thing: say.text(name) })}
            leftSection={pointed.has(id) ? <IconCheck size={16} aria-hidden /> : undefined}
            onClick={() => point(id, say.text(name))}
          >
            {say.text(name)}
          </Button>
        ))}
      </Group>
    </section>
  );
}
