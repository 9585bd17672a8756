import { ActionIcon, Button, Group, Menu, Text, TextInput, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconChevronDown,
  IconCopy,
  IconDots,
  IconGripVertical,
  IconPlus,
  IconSearch,
  IconTrash,
} from '@tabler/icons-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Chapter, Step } from '#protocol/procedures/index';
import { noticeDone } from '../../../ui/index.ts';
import { useEditor } from '../editor-context.tsx';
import { numbers } from '../model/diff-words.ts';
import {
  addChapter,
  addStep,
  chapterOf,
  duplicateStep,
  moveChapter,
  moveStep,
  removeChapter,
  removeStep,
  withChapter,
} from '../model/edits.ts';
import { procedureStrings } from '../strings.ts';
import css from './steps-view.module.css';

/**
 * Steps in chapters. Arrow keys walk, Alt with them moves a step, Insert adds one, Delete takes one away; the mouse
 * drags. What happened is said aloud.
 */
export function StepList({ onChosen }: { onChosen: () => void }) {
  const t = procedureStrings.useText();
  const { procedure, say, mayEdit, edit, draft, selected, select } = useEditor();
  const [query, setQuery] = useState('');
  const [said, setSaid] = useState('');
  const [over, setOver] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const counted = numbers(procedure);
  const titleOf = (step: Step) => say.text(step.title) || t('untitledStep');
  const wanted = query.trim().toLowerCase();
  const isShown = (step: Step) =>
    wanted === '' || `${titleOf(step)} ${say.text(step.instruction)}`.toLowerCase().includes(wanted);
  const chapters = [...procedure.chapters, ...procedure.subchapters];
  const order = chapters.flatMap(({ steps }) => steps.filter(isShown));

  const focus = (step: string) => {
    select(step);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-step="${step}"]`)?.focus());
  };
  const texts = (words: string) => Object.fromEntries(procedure.languages.map((language) => [language, words]));
  const add = (chapter: string, after: string | null) => {
    const added = addStep(procedure, chapter, after, texts(t('newStep')));
    edit(() => added.procedure);
    select(added.step);
    onChosen();
    setSaid(t('saidAdded'));
  };
  const copy = () => {
    const copied = duplicateStep(procedure, selected);
    if (!copied) return;
    edit(() => copied.procedure);
    focus(copied.step);
    setSaid(t('saidAdded'));
  };
  const remove = (step: string) => {
    const at = order.findIndex(({ id }) => id === step);
    const next = order[at + 1] ?? order[at - 1];
    edit((one) => removeStep(one, step, texts(t('newStep'))));
    noticeDone(t('stepRemoved'), () => draft.undo());
    if (next) focus(next.id);
  };
  const put = (step: string, chapter: Chapter, at: number) => {
    edit((one) => moveStep(one, step, chapter.id, at));
    setSaid(t('saidMoved', { n: at + 1, chapter: say.text(chapter.title) }));
    focus(step);
  };
  const moveBy = (step: Step, by: -1 | 1) => {
    const chapter = chapterOf(procedure, step.id)!;
    const at = chapter.steps.indexOf(step) + by;
    if (at >= 0 && at < chapter.steps.length) return put(step.id, chapter, at);
    const other = procedure.chapters[procedure.chapters.indexOf(chapter) + by];
    if (other && procedure.chapters.includes(chapter)) put(step.id, other, by < 0 ? other.steps.length : 0);
  };
  const onKey = (event: KeyboardEvent, step: Step) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by !== 0) {
      event.preventDefault();
      if (event.altKey && mayEdit) return moveBy(step, by);
      const next = order[order.indexOf(step) + by];
      if (next) focus(next.id);
    } else if (mayEdit && (event.key === 'Delete' || event.key === 'Backspace')) remove(step.id);
    else if (mayEdit && event.key === 'Insert') add(chapterOf(procedure, step.id)!.id, step.id);
  };
  const drop = (step: string, chapter: Chapter, before: string | null) => {
    setOver(null);
    if (step === before || !step) return;
    const others = chapter.steps.filter(({ id }) => id !== step);
    const at = before === null ? others.length : others.findIndex(({ id }) => id === before);
    put(step, chapter, at);
  };

  return (
    <nav aria-label={t('stepList')} ref={list}>
      <Group gap="xs" wrap="nowrap" mb="sm">
        <TextInput
          type="search"
          size="sm"
          style={{ flex: 1 }}
          aria-label={t('searchSteps')}
          placeholder={t('searchSteps')}
          leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
          value={query}
          onChange={({ currentTarget }) => setQuery(currentTarget.value)}
        />
        {mayEdit && (
          <Tooltip label={t('duplicateStep')}>
            <ActionIcon aria-label={t('duplicateStep')} onClick={copy}>
              <IconCopy size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
        {mayEdit && (
          <Tooltip label={t('deleteStep')}>
            <ActionIcon aria-label={t('deleteStep')} onClick={() => remove(selected)}>
              <IconTrash size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      {chapters.map((chapter) => {
        const steps = chapter.steps.filter(isShown);
        if (steps.length === 0) return null;
        return (
          <section key={chapter.id} className={css['chapter']} aria-label={say.text(chapter.title)}>
            <ChapterHead chapter={chapter} isSub={!procedure.chapters.includes(chapter)} />
            <ol className={css['steps']}>
              {steps.map((step) => (
                <li key={step.id}>
                  <StepRow
                    step={step}
                    title={titleOf(step)}
                    number={counted.get(step.id) ?? 0}
                    isOver={over === step.id}
                    onChosen={() => {
                      select(step.id);
                      onChosen();
                    }}
                    onKey={(event) => onKey(event, step)}
                    onOver={() => setOver(step.id)}
                    onDrop={(dragged) => drop(dragged, chapter, step.id)}
                  />
                </li>
              ))}
            </ol>
            {mayEdit && (
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                mt={4}
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() => add(chapter.id, chapter.steps.some(({ id }) => id === selected) ? selected : null)}
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => drop(event.dataTransfer.getData('text/plain'), chapter, null)}
              >
                {t('addStep')}
              </Button>
            )}
          </section>
        );
      })}
      {order.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('noStepFound')}
        </Text>
      )}
      {mayEdit && (
        <Button
          variant="default"
          size="compact-sm"
          mt="md"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            const added = addChapter(procedure, texts(t('newChapter')), texts(t('newStep')));
            edit(() => added.procedure);
            focus(added.step);
          }}
        >
          {t('addChapter')}
        </Button>
      )}
      <span role="status" className="wh-spoken">
        {said}
      </span>
    </nav>
  );
}

function ChapterHead({ chapter, isSub }: { chapter: Chapter; isSub: boolean }) {
  const t = procedureStrings.useText();
  const { procedure, say, mayEdit, edit } = useEditor();
  const [first] = procedure.languages;
  const shown = procedure.languages.includes(say.language) ? say.language : first!;
  return (
    <div className={css['chapterHead']}>
      {mayEdit ? (
        <TextInput
          variant="unstyled"
          size="sm"
          fw={600}
          style={{ flex: 1 }}
          styles={{ input: { fontWeight: 600 } }}
          aria-label={t('chapterTitle')}
          value={chapter.title[shown] ?? ''}
          onChange={({ currentTarget: { value } }) =>
            edit(
              (one) => withChapter(one, chapter.id, (now) => ({ ...now, title: { ...now.title, [shown]: value } })),
              `chapter.${chapter.id}`,
            )
          }
        />
      ) : (
        <Text size="sm" fw={600} style={{ flex: 1 }}>
          {say.text(chapter.title)}
        </Text>
      )}
      {isSub && (
        <Text size="xs" c="dimmed">
          {t('subChapter')}
        </Text>
      )}
      {mayEdit && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size="md" aria-label={t('chapterMenu', { chapter: say.text(chapter.title) })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => edit((one) => moveChapter(one, chapter.id, -1))}>{t('moveUp')}</Menu.Item>
            <Menu.Item onClick={() => edit((one) => moveChapter(one, chapter.id, 1))}>{t('moveDown')}</Menu.Item>
            <Menu.Item onClick={() => edit((one) => removeChapter(one, chapter.id))}>{t('deleteChapter')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

interface RowProps {
  readonly step: Step;
  readonly title: string;
  readonly number: number;
  readonly isOver: boolean;
  readonly onChosen: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onOver: () => void;
  readonly onDrop: (dragged: string) => void;
}

function StepRow({ step, title, number, isOver, onChosen, onKey, onOver, onDrop }: RowProps) {
  const t = procedureStrings.useText();
  const { findings, selected, mayEdit } = useEditor();
  const own = findings.filter(({ where }) => where.step === step.id);
  const hasError = own.some(({ severity }) => severity === 'error');
  return (
    <button
      type="button"
      className={css['row']}
      data-step={step.id}
      aria-current={selected === step.id ? 'step' : undefined}
      data-over={isOver || undefined}
      draggable={mayEdit}
      onDragStart={(event) => event.dataTransfer.setData('text/plain', step.id)}
      onDragOver={(event) => {
        event.preventDefault();
        onOver();
      }}
      onDrop={(event) => onDrop(event.dataTransfer.getData('text/plain'))}
      onClick={onChosen}
      onKeyDown={onKey}
    >
      <span className={css['number']}>{number}</span>
      <span className={css['rowTitle']}>{title}</span>
      {step.body.kind !== 'ordinary' && step.body.kind !== 'end' && (
        <IconChevronDown size={14} aria-label={t(`body_${step.body.kind}`)} role="img" />
      )}
      {own.length > 0 && (
        <IconAlertTriangle
          size={16}
          role="img"
          aria-label={t('problemCount', { count: own.length })}
          color={hasError ? 'var(--wh-stop)' : 'var(--wh-attention)'}
        />
      )}
      {mayEdit && <IconGripVertical size={14} color="var(--wh-sheet-ink)" aria-hidden />}
    </button>
  );
}
