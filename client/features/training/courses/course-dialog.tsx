import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProcedureSummary } from '#protocol/api/index';
import type { CourseView } from '#protocol/api/courses';
import { textIn } from '#protocol/procedures/index';
import { checkCourse, type Course, type CourseModule } from '#protocol/training/index';
import { newId } from '#net/new-id';
import { currentLanguage, ProblemNotice, shared } from '../../../ui/index.ts';
import { blankCourse, changed, moved, USUAL_REFRESHER, withModule, withoutModule } from '../model/course-draft.ts';
import { trainingStrings } from '../strings.ts';
import css from './courses.module.css';

const MODES = ['guided', 'practice', 'exam'] as const;

interface Props {
  readonly released: readonly ProcedureSummary[];
  /** Null: a new one. */
  readonly view: CourseView | null;
  readonly onSave: (course: Course) => Promise<void>;
  readonly onClose: () => void;
}

/** A course as a list of modules, each with what comes before it, how often, and when again. */
export function CourseDialog({ released, view, onSave, onClose }: Props) {
  const t = trainingStrings.useText();
  const words = shared.useText();
  const [course, setCourse] = useState<Course>(() => view?.course ?? blankCourse({}));
  const language = currentLanguage();
  const say = (text: Course['title']) => textIn(text, language, 'en');
  const findings = checkCourse(course);
  const save = useMutation({ mutationFn: () => onSave(course), onSuccess: onClose });
  const titleOf = (id: string) => say(course.modules.find((one) => one.id === id)?.title ?? {}) || id;
  const isReady = say(course.title).trim() !== '' && course.modules.length > 0 && findings.length === 0;
  const add = (line: string | null) => {
    const procedure = released.find(({ id }) => id === line);
    if (line && procedure) setCourse(withModule(course, line, procedure.title, newId()));
  };
  return (
    <Modal opened onClose={onClose} title={view ? t('editCourse') : t('newCourse')} size="xl">
      <Stack>
        <TextInput
          label={t('courseTitle')}
          required
          maxLength={200}
          value={course.title[language] ?? say(course.title)}
          onChange={({ currentTarget: { value } }) =>
            setCourse({ ...course, title: { ...course.title, [language]: value } })
          }
        />
        <Textarea
          label={t('courseText')}
          autosize
          maxLength={2000}
          value={course.description[language] ?? say(course.description)}
          onChange={({ currentTarget: { value } }) =>
            setCourse({ ...course, description: { ...course.description, [language]: value } })
          }
        />
        <Text fw={600} size="sm">
          {t('modules')}
        </Text>
        {course.modules.map((module, at) => (
          <ModuleFields
            key={module.id}
            module={module}
            at={at}
            course={course}
            name={say(released.find(({ id }) => id === module.line)?.title ?? module.title)}
            onChange={setCourse}
          />
        ))}
        <Select
          label={t('addModule')}
          placeholder={t('chooseProcedure')}
          searchable
          value={null}
          data={released.map((one) => ({ value: one.id, label: say(one.title) }))}
          onChange={add}
        />
        {findings.length > 0 && (
          <Alert role="alert" variant="default" color="red">
            {findings.map((finding) => (
              <Text key={`${finding.key} ${finding.module}`} size="sm">
                {t(`unsound_${finding.key}`, { module: titleOf(finding.module) })}
              </Text>
            ))}
          </Alert>
        )}
        {save.error && <ProblemNotice thrown={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button disabled={!isReady} loading={save.isPending} onClick={() => save.mutate()}>
            {t('saveCourse')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface ModuleProps {
  readonly module: CourseModule;
  readonly at: number;
  readonly course: Course;
  /** Of its procedure. */
  readonly name: string;
  readonly onChange: (course: Course) => void;
}

function ModuleFields({ module, at, course, name, onChange }: ModuleProps) {
  const t = trainingStrings.useText();
  const language = currentLanguage();
  const set = (change: Partial<CourseModule>) => onChange(changed(course, module.id, change));
  const { refresher } = module;
  const say = (text: CourseModule['title']) => textIn(text, language, 'en');
  const n = at + 1;
  return (
    <fieldset className={css['module']}>
      <legend>
        {n} · {name}
      </legend>
      <Group align="flex-end" wrap="nowrap" gap="xs">
        <TextInput
          style={{ flex: 1 }}
          label={t('moduleTitle', { n })}
          value={module.title[language] ?? say(module.title)}
          onChange={({ currentTarget: { value } }) => set({ title: { ...module.title, [language]: value } })}
        />
        <ActionIcon
          aria-label={t('moduleUp', { n })}
          disabled={at === 0}
          onClick={() => onChange(moved(course, module.id, -1))}
        >
          <IconArrowUp size={18} stroke={1.7} />
        </ActionIcon>
        <ActionIcon
          aria-label={t('moduleDown', { n })}
          disabled={n === course.modules.length}
          onClick={() => onChange(moved(course, module.id, 1))}
        >
          <IconArrowDown size={18} stroke={1.7} />
        </ActionIcon>
        <ActionIcon aria-label={t('moduleRemove', { n })} onClick={() => onChange(withoutModule(course, module.id))}>
          <IconTrash size={18} stroke={1.7} />
        </ActionIcon>
      </Group>
      <div className={css['fields']}>
        <Select
          label={t('countsFrom')}
          description={t('countsHint')}
          allowDeselect={false}
          value={module.mode}
          data={MODES.map((value) => ({ value, label: t(`mode_${value}`) }))}
          onChange={(value) => value && set({ mode: value as CourseModule['mode'] })}
        />
        <MultiSelect
          label={t('needs')}
          description={module.needs.length === 0 ? t('needsNothing') : ' '}
          value={[...module.needs]}
          data={course.modules
            .filter(({ id }) => id !== module.id)
            .map((one) => ({ value: one.id, label: say(one.title) }))}
          onChange={(needs) => set({ needs })}
        />
        <NumberInput
          label={t('attemptsLimit')}
          placeholder={t('attemptsAny')}
          min={1}
          max={100}
          allowDecimal={false}
          value={module.attempts ?? ''}
          onChange={(value) => set({ attempts: typeof value === 'number' ? value : null })}
        />
      </div>
      <div className={css['fields']}>
        <Checkbox
          label={t('refresher')}
          description={t('refreshHint')}
          checked={refresher !== null}
          onChange={({ currentTarget: { checked } }) => set({ refresher: checked ? USUAL_REFRESHER : null })}
        />
        {refresher && (
          <>
            <NumberInput
              label={t('refreshEvery')}
              min={1}
              max={3650}
              allowDecimal={false}
              value={refresher.firstDays}
              onChange={(value) => typeof value === 'number' && set({ refresher: { ...refresher, firstDays: value } })}
            />
            <NumberInput
              label={t('refreshMost')}
              min={1}
              max={3650}
              allowDecimal={false}
              value={refresher.mostDays}
              onChange={(value) => typeof value === 'number' && set({ refresher: { ...refresher, mostDays: value } })}
            />
          </>
        )}
        <Checkbox
          label={t('optional')}
          checked={module.isOptional}
          onChange={({ currentTarget: { checked } }) => set({ isOptional: checked })}
        />
      </div>
    </fieldset>
  );
}
