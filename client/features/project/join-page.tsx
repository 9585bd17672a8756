import { Button, Stack, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { Page, ProblemNotice, shared, Wait } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { projectStrings } from './strings.ts';

/** Where an invitation link leads: joins, then goes on to the project. A stranger gives a name first (SignedInOnly). */
export default function JoinPage() {
  const t = projectStrings.useText();
  const words = shared.useText();
  const { token = '' } = useParams();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => api.acceptInvitation(token),
    onSuccess: ({ project }) => navigate(`/project/${project}`, { replace: true }),
  });
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return; // React's strict mode mounts twice; an invitation is accepted once
    asked.current = true;
    accept.mutate();
  }, [accept]);

  return (
    <Page title={t('joinTitle')} isNarrow>
      {accept.error ? (
        <Stack align="flex-start">
          <Title order={1}>{t('joinFailed')}</Title>
          <ProblemNotice thrown={accept.error} onRetry={() => accept.mutate()} />
          <Button component={Link} to="/" variant="default">
            {words('toTheHall')}
          </Button>
        </Stack>
      ) : (
        <Wait text={t('joining')} onCancel={() => void navigate('/')} />
      )}
    </Page>
  );
}
