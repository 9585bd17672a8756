import { Button, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { shared } from '../strings/strings.ts';
import { Page } from './page.tsx';

export function NotFoundPage() {
  const t = shared.useText();
  return (
    <Page title={t('notFoundTitle')} isNarrow>
      <NotFound />
    </Page>
  );
}

export function NotFound() {
  const t = shared.useText();
  return (
    <Stack align="flex-start" gap="sm" py={64} maw={520}>
      <OpenWrench />
      <Title order={1}>{t('notFoundTitle')}</Title>
      <Text c="dimmed">{t('notFoundText')}</Text>
      <Button component={Link} to="/" mt="sm">
        {t('toTheHall')}
      </Button>
    </Stack>
  );
}

/** An empty spot on a tool wall: the outline of the spanner that hangs elsewhere. */
function OpenWrench() {
  return (
    <svg width="220" height="72" viewBox="0 0 220 72" aria-hidden>
      <path
        d="M20 36c0-14 11-24 24-24 4 0 7 .8 10 2L42 26v20l12 12c-3 1.200-6 2-10 2-13 0-24-10-24-24Zm40-9h104c4-9 13-15 23-15l-8 12v24l8 12c-10 0-19-6-23-15H60"
        fill="none"
        stroke="var(--wh-sheet-ink)"
        strokeWidth="1.5"
        strokeDasharray="6 5"
        strokeLinejoin="round"
      />
      <circle cx="112" cy="12" r="3" fill="var(--wh-accent)" />
    </svg>
  );
}
