import { expect, it } from 'vitest';
import { crewOf, type CrewChoice } from './crew.ts';

const chosen = (more: Partial<CrewChoice> = {}) =>
  crewOf({
    ...{ me: 'ina', ownRole: null, people: ['tom', 'tia'], nameOf: (id) => id.toUpperCase() },
    rolesOf: (id) => (id === 'tom' ? ['fitter'] : ['store-keeper']),
    stationOf: (id) => (id === 'tom' ? 'press' : null),
    ...more,
  });

it('a team has roles and stations of its own', () => {
  expect(chosen()).toEqual([
    { id: 'tom', name: 'TOM', roles: ['fitter'], station: 'press' },
    { id: 'tia', name: 'TIA', roles: ['store-keeper'], station: null },
  ]);
});

it('who is alone goes wherever there is something to do', () => {
  expect(chosen({ people: ['tom'] })).toMatchObject([{ id: 'tom', station: null }]);
});

it('an instructor who takes part is in it once, with that role', () => {
  const crew = chosen({ ownRole: 'inspector', people: ['tom', 'ina'] });
  expect(crew.map(({ id, roles, station }) => [id, roles, station])).toEqual([
    ['tom', ['fitter'], 'press'],
    ['ina', ['inspector'], null],
  ]);
});
