import { Button, SegmentedControl, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconCertificate, IconFileSpreadsheet, IconSearch, IconSearchOff, IconUserCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { SkillsMatrix } from '#protocol/api/index';
import { matrixCsv } from '#protocol/credentials/index';
import { EmptyState, Page, ProblemNotice, Wait, saveCsv } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { CertifyDialog } from './certify-dialog.tsx';
import css from './credentials.module.css';
import { filtered, type Wanted } from './matrix-filter.ts';
import { PeopleCards, SkillsTable } from './skills-table.tsx';
import { credentialStrings } from './strings.ts';

/** `/project/:id/skills`: who can do what, until when, and what proves it. */
export default function SkillsPage() {
  const { id = '' } = useParams();
  const matrix = useQuery({ queryKey: ['skills', id], queryFn: ({ signal }) => api.skillsMatrix(id, signal) });
  const project = useQuery({ queryKey: ['project', id], queryFn: ({ signal }) => api.project(id, signal) });
  const title = project.data?.title ?? '';
  if (matrix.data) return <Skills id={id} title={title} matrix={matrix.data} />;
  return (
    <Page title={title}>
      {matrix.error ? <ProblemNotice thrown={matrix.error} onRetry={() => void matrix.refetch()} /> : <Wait />}
    </Page>
  );
}

interface SkillsProps {
  readonly id: string;
  readonly title: string;
  readonly matrix: SkillsMatrix;
}

function Skills({ id, title, matrix }: SkillsProps) {
  const t = credentialStrings.useText();
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState<Wanted>('all');
  const [isCertifying, certifying] = useDisclosure();
  const isPhone = useMediaQuery('(max-width: 700px)');
  const people = useMemo(() => filtered(matrix.people, query, wanted), [matrix, query, wanted]);
  const count = (state: Wanted) =>
    filtered(matrix.people, '', state).reduce((sum, { skills }) => sum + skills.length, 0);
  const isEmpty = matrix.people.every(({ skills }) => skills.length === 0);
  const save = () => {
    const heads = [
      t('person'),
      t('code'),
      t('skill'),
      t('level'),
      t('state'),
      t('validUntil'),
      t('certificate'),
      t('evidence'),
    ];
    const rows = people.map(({ name, skills }) => ({ person: name, skills }));
    saveCsv(`${title || t('skills')}.csv`, matrixCsv(rows, heads));
  };
  const certify = matrix.mayIssue && (
    <Button leftSection={<IconUserCheck size={18} stroke={1.7} />} onClick={certifying.open}>
      {t('certify')}
    </Button>
  );

  return (
    <Page title={t('skillsOf', { project: title })}>
      <Text size="sm" c="dimmed">
        <Link to={`/project/${id}`} style={{ color: 'inherit' }}>
          {title}
        </Link>
      </Text>
      <Title order={1} mt={4}>
        {t('skills')}
      </Title>
      <Text size="sm" c="dimmed" mt={4}>
        {matrix.isWhole ? t('skillsText') : t('onlyMine')}
      </Text>
      {isEmpty ? (
        <div style={{ marginTop: 24 }}>
          <EmptyState
            icon={<IconCertificate size={40} stroke={1.2} />}
            title={t('noSkills')}
            text={t('noSkillsText')}
            action={certify || undefined}
          />
        </div>
      ) : (
        <>
          <div className={css['tools']}>
            <TextInput
              className={css['search']}
              type="search"
              aria-label={t('search')}
              placeholder={t('search')}
              leftSection={<IconSearch size={18} stroke={1.6} />}
              value={query}
              onChange={(event) => setQuery(event.currentTarget.value)}
            />
            <SegmentedControl
              value={wanted}
              onChange={(value) => setWanted(value as Wanted)}
              data={(['all', 'expiring', 'expired'] as const).map((value) => ({
                value,
                label: value === 'all' ? t('all') : `${t(value)} ${count(value)}`,
              }))}
            />
            <Button variant="default" leftSection={<IconFileSpreadsheet size={18} stroke={1.7} />} onClick={save}>
              {t('csv')}
            </Button>
            {certify}
          </div>
          {people.length === 0 ? (
            <EmptyState
              icon={<IconSearchOff size={40} stroke={1.2} />}
              title={t('nothingFound')}
              text={t('nothingFoundText')}
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    setQuery('');
                    setWanted('all');
                  }}
                >
                  {t('showAll')}
                </Button>
              }
            />
          ) : isPhone ? (
            <PeopleCards people={people} />
          ) : (
            <SkillsTable people={people} />
          )}
        </>
      )}
      <CertifyDialog project={id} people={matrix.people} isOpen={isCertifying} onClose={certifying.close} />
    </Page>
  );
}
