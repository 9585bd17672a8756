import { Select, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { stepMap, StepId } from '#protocol/procedures/index';
import { useEditor } from '../editor-context.tsx';
import { chapterOf } from '../model/edits.ts';
import { canErase, wayRefused } from '../model/ways.ts';
import { procedureStrings } from '../strings.ts';
import { RemoveButton } from './condition-fields.tsx';
import css from './steps-view.module.css';
import { useWays } from './use-ways.ts';

/** In the selector: the chapter is over. */
const END = '';

/** The ways out of the step at hand, under the graph: for the keys, for fingers, and for those who do not see the lines. */
export function GraphWays() {
  const t = procedureStrings.useText();
  const { procedure, selected, mayEdit } = useEditor();
  const { nameOf, draw, erase } = useWays();
  const step = stepMap(procedure).get(StepId.parse(selected))?.step;
  if (!step || step.body.kind === 'end') return null;
  const targets = [...(chapterOf(procedure, selected)?.steps ?? []).map(({ id }) => id as string), null].filter(
    (to) => wayRefused(procedure, { from: selected, to }) === null,
  );
  return (
    <section className={css['ways']} aria-label={t('waysOf', { step: nameOf(selected) })}>
      <Text size="sm" fw={560}>
        {t('waysOf', { step: nameOf(selected) })}
      </Text>
      <ul>
        {step.transitions.map(({ id, to }, at) => (
          <li key={id}>
            <IconArrowRight size={16} color="var(--wh-text-quiet)" aria-hidden />
            <span>{nameOf(to)}</span>
            {mayEdit && canErase(procedure, selected, at) && (
              <RemoveButton label={t('eraseWay', { to: nameOf(to) })} onClick={() => erase(selected, at)} />
            )}
          </li>
        ))}
      </ul>
      {mayEdit && targets.length > 0 && (
        <>
          <Select
            size="sm"
            aria-label={t('drawWay')}
            placeholder={t('drawWay')}
            searchable
            value={null}
            data={targets.map((to) => ({ value: to ?? END, label: nameOf(to) }))}
            onChange={(to) => to !== null && draw(selected, to === END ? null : to)}
          />
          <Text size="xs" c="dimmed">
            {t('drawWayHint')}
          </Text>
        </>
      )}
    </section>
  );
}
