import { Button, Group, Select, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCertificate, IconUserPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { Project } from '#protocol/api/index';
import { may, ROLES, type Role } from '#protocol/permissions/index';
import { noticeDone, noticeProblem, PersonDot, roleName, shared } from '../../ui/index.ts';
import { api, useMe } from '../session/index.ts';
import { DemoRoleChoice } from './demo-role.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import css from './project-page.module.css';
import { projectStrings } from './strings.ts';

export function MembersSection({ project }: { project: Project }) {
  const t = projectStrings.useText();
  const words = shared.useText();
  const me = useMe();
  const queries = useQueryClient();
  const [isInviting, inviting] = useDisclosure();
  const maySetRoles = project.role !== null && may(project.role, 'member.setRole');

  const setRole = async (user: string, role: Role) =>
    queries.setQueryData(['project', project.id], await api.setMemberRole(project.id, user, role));
  const change = (member: Project['members'][number], role: Role) =>
    setRole(member.user, role).then(
      () =>
        noticeDone(
          t('roleChanged', { name: member.name, role: roleName(words, role) }),
          () => void setRole(member.user, member.role).catch(noticeProblem),
        ),
      noticeProblem,
    );

  const section = useRef<HTMLElement>(null);
  // The page is asked for first: browsers have looked for the place of the address before it was there.
  useEffect(() => {
    if (location.hash === '#members') section.current?.scrollIntoView();
  }, []);
  return (
    <section ref={section} className={css['section']} aria-labelledby="members">
      <div className={css['sectionHead']}>
        <Title order={2} id="members">
          {t('members')}
        </Title>
        <Group gap="xs">
          {project.role !== null && (
            <Button
              component={Link}
              to={`/project/${project.id}/skills`}
              variant="default"
              leftSection={<IconCertificate size={18} stroke={1.7} />}
            >
              {t('skills')}
            </Button>
          )}
          {project.role !== null && may(project.role, 'member.invite') && (
            <Button variant="default" leftSection={<IconUserPlus size={18} stroke={1.7} />} onClick={inviting.open}>
              {t('invite')}
            </Button>
          )}
        </Group>
      </div>
      <DemoRoleChoice project={project} />
      <div className={css['rows']}>
        {project.members.map((member) => (
          <div key={member.user} className={css['row']}>
            <PersonDot name={member.name} user={member.user} size={32} />
            <Text className={css['grow']} truncate>
              {member.name}
              {member.user === me.id && (
                <Text span c="dimmed">
                  {' '}
                  ({words('me')})
                </Text>
              )}
            </Text>
            {maySetRoles && member.user !== me.id ? (
              <Select
                aria-label={t('roleOf', { name: member.name })}
                size="xs"
                w={132}
                allowDeselect={false}
                value={member.role}
                data={ROLES.map((role) => ({ value: role, label: roleName(words, role) }))}
                onChange={(role) => role && void change(member, role as Role)}
              />
            ) : (
              <Text size="sm" c="dimmed">
                {roleName(words, member.role)}
              </Text>
            )}
          </div>
        ))}
      </div>
      <InviteDialog project={project} isOpen={isInviting} onClose={inviting.close} />
    </section>
  );
}
