import { Text } from '@mantine/core';
import { IconSignature } from '@tabler/icons-react';
import { Link } from 'react-router';
import { api } from './session.ts';
import { sessionStrings } from './strings.ts';
import { useMine } from './use-mine.ts';
import css from './wanted-signatures.module.css';

/** Signatures are asked for while a page is open, ms. */
const REFRESH_MS = 10_000;
/** The newest ones; the next come up once these are signed. */
const SHOWN = 3;

/** What cannot be minted before I sign: of one project, or wherever I have a share. Nothing when nothing waits. */
export function WantedSignatures({ project }: { readonly project?: string }) {
  const t = sessionStrings.useText();
  const data = useMine({ name: 'to-sign', read: (signal) => api.revisionsToSign(signal), everyMs: REFRESH_MS });
  const wanted = (data?.revisions ?? []).filter((revision) => !project || revision.project.id === project);
  if (wanted.length === 0) return null;
  return (
    <section className={css['wanted']} aria-label={t('signaturesWanted')}>
      <IconSignature size={22} stroke={1.7} aria-hidden />
      <ul className={css['lines']}>
        {wanted.slice(0, SHOWN).map(({ cid, title, project: { title: of } }) => (
          <li key={cid}>
            {t('signatureWanted')} <Link to={`/revision/${cid}`}>{title}</Link>
            {!project && (
              <Text span size="sm" c="dimmed">
                {' '}
                · {of}
              </Text>
            )}
          </li>
        ))}
        {wanted.length > SHOWN && <li>{t('signaturesMore', { count: wanted.length - SHOWN })}</li>}
      </ul>
    </section>
  );
}
