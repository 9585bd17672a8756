import { Button, Group, List, Modal, MultiSelect, Select, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconChecks, IconDownload, IconMessageReply, IconSchool, IconSend } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { FORMATS, type ReleaseView, type ReviewEntry } from '#protocol/api/index';
import type { UserId } from '#protocol/ids';
import { may } from '#protocol/permissions/index';
import { diffProcedures, isReleasable, type Procedure } from '#protocol/procedures/index';
import {
  PersonDot,
  ProblemNotice,
  Wait,
  currentLanguage,
  noticeDone,
  roleName,
  saveJson,
  shared,
  useQuantities,
} from '../../../ui/index.ts';
import { useMe } from '../../session/index.ts';
import { useEditor } from '../editor-context.tsx';
import { changeLines } from '../model/diff-words.ts';
import { standingOf } from '../model/review.ts';
import { signStatement } from '../model/sign-statement.ts';
import { procedures } from '../procedures.ts';
import { procedureStrings } from '../strings.ts';
import css from '../edit/steps-view.module.css';
import { StandingBadge } from './standing-badge.tsx';

/** Answers come while the page is open, ms. */
const REFRESH_MS = 15_000;

interface Props {
  /** Of the draft on the server. */
  readonly version: number;
  readonly isSaved: boolean;
}

/** From draft to release: what changed, who looks at it, who stands for it. */
export default function VersionsView({ version, isSaved }: Props) {
  const t = procedureStrings.useText();
  const words = shared.useText();
  const { dateTime } = useQuantities();
  const { draft, procedure, project, findings, mayEdit } = useEditor();
  const me = useMe();
  const queries = useQueryClient();
  const view = useQuery({
    queryKey: ['procedure', draft.id, version],
    queryFn: ({ signal }) => procedures.read(draft.id, signal),
  });
  const reviews = useQuery({
    queryKey: ['reviews', draft.id],
    queryFn: ({ signal }) => procedures.reviews(draft.id, signal),
    // The answer comes while the author waits for it.
    refetchInterval: REFRESH_MS,
  });
  const rules = useQuery({
    queryKey: ['training-rules', project.id],
    queryFn: ({ signal }) => procedures.rules(project.id, signal),
  });
  const newest = view.data?.releases[0];
  const [note, setNote] = useState('');
  const [reviewers, setReviewers] = useState<string[]>([]);
  const again = async () => {
    setNote('');
    setReviewers([]);
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['procedure', draft.id] }),
      queries.invalidateQueries({ queryKey: ['reviews', draft.id] }),
      queries.invalidateQueries({ queryKey: ['to-review'] }),
      queries.invalidateQueries({ queryKey: ['procedures', project.id] }),
    ]);
  };
  const ask = useMutation({
    mutationFn: () => procedures.review(draft.id, { version, kind: 'asked', words: note, to: reviewers as UserId[] }),
    onSuccess: () => {
      noticeDone(t('reviewAsked'));
      return again();
    },
  });
  const sendBack = useMutation({
    mutationFn: () => procedures.review(draft.id, { version, kind: 'returned', words: note }),
    onSuccess: () => {
      noticeDone(t('reviewReturned'));
      return again();
    },
  });
  const release = useMutation({
    mutationFn: async () => {
      if (me.addressKind !== 'wallet' || !me.address) return procedures.release(draft.id, { version, note });
      const statement = await procedures.statement(draft.id, note);
      const signature = await signStatement(me.address, statement);
      return procedures.release(draft.id, {
        version,
        note,
        signature,
        releasedAt: Number(statement.value['releasedAt']),
      });
    },
    onSuccess: ({ release: number }) => {
      noticeDone(t('released', { n: number }));
      return again();
    },
  });
  const failed = ask.error ?? sendBack.error ?? release.error ?? view.error ?? reviews.error;
  if (!view.data || !reviews.data) return failed ? <ProblemNotice thrown={failed} /> : <Wait />;
  const standing = standingOf({ ...view.data, version }, reviews.data.reviews);
  const mayReview = project.role !== null && may(project.role, 'procedure.review');
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const canAsk = mayEdit && isSaved && errors === 0 && (standing.kind === 'draft' || standing.kind === 'returned');

  return (
    <Stack maw={860} mx="auto">
      <section aria-labelledby="standing" className={css['way']}>
        <Group justify="space-between">
          <Title order={2} size="h3" id="standing">
            {t('versionNow', { n: version })}
          </Title>
          <StandingBadge standing={standing} release={newest?.release ?? null} />
        </Group>
        {'entry' in standing && (
          <Text size="sm" mt="xs">
            {t(standing.kind === 'review' ? 'askedBy' : 'returnedBy', {
              name: standing.entry.by.name,
              at: dateTime(standing.entry.at),
            })}
            {standing.entry.words && ` “${standing.entry.words}”`}
          </Text>
        )}
        {standing.kind === 'review' && <Asked entry={standing.entry} />}
        {standing.kind === 'released' && project.role !== null && may(project.role, 'training.open') && (
          <Button
            component={Link}
            to={`/project/${project.id}#training`}
            mt="sm"
            leftSection={<IconSchool size={18} aria-hidden />}
          >
            {t('trainWithIt')}
          </Button>
        )}
        {standing.kind !== 'released' && (
          <Stack gap="xs" mt="sm">
            {errors > 0 && (
              <Text size="sm" c="var(--wh-stop)">
                {t('errorsFirst', { count: errors })}
              </Text>
            )}
            {!isSaved && <Text size="sm">{t('savedFirst')}</Text>}
            {(mayEdit || mayReview) && (
              <Textarea
                label={t(standing.kind === 'review' ? 'noteOfReviewer' : 'noteOfAuthor')}
                autosize
                minRows={2}
                maxLength={4000}
                value={note}
                onChange={({ currentTarget }) => setNote(currentTarget.value)}
              />
            )}
            {mayEdit && standing.kind !== 'review' && project.isDemo && <Text size="sm">{t('whoReviewsInDemo')}</Text>}
            {mayEdit && standing.kind !== 'review' && !project.isDemo && (
              <MultiSelect
                label={t('whoReviews')}
                description={t('whoReviewsText')}
                placeholder={reviewers.length === 0 ? t('everybodyReviews') : ''}
                searchable
                value={reviewers}
                data={project.members
                  .filter(({ user, role }) => user !== me.id && may(role, 'procedure.review'))
                  .map(({ user, name, role }) => ({
                    value: user as string,
                    label: `${name} · ${roleName(words, role)}`,
                  }))}
                onChange={setReviewers}
              />
            )}
            <Group gap="xs">
              {mayEdit && standing.kind !== 'review' && (
                <Button
                  leftSection={<IconSend size={18} aria-hidden />}
                  disabled={!canAsk}
                  loading={ask.isPending}
                  onClick={() => ask.mutate()}
                >
                  {t('askForReview')}
                </Button>
              )}
              {mayReview && standing.kind === 'review' && (
                <>
                  <Button
                    leftSection={<IconChecks size={18} aria-hidden />}
                    disabled={!isSaved || !isReleasable(findings)}
                    loading={release.isPending}
                    onClick={() => release.mutate()}
                  >
                    {t('approve')}
                  </Button>
                  <Button
                    variant="default"
                    leftSection={<IconMessageReply size={18} aria-hidden />}
                    disabled={note.trim() === ''}
                    loading={sendBack.isPending}
                    onClick={() => sendBack.mutate()}
                  >
                    {t('sendBack')}
                  </Button>
                </>
              )}
            </Group>
            {mayReview && standing.kind === 'review' && note.trim() === '' && (
              <Text size="sm" c="dimmed">
                {t('sendBackNeedsWords')}
              </Text>
            )}
            {!mayReview && (
              <Text size="sm" c="dimmed">
                {t('mayNotReview', { role: project.role ? roleName(words, project.role) : '' })}
              </Text>
            )}
            {rules.data?.secondPerson && (
              <Text size="sm" c="dimmed">
                {t('secondPersonRule')}
              </Text>
            )}
            {failed && <ProblemNotice thrown={failed} />}
          </Stack>
        )}
      </section>
      {newest && standing.kind !== 'released' && (
        <Changes title={t('changedSince', { n: newest.release })} before={newest.cid} after={procedure} />
      )}
      <Talk reviews={reviews.data.reviews} releases={view.data.releases} />
      <section aria-labelledby="releases">
        <Title order={2} size="h3" id="releases" mb="xs">
          {t('releases')}
        </Title>
        {view.data.releases.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('noReleases')}
          </Text>
        )}
        {view.data.releases.map((one, at) => (
          <Release key={one.cid} release={one} previous={view.data.releases[at + 1] ?? null} />
        ))}
      </section>
      <Export />
    </Stack>
  );
}

/** Who has been asked about this very version: nobody has answered yet, else it stands elsewhere. */
function Asked({ entry: { to } }: { readonly entry: ReviewEntry }) {
  const t = procedureStrings.useText();
  if (to.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('askedEverybody')}
      </Text>
    );
  return (
    <Group gap={8} mt={4} role="group" aria-label={t('askedWhom')}>
      {to.map(({ id, name }) => (
        <Group key={id} gap={6} wrap="nowrap">
          <PersonDot name={name} user={id} size={22} hasTooltip={false} />
          <Text size="sm">{t('waitsForReviewer', { name })}</Text>
        </Group>
      ))}
    </Group>
  );
}

/** What was asked and answered about this procedure, newest first; a release is the other answer. */
function Talk({ reviews, releases }: { reviews: readonly ReviewEntry[]; releases: readonly ReleaseView[] }) {
  const t = procedureStrings.useText();
  const { dateTime } = useQuantities();
  const said = [
    ...reviews.map(({ id, kind, version, by, to, at, words }) => ({
      id,
      at,
      words,
      line:
        kind === 'asked'
          ? t(to.length > 0 ? 'talkAskedThem' : 'talkAsked', {
              ...{ name: by.name, n: version, at: dateTime(at) },
              them: to.map(({ name }) => name).join(', '),
            })
          : t('talkReturned', { name: by.name, n: version, at: dateTime(at) }),
    })),
    ...releases.map(({ cid, release, reviewer, releasedAt, note }) => ({
      id: cid,
      at: releasedAt,
      words: note,
      line: t('talkReleased', { name: reviewer.name, n: release, at: dateTime(releasedAt) }),
    })),
  ].toSorted((a, b) => b.at - a.at);
  // A first request stands above already.
  if (said.length < 2) return null;
  return (
    <section aria-labelledby="talk">
      <Title order={2} size="h3" id="talk" mb="xs">
        {t('talk')}
      </Title>
      <List size="sm" spacing={4}>
        {said.map(({ id, line, words }) => (
          <List.Item key={id}>
            {line}
            {words && ` “${words}”`}
          </List.Item>
        ))}
      </List>
    </section>
  );
}

function Release({ release, previous }: { release: ReleaseView; previous: ReleaseView | null }) {
  const t = procedureStrings.useText();
  const { dateTime } = useQuantities();
  const [isOpen, setOpen] = useState(false);
  const document = useReleased(release.cid, isOpen);
  return (
    <div className={css['problem']} data-severity="done" style={{ borderInlineStartColor: 'var(--wh-done)' }}>
      <Text size="sm" fw={560}>
        {t('releaseNumber', { n: release.release })}
      </Text>
      <Text size="sm" c="dimmed">
        {t('releasedBy', { name: release.reviewer.name, at: dateTime(release.releasedAt) })}
        {release.signedBy && ` · ${t('signed')} `}
        {release.signedBy && (
          <Text span ff="monospace" fz="xs">
            {release.signedBy.slice(0, 6)}…{release.signedBy.slice(-4)}
          </Text>
        )}
      </Text>
      {release.note && <Text size="sm">“{release.note}”</Text>}
      {previous && (
        <Button size="compact-xs" variant="default" mt={6} onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {t('whatChanged')}
        </Button>
      )}
      {isOpen && previous && document.data && <Changes before={previous.cid} after={document.data.procedure} />}
    </div>
  );
}

/** A release never changes. */
function useReleased(cid: string, enabled = true) {
  return useQuery({
    queryKey: ['release', cid],
    queryFn: ({ signal }) => procedures.released(cid, signal),
    staleTime: Infinity,
    enabled,
  });
}

function Changes({ title, before, after }: { title?: string; before: string; after: Procedure }) {
  const t = procedureStrings.useText();
  const old = useReleased(before);
  if (old.error) return <ProblemNotice thrown={old.error} />;
  if (!old.data) return <Wait />;
  const lines = changeLines(old.data.procedure, after, diffProcedures(old.data.procedure, after), currentLanguage(), t);
  return (
    <section aria-label={title ?? t('whatChanged')}>
      {title && (
        <Title order={2} size="h3" mb="xs">
          {title}
        </Title>
      )}
      {lines.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('noChanges')}
        </Text>
      ) : (
        <List size="sm" listStyleType="none">
          {lines.map(({ key, sign, text }) => (
            <List.Item key={key}>
              <Text span ff="monospace" aria-hidden>
                {sign}{' '}
              </Text>
              {text}
            </List.Item>
          ))}
        </List>
      )}
    </section>
  );
}

/** The draft as a file, with what the format cannot carry. */
function Export() {
  const t = procedureStrings.useText();
  const { draft, procedure, say } = useEditor();
  const [format, setFormat] = useState<(typeof FORMATS)[number]>('workhall');
  const give = useMutation({
    mutationFn: async () => {
      await draft.flush();
      const { file, workplace, losses } = await procedures.export(draft.id, format);
      const name = (say.text(procedure.title) || 'procedure').replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
      saveJson(`${name}.${format === 'workhall' ? 'procedure' : format}.json`, file);
      if (workplace !== undefined) saveJson(`${name}.workplace.json`, workplace);
      return losses;
    },
  });
  return (
    <section aria-labelledby="export">
      <Title order={2} size="h3" id="export" mb="xs">
        {t('export')}
      </Title>
      <Group align="flex-end" gap="xs">
        <Select
          label={t('format')}
          w={240}
          allowDeselect={false}
          value={format}
          data={FORMATS.map((value) => ({ value, label: t(`format_${value}`) }))}
          onChange={(value) => setFormat(FORMATS.find((one) => one === value) ?? 'workhall')}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          loading={give.isPending}
          onClick={() => give.mutate()}
        >
          {t('download')}
        </Button>
      </Group>
      {give.error && <ProblemNotice thrown={give.error} />}
      <Modal
        opened={(give.data?.length ?? 0) > 0}
        onClose={give.reset}
        title={t('exportLost', { count: give.data?.length ?? 0 })}
        size="lg"
      >
        <List size="sm">
          {give.data?.map(({ key, where, what }, at) => (
            <List.Item key={`${key}.${at}`}>{`${where}: ${what}`}</List.Item>
          ))}
        </List>
      </Modal>
    </section>
  );
}
