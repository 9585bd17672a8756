import { Alert, Button, Group, Tabs, Text, TextInput, Tooltip, ActionIcon, Modal, Stack, List } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconEye,
  IconHistory,
  IconLanguage,
  IconListNumbers,
  IconScale,
  IconTools,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { Project, ProcedureView } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { check, diffProcedures, stepsOf } from '#protocol/procedures/index';
import type { z } from 'zod';
import { currentLanguage, Page, ProblemNotice, shared, Wait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { StepsView } from './edit/steps-view.tsx';
import { EditorContext, useEditor, type Editor } from './editor-context.tsx';
import { partsOfSnapshot } from './model/design-parts.ts';
import { changeLines } from './model/diff-words.ts';
import { ProcedureDraft, type DraftState } from './model/draft.ts';
import { Speaker } from './model/words.ts';
import css from './procedure-page.module.css';
import { procedures } from './procedures.ts';
import { SavingMark } from './views/saving-mark.tsx';
import { procedureStrings } from './strings.ts';

const WorkplaceView = lazy(() => import('./views/workplace-view.tsx'));
const JudgingView = lazy(() => import('./views/judging-view.tsx'));
const PreviewView = lazy(() => import('./views/preview-view.tsx'));
const VersionsView = lazy(() => import('./views/versions-view.tsx'));
const LanguagesView = lazy(() => import('./views/languages-view.tsx'));

export default function ProcedurePage() {
  const { id = '', procedure = '' } = useParams();
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const view = useQuery({
    queryKey: ['procedure-draft', procedure],
    queryFn: ({ signal }) => procedures.read(procedure, signal),
    // From here on the draft itself knows what is newer.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const failed = project.error ?? view.error;
  if (project.data && view.data) return <Authoring key={procedure} project={project.data} view={view.data} />;
  return (
    <Page title="">
      {failed ? (
        <ProblemNotice thrown={failed} onRetry={() => void Promise.all([project.refetch(), view.refetch()])} />
      ) : (
        <Wait />
      )}
    </Page>
  );
}

interface Props {
  readonly project: Project;
  readonly view: z.infer<typeof ProcedureView>;
}

function Authoring({ project, view }: Props) {
  const t = procedureStrings.useText();
  const queries = useQueryClient();
  const { online } = useNetwork();
  const [draft] = useState(
    () =>
      new ProcedureDraft(
        view.id,
        view,
        {
          save: (version, procedure) => procedures.save(view.id, version, procedure),
          read: () => procedures.read(view.id),
        },
        localStorage,
      ),
  );
  const state = useSyncExternalStore(draft.state.subscribe, draft.state.get);
  useEffect(() => {
    draft.open();
    return () => {
      draft.close();
      void draft.flush().then(() => queries.invalidateQueries({ queryKey: ['procedures', project.id] }));
    };
  }, [draft, queries, project.id]);
  useEffect(() => {
    if (online && draft.state.get().saving.kind === 'offline') void draft.flush();
  }, [online, draft]);
  useKeys(draft);

  const [search, setSearch] = useSearchParams();
  const { procedure } = state;
  const language = currentLanguage();
  const known = useMemo(() => [...stepsOf(procedure)].map(({ step }) => step.id as string), [procedure]);
  const wanted = search.get('step') ?? '';
  const selected = known.includes(wanted) ? wanted : known[0]!;
  const tab = search.get('view') ?? 'steps';
  const show = (change: { readonly view?: string; readonly step?: string; readonly at?: string }) => {
    const next = new URLSearchParams(search);
    // One arrives at a place once.
    next.delete('at');
    for (const [key, value] of Object.entries(change)) next.set(key, value);
    setSearch(next, { replace: true });
  };
  const mayEdit = project.role !== null && may(project.role, 'procedure.edit');
  const design = useQuery({
    queryKey: ['design-parts', project.room],
    queryFn: async ({ signal }) => partsOfSnapshot(await api.snapshot(project.room, signal)),
    staleTime: 60_000,
  });
  const places = useMemo(() => new Map((design.data ?? []).map((part) => [part.id, part.poseInRoom])), [design.data]);
  const findings = useMemo(() => check(procedure, { design: places }), [procedure, places]);
  const editor: Editor = {
    project,
    draft,
    procedure,
    findings,
    say: useMemo(() => new Speaker(procedure, language, t), [procedure, language, t]),
    mayEdit,
    edit: (change, key) => draft.edit(change, key),
    selected,
    select: (step) => show({ step, view: 'steps' }),
    go: (place) => show({ ...place }),
    parts: design.data ?? [],
  };
  const title = editor.say.text(procedure.title) || t('untitled');
  const views = [
    ['steps', IconListNumbers, t('viewSteps')],
    ['workplace', IconTools, t('viewWorkplace')],
    ['judging', IconScale, t('viewJudging')],
    ['preview', IconEye, t('viewPreview')],
    ['versions', IconHistory, t('viewVersions')],
    ['languages', IconLanguage, t('viewLanguages')],
  ] as const;

  return (
    <EditorContext value={editor}>
      <Page title={title}>
        <div className={css['head']}>
          <div className={css['titles']}>
            <Link to={`/project/${project.id}`} className={css['back']}>
              {project.title}
            </Link>
            <h1 className="wh-spoken">{title}</h1>
            <TitleField />
          </div>
          <Group gap={4} wrap="nowrap">
            <SavingMark state={state} />
            {mayEdit && <UndoButtons draft={draft} state={state} />}
          </Group>
        </div>
        {!mayEdit && (
          <Text size="sm" c="dimmed" mb="sm">
            {t('readOnly')}
          </Text>
        )}
        {state.saving.kind === 'refused' && (
          <ProblemNotice thrown={state.saving.problem} onRetry={() => void draft.flush()} />
        )}
        <ConflictNotice state={state} />
        <Tabs value={tab} onChange={(value) => value && show({ view: value })} keepMounted={false}>
          <Tabs.List mb="md" className={css['tabs']!}>
            {views.map(([value, Icon, label]) => (
              <Tabs.Tab key={value} value={value} leftSection={<Icon size={18} stroke={1.7} aria-hidden />}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Suspense fallback={<Wait />}>
            <Tabs.Panel value="steps">
              <StepsView />
            </Tabs.Panel>
            <Tabs.Panel value="workplace">
              <WorkplaceView />
            </Tabs.Panel>
            <Tabs.Panel value="judging">
              <JudgingView />
            </Tabs.Panel>
            <Tabs.Panel value="preview">
              <PreviewView />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <VersionsView version={state.version} isSaved={state.saving.kind === 'saved'} />
            </Tabs.Panel>
            <Tabs.Panel value="languages">
              <LanguagesView />
            </Tabs.Panel>
          </Suspense>
        </Tabs>
      </Page>
    </EditorContext>
  );
}

function TitleField() {
  const t = procedureStrings.useText();
  const { procedure, edit, mayEdit, say } = useEditor();
  const [first] = procedure.languages;
  const language = procedure.languages.includes(currentLanguage()) ? currentLanguage() : first!;
  return (
    <TextInput
      variant="unstyled"
      size="lg"
      aria-label={t('titleOfProcedure')}
      // Not translated yet: the original's stands there until one writes.
      placeholder={say.text(procedure.title) || t('untitled')}
      value={procedure.title[language] ?? ''}
      readOnly={!mayEdit}
      classNames={{ input: css['title']! }}
      onChange={({ currentTarget: { value } }) =>
        edit((one) => ({ ...one, title: { ...one.title, [language]: value } }), `title.${language}`)
      }
    />
  );
}

function UndoButtons({ draft, state }: { draft: ProcedureDraft; state: DraftState }) {
  const t = procedureStrings.useText();
  const words = shared.useText();
  return (
    <>
      <Tooltip label={`${words('undo')} (Ctrl+Z)`}>
        <ActionIcon aria-label={words('undo')} disabled={!state.canUndo} onClick={() => draft.undo()}>
          <IconArrowBackUp size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`${t('redo')} (Ctrl+Shift+Z)`}>
        <ActionIcon aria-label={t('redo')} disabled={!state.canRedo} onClick={() => draft.redo()}>
          <IconArrowForwardUp size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** Somebody else has saved: what differs, and whose to go on with. */
function ConflictNotice({ state }: { state: DraftState }) {
  const t = procedureStrings.useText();
  const { draft } = useEditor();
  const [isShown, setShown] = useState(false);
  if (state.saving.kind !== 'conflict') return null;
  const { theirs } = state.saving;
  const lines = changeLines(theirs, state.procedure, diffProcedures(theirs, state.procedure), currentLanguage(), t);
  return (
    <Alert role="alert" variant="default" title={t('conflictTitle')} mb="md">
      <Text size="sm">{t('conflictText')}</Text>
      <Group mt="xs" gap="xs">
        <Button size="xs" variant="default" onClick={() => setShown(true)}>
          {t('conflictCompare', { count: lines.length })}
        </Button>
        <Button size="xs" variant="default" onClick={() => draft.settle('theirs')}>
          {t('conflictTheirs')}
        </Button>
        <Button size="xs" variant="default" onClick={() => draft.settle('mine')}>
          {t('conflictMine')}
        </Button>
      </Group>
      <Modal opened={isShown} onClose={() => setShown(false)} title={t('conflictDiffers')} size="lg">
        <Stack>
          <List size="sm">
            {lines.map(({ key, text }) => (
              <List.Item key={key}>{text}</List.Item>
            ))}
          </List>
        </Stack>
      </Modal>
    </Alert>
  );
}

/** Undo by the keys everybody knows, except where a field has its own. */
function useKeys(draft: ProcedureDraft): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const isRedo = (key === 'z' && event.shiftKey) || key === 'y';
      if (key !== 'z' && !isRedo) return;
      event.preventDefault();
      if (isRedo) draft.redo();
      else draft.undo();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [draft]);
}
