import { Text, Title } from '@mantine/core';
import { IconSchool } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { CoursesAssigned } from '#protocol/api/courses';
import { textIn } from '#protocol/procedures/text';
import { currentLanguage, StatusBadge, useQuantities } from '../../ui/index.ts';
import css from './assigned-courses.module.css';
import { api } from './session.ts';
import { sessionStrings } from './strings.ts';
import { useMine } from './use-mine.ts';

/** Courses are assigned while a page is open, ms. */
const REFRESH_MS = 30_000;
const SHOWN = 4;

/** What I am to learn, next due first, each leading to where it is done. Nothing when nothing is left. */
export function AssignedCourses() {
  const t = sessionStrings.useText();
  const { dayShort } = useQuantities();
  const [isWhole, setWhole] = useState(false);
  const data = useMine({
    name: 'courses-assigned',
    read: (signal) => api.ask(CoursesAssigned, 'GET', '/courses/assigned', { signal }),
    everyMs: REFRESH_MS,
  });
  const courses = data?.courses ?? [];
  if (courses.length === 0) return null;
  const say = (text: Record<string, string>) => textIn(text, currentLanguage(), 'en');
  return (
    <section className={css['assigned']} aria-labelledby="assigned">
      <Title order={2} size="h3" id="assigned">
        {t('coursesAssigned')}
      </Title>
      <ul className={css['courses']}>
        {courses.slice(0, isWhole ? courses.length : SHOWN).map((one) => (
          <li key={one.id}>
            <IconSchool size={22} stroke={1.7} aria-hidden />
            <div className={css['course']}>
              <Link to={`/project/${one.project.id}/courses/${one.id}`}>{say(one.title)}</Link>
              <Text size="sm" c="dimmed" className="wh-figures">
                {[
                  one.next && t('courseNext', { module: say(one.next.title) }),
                  t('courseProgress', { done: one.done, total: one.total }),
                  one.project.title,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </div>
            {one.dueAt === null ? (
              <Text size="sm" c="dimmed">
                {t('courseNoDay')}
              </Text>
            ) : (
              <StatusBadge status={one.isOverdue ? 'stop' : 'attention'}>
                {t(one.isOverdue ? 'courseOverdue' : 'courseDue', { day: dayShort(one.dueAt) })}
              </StatusBadge>
            )}
          </li>
        ))}
      </ul>
      {!isWhole && courses.length > SHOWN && (
        <button type="button" className={css['more']} onClick={() => setWhole(true)}>
          {t('coursesMore', { count: courses.length - SHOWN })}
        </button>
      )}
    </section>
  );
}
