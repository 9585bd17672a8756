import { Text } from '@mantine/core';
import { IconAlertTriangle, IconClockExclamation } from '@tabler/icons-react';
import { Link } from 'react-router';
import { PersonDot, useQuantities } from '../../ui/index.ts';
import css from './credentials.module.css';
import { LevelMark } from './level-mark.tsx';
import { skillColumns, type Person } from './matrix-filter.ts';
import { credentialStrings } from './strings.ts';

type HeldSkill = Person['skills'][number];

/** People down, skills across; each cell leads to the certificate. */
export function SkillsTable({ people }: { readonly people: readonly Person[] }) {
  const t = credentialStrings.useText();
  const columns = skillColumns(people);
  return (
    // Wide: the keyboard must be able to scroll it.
    <div className={css['scroll']} tabIndex={0} role="region" aria-label={t('skills')}>
      <table className={css['matrix']}>
        <thead>
          <tr>
            <th scope="col">{t('person')}</th>
            {columns.map(({ code, name }) => (
              <th key={code} scope="col">
                <b>{name}</b>
                <Text span size="xs" c="dimmed">
                  {code}
                </Text>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map(({ user, name, skills }) => (
            <tr key={user}>
              <th scope="row">
                <span className={css['person']}>
                  <PersonDot name={name} user={user} hasTooltip={false} />
                  {name}
                </span>
              </th>
              {columns.map(({ code }) => {
                const skill = skills.find((held) => held.code === code);
                return (
                  <td key={code}>
                    {skill ? (
                      <Held skill={skill} />
                    ) : (
                      <Text span c="dimmed" aria-label={t('none')}>
                        –
                      </Text>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The same on a phone: a card for each person. */
export function PeopleCards({ people }: { readonly people: readonly Person[] }) {
  const t = credentialStrings.useText();
  return (
    <div className={css['byPerson']}>
      {people.map(({ user, name, skills }) => (
        <section key={user} className={css['personCard']} aria-label={name}>
          <span className={css['person']}>
            <PersonDot name={name} user={user} hasTooltip={false} />
            {name}
          </span>
          {skills.length === 0 ? (
            <Text size="sm" c="dimmed" mt="xs">
              {t('noSkills')}
            </Text>
          ) : (
            <ul>
              {skills.map((skill) => (
                <li key={skill.code}>
                  <Held skill={skill} isNamed />
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

function Held({ skill, isNamed = false }: { readonly skill: HeldSkill; readonly isNamed?: boolean }) {
  const t = credentialStrings.useText();
  const { day } = useQuantities();
  const { state, validUntil } = skill;
  const Icon = state === 'expired' ? IconAlertTriangle : state === 'expiring' ? IconClockExclamation : null;
  return (
    <Link className={css['cell']} data-state={state} to={`/credential/${skill.certificate}`} title={skill.title}>
      <LevelMark level={skill.level} isOver={state === 'expired'} hasTooltip={!isNamed} />
      <span>
        {isNamed && (
          <Text size="sm" fw={560} c="var(--wh-text)">
            {skill.name}
          </Text>
        )}
        <span className={css['until']}>
          {Icon && <Icon size={14} aria-label={t(`state_${state}`)} role="img" />}
          {validUntil === null ? t('noEnd') : t('until', { day: day(validUntil) })}
        </span>
      </span>
    </Link>
  );
}
