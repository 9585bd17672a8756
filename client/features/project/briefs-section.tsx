import { Button, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSpeakerphone } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import { may } from '#protocol/permissions/index';
import { Countdown, EmptyState } from '../../ui/index.ts';
import { NewBriefDialog } from './new-brief-dialog.tsx';
import css from './project-page.module.css';
import { projectStrings } from './strings.ts';

export function BriefsSection({ project }: { project: Project }) {
  const t = projectStrings.useText();
  const [isAsking, asking] = useDisclosure();
  const mayAsk = project.role !== null && may(project.role, 'brief.open');
  const button = mayAsk && (
    <Button variant="default" leftSection={<IconSpeakerphone size={18} stroke={1.7} />} onClick={asking.open}>
      {t('askCrowd')}
    </Button>
  );
  return (
    <section className={css['section']} aria-labelledby="briefs">
      <div className={css['sectionHead']}>
        <Title order={2} id="briefs">
          {t('briefs')}
        </Title>
        {project.briefs.length > 0 && button}
      </div>
      {project.briefs.length === 0 ? (
        <EmptyState
          icon={<IconSpeakerphone size={40} stroke={1.2} />}
          title={t('noBriefs')}
          text={t('noBriefsText')}
          action={button || undefined}
        />
      ) : (
        <div className={css['rows']}>
          {project.briefs.map((brief) => (
            <Link key={brief.id} to={`/brief/${brief.id}`} className={css['row']}>
              <div className={css['grow']}>
                <Text fw={560} truncate>
                  {brief.title}
                </Text>
                <div className={css['facts']}>
                  <Countdown deadlineAt={brief.deadlineAt} isOpen={brief.isOpen} />
                  <span>{t('submissions', { count: brief.submissionCount })}</span>
                </div>
              </div>
            </Link>
          ))}
        </div>
      )}
      {mayAsk && <NewBriefDialog project={project} isOpen={isAsking} onClose={asking.close} />}
    </section>
  );
}
