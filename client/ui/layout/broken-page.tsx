import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useRouteError } from 'react-router';
import { shared } from '../strings/strings.ts';
import { Page } from './page.tsx';

/** A page threw while it was drawn, or its chunk is gone after an update of the hall. */
export function BrokenPage() {
  const t = shared.useText();
  const thrown = useRouteError();
  return (
    <Page title={t('brokenTitle')} isNarrow>
      <Stack align="flex-start" gap="sm" py={64} maw={640}>
        <Title order={1}>{t('brokenTitle')}</Title>
        <Text c="dimmed">{t('brokenText')}</Text>
        <Group>
          <Button onClick={() => location.reload()}>{t('reload')}</Button>
          <Button variant="default" onClick={() => location.assign('/')}>
            {t('toTheHall')}
          </Button>
        </Group>
        <details>
          <summary>{t('details')}</summary>
          <Code block>{thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}</Code>
        </details>
      </Stack>
    </Page>
  );
}
