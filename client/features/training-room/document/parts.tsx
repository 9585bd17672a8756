import { Button, NativeSelect, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { IDENTITY_POSE } from '#protocol/spatial/index';
import type { Thing } from '#protocol/procedures/index';
import { tellPlaced } from '../model/handling.ts';
import {
  destinations,
  movableThings,
  posesInRoom,
  posesToTell,
  seatIn,
  seatPoseInRoom,
  startPoses,
  UNKNOWN_BOX,
} from '../model/workplace.ts';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './document.module.css';

const BENCH = 'bench';

/** Choose a part, take it, choose where, put it there. What stands fixed can be touched and used. */
export function Parts() {
  const t = trainingRoomStrings.useText();
  const { procedure, state, session, row, say, hand, tell } = useRun();
  const [chosen, setChosen] = useState('');
  const [where, setWhere] = useState('');
  const movable = useMemo(() => new Set(movableThings(procedure)), [procedure]);
  const starts = useMemo(() => startPoses(procedure, () => UNKNOWN_BOX), [procedure]);
  const me = session.me.user;
  const held = procedure.workplace.things.filter(({ id }) => state.world.held[id] === me);
  const others = procedure.workplace.things.filter(({ kind }) => kind !== 'protection');
  const thing = others.find(({ id }) => id === chosen) ?? null;
  const stateOf = ({ id }: Thing): string => {
    const holder = state.world.held[id];
    if (holder && holder !== me)
      return ` – ${t('takenBy', { name: row.participants.find((one) => one.id === holder)?.name ?? '' })}`;
    return state.world.mounted.includes(id) ? ` – ${t('isMounted')}` : '';
  };
  const options = others
    .map((one) => ({ value: one.id as string, label: say.text(one.name) + stateOf(one) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, say.language, { numeric: true }));

  const take = (id: Thing['id']) => {
    const holder = state.world.held[id];
    if (holder === undefined || holder === me) hand.act({ type: 'grabbed', thing: id });
    else tell(t('takenBy', { name: row.participants.find((one) => one.id === holder)?.name ?? '' }), 'bad');
  };
  // Nothing is seen to move here, so it is said; whether it was the right thing the run says.
  const reach = (type: 'touched' | 'used', { id, name }: Thing) => {
    if (hand.act({ type, thing: id })) tell(t(`${type}Now`, { thing: say.text(name) }), 'good');
  };
  const put = (id: string) => {
    const reference = where === BENCH ? null : where;
    const poses = posesInRoom(procedure, state, starts);
    const seat = seatIn(procedure, state, id, reference);
    const base = reference === null ? starts.get(id) : poses.get(reference);
    const pose = (seat && seatPoseInRoom(seat, poses)) ?? base ?? IDENTITY_POSE;
    const told = posesToTell(procedure, poses, id, pose);
    // What has no place of its own there lies at its middle.
    if (reference !== null && !told.some((one) => one.in === reference))
      told.push({ in: reference as never, pose: IDENTITY_POSE });
    if (!hand.act({ type: 'placed', thing: id as never, poses: told as never })) return;
    setWhere('');
    setChosen('');
    tellPlaced({ state, row, say, tell }, id, seat);
  };

  return (
    <section className={css['group']} aria-labelledby="document-parts">
      <Title order={2} size="h4" id="document-parts">
        {t('parts')}
      </Title>
      <div className={css['row']}>
        <NativeSelect
          label={t('part')}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={[{ value: '', label: t('choosePart') }, ...options]}
          style={{ flex: '1 1 220px' }}
        />
        {thing && movable.has(thing) && <Button onClick={() => take(thing.id)}>{t('take')}</Button>}
        {thing && (
          <>
            <Button variant="default" onClick={() => reach('touched', thing)}>
              {t('touch')}
            </Button>
            <Button variant="default" onClick={() => reach('used', thing)}>
              {t('use')}
            </Button>
          </>
        )}
      </div>
      {held.map(({ id, name }) => (
        <div key={id} className={css['row']} role="group" aria-label={t('inHand', { thing: say.text(name) })}>
          <Text w="100%" fw={560} role="status">
            {t('inHand', { thing: say.text(name) })}
          </Text>
          <NativeSelect
            label={t('where')}
            value={where}
            onChange={(event) => setWhere(event.currentTarget.value)}
            data={[
              { value: '', label: '–' },
              ...destinations(procedure)
                .filter((one) => one !== id)
                .map((one) =>
                  one === null
                    ? { value: BENCH, label: t('onBench') }
                    : { value: one, label: t('onThing', { thing: say.name('things', one) }) },
                ),
            ]}
            style={{ flex: '1 1 220px' }}
          />
          <Button disabled={where === ''} onClick={() => put(id)}>
            {t('put')}
          </Button>
          <Button variant="default" onClick={() => hand.act({ type: 'released', thing: id })}>
            {t('putDown')}
          </Button>
        </div>
      ))}
    </section>
  );
}
