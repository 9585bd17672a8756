import { Text } from '@mantine/core';
import { IconEyeCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { ReviewsWanted } from '#protocol/api/authoring';
import { textIn } from '#protocol/procedures/text';
import { currentLanguage, useNow, useQuantities } from '../../ui/index.ts';
import { api } from './session.ts';
import { sessionStrings } from './strings.ts';
import { useMine } from './use-mine.ts';
import css from './wanted-signatures.module.css';

/** Reviews are asked for while a page is open, ms. */
const REFRESH_MS = 10_000;
/** The oldest ones; the next come up once these are answered. */
const SHOWN = 3;

/** Procedures that I am asked to look at: of one project, or of all. Nothing when nothing waits. */
export function WantedReviews({ project }: { readonly project?: string }) {
  const t = sessionStrings.useText();
  const { ago } = useQuantities();
  const nowMs = useNow();
  const data = useMine({
    name: 'to-review',
    read: (signal) => api.ask(ReviewsWanted, 'GET', '/reviews/wanted', { signal }),
    everyMs: REFRESH_MS,
  });
  const wanted = (data?.reviews ?? []).filter((one) => !project || one.project.id === project);
  if (wanted.length === 0) return null;
  return (
    <section className={css['wanted']} aria-label={t('reviewsWanted')}>
      <IconEyeCheck size={22} stroke={1.7} aria-hidden />
      <ul className={css['lines']}>
        {wanted.slice(0, SHOWN).map(({ procedure, title, by, at, project: { id, title: of } }) => (
          <li key={procedure}>
            {t('reviewWanted')}{' '}
            <Link to={`/project/${id}/procedures/${procedure}?view=versions`}>
              {textIn(title, currentLanguage(), 'en') || procedure}
            </Link>
            <Text span size="sm" c="dimmed">
              {!project && ` · ${of}`} · {t('reviewAskedBy', { name: by.name, when: ago(at, nowMs) })}
            </Text>
          </li>
        ))}
        {wanted.length > SHOWN && <li>{t('reviewsMore', { count: wanted.length - SHOWN })}</li>}
      </ul>
    </section>
  );
}
