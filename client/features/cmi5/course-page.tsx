import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Cmi5CourseView, Cmi5MemberView, Cmi5RegistrationView } from '#protocol/api/cmi5';
import { may } from '#protocol/permissions/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage, noticeProblem, Page, ProblemNotice, StatusBadge, Wait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { cmi5 } from './cmi5.ts';
import { cmi5Strings } from './strings.ts';
import css from './cmi5.module.css';

const LOOK_MS = 5_000;
type UnitState = Cmi5RegistrationView['units'][number];

/** `/project/:id/cmi5/:course`: what to do, how far one is, and for instructors how far everybody is. */
export default function CoursePage() {
  const t = cmi5Strings.useText();
  const { id = '', course = '' } = useParams();
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const view = useQuery({
    queryKey: ['cmi5 course', course],
    queryFn: ({ signal }) => cmi5.course(course, signal),
    refetchInterval: LOOK_MS,
  });
  const role = project.data?.role ?? null;
  const title = view.data ? textIn(view.data.course.title, currentLanguage(), 'en') : t('courses');
  return (
    <Page title={title}>
      {view.error && <ProblemNotice thrown={view.error} onRetry={() => void view.refetch()} />}
      {!view.data && !view.error && <Wait />}
      {view.data && (
        <Stack gap="lg">
          <div>
            <Group>
              <Title order={1}>{title}</Title>
              {view.data.mine?.isSatisfied && <StatusBadge status="done">{t('state_satisfied')}</StatusBadge>}
            </Group>
            <Text>{textIn(view.data.course.description, currentLanguage(), 'en')}</Text>
          </div>
          <Members members={view.data.members} view={view.data} />
          {role !== null && may(role, 'results.read') && (
            <People course={course} mayWaive={may(role, 'training.open')} />
          )}
        </Stack>
      )}
    </Page>
  );
}

function Members({ members, view }: { readonly members: readonly Cmi5MemberView[]; readonly view: Cmi5CourseView }) {
  return (
    <ul className={css['rows']}>
      {members.map((member) =>
        member.kind === 'au' ? (
          <Unit key={`au ${member.number}`} unit={member} view={view} />
        ) : (
          <li key={`block ${member.number}`}>
            <Title order={2}>{textIn(member.title, currentLanguage(), 'en')}</Title>
            <Members members={member.members ?? []} view={view} />
          </li>
        ),
      )}
    </ul>
  );
}

function Unit({ unit, view: { course, mine } }: { readonly unit: Cmi5MemberView; readonly view: Cmi5CourseView }) {
  const t = cmi5Strings.useText();
  const state = mine?.units[unit.number];
  const title = textIn(unit.title, currentLanguage(), 'en');
  // The unit takes the whole window and comes back by itself, which both launch methods allow.
  const launch = async (mode: 'Normal' | 'Browse') => {
    const registration = mine ?? (await cmi5.begin(course.id));
    const returnPath = `/project/${course.project}/cmi5/${course.id}`;
    const { url } = await cmi5.launch(registration.id, unit.number, { mode, returnPath });
    location.assign(url);
  };
  const begun = (state?.sessions ?? 0) > 0;
  return (
    <li className={css['row']}>
      <div className={css['grow']}>
        <Text fw={560}>{title}</Text>
        <Text size="sm" c="dimmed">
          {textIn(unit.description, currentLanguage(), 'en')}
        </Text>
        <Text size="sm" c="dimmed" className="wh-figures">
          {[
            ...percent(state?.score).map((value) => t('score', { percent: value })),
            ...percent(unit.masteryScore).map((value) => t('mastery', { percent: value })),
          ].join(' · ')}
        </Text>
      </div>
      <StateBadge state={state} />
      <Button
        variant="subtle"
        aria-label={`${t('browse')}: ${title}`}
        onClick={() => void launch('Browse').catch(noticeProblem)}
      >
        {t('browse')}
      </Button>
      <Button
        variant={state?.isSatisfied ? 'default' : 'filled'}
        aria-label={`${t(begun ? 'goOn' : 'start')}: ${title}`}
        onClick={() => void launch('Normal').catch(noticeProblem)}
      >
        {t(state?.isSatisfied && begun ? 'again' : begun ? 'goOn' : 'start')}
      </Button>
    </li>
  );
}

const percent = (score: number | null | undefined): number[] =>
  typeof score === 'number' ? [Math.round(score * 100)] : [];

function StateBadge({ state }: { readonly state: UnitState | undefined }) {
  const t = cmi5Strings.useText();
  if (state?.isWaived) return <StatusBadge status="done">{t('state_waived')}</StatusBadge>;
  if (state?.isSatisfied) return <StatusBadge status="done">{t('state_satisfied')}</StatusBadge>;
  if (state?.isFailed) return <StatusBadge status="attention">{t('state_failed')}</StatusBadge>;
  if (state && state.sessions > 0) return <StatusBadge status="active">{t('state_begun')}</StatusBadge>;
  return <StatusBadge status="quiet">{t('state_open')}</StatusBadge>;
}

function People({ course, mayWaive }: { readonly course: string; readonly mayWaive: boolean }) {
  const t = cmi5Strings.useText();
  const queries = useQueryClient();
  const people = useQuery({
    queryKey: ['cmi5 people', course],
    queryFn: ({ signal }) => cmi5.registrations(course, signal),
    refetchInterval: LOOK_MS,
  });
  const list = people.data?.registrations ?? [];
  const waive = async (registration: string, unit: number) => {
    await cmi5.waive(registration, unit, 'Administrative');
    await queries.invalidateQueries({ queryKey: ['cmi5 people', course] });
  };
  return (
    <section aria-labelledby="people">
      <Title order={2} id="people" mb="sm">
        {t('people')}
      </Title>
      {people.error && <ProblemNotice thrown={people.error} onRetry={() => void people.refetch()} />}
      {people.data && list.length === 0 && <Text c="dimmed">{t('nobody')}</Text>}
      {list.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table className="wh-figures">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('person')}</Table.Th>
                <Table.Th>{t('progress')}</Table.Th>
                <Table.Th>{t('whole')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.map(({ id, learner, units, isSatisfied }) => {
                const open = units.find((unit) => !unit.isSatisfied);
                return (
                  <Table.Tr key={id}>
                    <Table.Td>{learner.name}</Table.Td>
                    <Table.Td>
                      {units.filter((unit) => unit.isSatisfied).length} / {units.length}
                    </Table.Td>
                    <Table.Td>
                      <StatusBadge status={isSatisfied ? 'done' : 'quiet'}>
                        {t(isSatisfied ? 'state_satisfied' : 'state_open')}
                      </StatusBadge>
                    </Table.Td>
                    <Table.Td>
                      {mayWaive && open && (
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          aria-label={`${t('waive')}: ${learner.name}, ${open.unit + 1}`}
                          onClick={() => void waive(id, open.unit).catch(noticeProblem)}
                        >
                          {t('waive')} {open.unit + 1}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  );
}
