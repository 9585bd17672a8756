import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { indexOf, Procedure, react, start } from '#protocol/procedures/index';
import { searchOf, searchWith } from './search.ts';

const file = new URL('../../../../assets/procedures/lockout.procedure.json', import.meta.url);
const PRESS = Procedure.parse(JSON.parse(readFileSync(file, 'utf8')));
const KIM = 'kim' as never;

it('says how many hazards are found of how many, and takes no other step for a search', () => {
  const steps = [...indexOf(PRESS).steps.keys()];
  const searches = steps.filter((step) => searchOf(PRESS, { step: step as never, seen: [] }) !== null);
  expect(searches).toHaveLength(1);
  const people = [{ id: KIM, roles: [], station: null }];
  let { state } = start(PRESS, { mode: 'practice', seed: 1, participants: people, startedAtMs: 0 });
  const then = (event: object) => ({ state } = react(PRESS, state, event as never, state.nowMs + 1));
  then({ type: 'jumped', by: 'ina', to: searches[0] });
  for (const thing of ['oil-puddle', 'extinguisher', 'frayed-cable']) then({ type: 'touched', by: KIM, thing });
  expect(searchOf(PRESS, state.active[0]!)).toEqual({ needed: 5, found: 2 });
  // What a tap is answered with, before the run has it: one more, the same again, or nothing that is looked for.
  expect(searchWith(PRESS, state.active[0]!, 'oil-puddle')).toEqual({ needed: 5, found: 2 });
  expect(searchWith(PRESS, { ...state.active[0]!, seen: [] }, 'oil-puddle')).toEqual({ needed: 5, found: 1 });
  expect(searchWith(PRESS, state.active[0]!, 'extinguisher')).toBeNull();
});
