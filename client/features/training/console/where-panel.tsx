import { Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { TrainingSession } from '#net/index';
import type { Procedure } from '#protocol/procedures/index';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import { personColor } from '../../../ui/index.ts';
import { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';
import { boxAround, PersonMark } from '../views/plan.tsx';
import css from './console.module.css';
import { useReadable } from './use-session.ts';

/** Positions are drawn anew this often, ms: often enough to follow somebody, and no work for the page. */
const DRAW_MS = 250;
const AHEAD: Vec3 = [0, 0, -1];

interface Stand {
  readonly participant: number;
  readonly x: number;
  readonly z: number;
  readonly forwardInRoom: Vec3;
}

interface Props {
  readonly session: TrainingSession;
  readonly procedure: Procedure | null;
  readonly language: string;
}

/** Where people are and where they look, from above. */
export function WherePanel({ session, procedure, language }: Props) {
  const t = trainingStrings.useText();
  const stands = useStands(session);
  const roster = useReadable(session.participants);
  const words = procedure && new RunWords(procedure, language, t);
  const things = (procedure?.workplace.things ?? []).flatMap(({ id, poseInRoom }) =>
    poseInRoom ? [{ id, x: poseInRoom.position[0], z: poseInRoom.position[2] }] : [],
  );
  const people = stands.flatMap((stand) => {
    const person = roster.find(({ participant }) => participant === stand.participant);
    return person ? [{ ...stand, person }] : [];
  });
  return (
    <section className={css['panel']} aria-labelledby="where">
      <div>
        <Title order={2} id="where">
          {t('where')}
        </Title>
        <Text size="sm" c="dimmed">
          {people.length === 0 ? t('whereEmpty') : t('whereText')}
        </Text>
      </div>
      {people.length > 0 && (
        <svg
          className={css['plan']}
          viewBox={boxAround([...people, ...things])}
          role="img"
          aria-label={people.map(({ person }) => person.name).join(', ')}
        >
          {things.map(({ id, x, z }) => (
            <rect key={id} x={x - 0.06} y={z - 0.06} width={0.12} height={0.12} fill="var(--wh-sheet-ink)">
              <title>{words?.thing(id)}</title>
            </rect>
          ))}
          {people.map(({ person, x, z, forwardInRoom }) => (
            <PersonMark
              key={person.participant}
              name={person.name}
              {...{ x, z, forwardInRoom }}
              color={personColor(person.user)}
            />
          ))}
        </svg>
      )}
    </section>
  );
}

function useStands(session: TrainingSession): readonly Stand[] {
  const [stands, setStands] = useState<readonly Stand[]>([]);
  useEffect(() => {
    const known = new Map<number, Stand>();
    const stops = [
      session.onBodies((bodies) => {
        for (const { participant, body } of bodies) {
          const { position, rotation } = body.headInRoom;
          const forwardInRoom = rotateVec3(rotation, AHEAD);
          known.set(participant, { participant, x: position[0], z: position[2], forwardInRoom });
        }
      }),
      session.onLost((gone) => gone.forEach((participant) => known.delete(participant))),
    ];
    let shown = '';
    const timer = setInterval(() => {
      const now = [...known.values()];
      const next = JSON.stringify(now);
      if (next !== shown) setStands(now);
      shown = next;
    }, DRAW_MS);
    return () => {
      clearInterval(timer);
      stops.forEach((stop) => stop());
    };
  }, [session]);
  return stands;
}
