import type { RunParticipant } from '#protocol/training/index';

/** Who does a run, as it was chosen. */
export interface CrewChoice {
  /** Of the instructor who starts it. */
  readonly me: string;
  /** The instructor takes part as this; null: not at all. */
  readonly ownRole: string | null;
  readonly people: readonly string[];
  readonly nameOf: (id: string) => string;
  readonly rolesOf: (id: string) => readonly string[];
  /** Null: wherever they are needed. */
  readonly stationOf: (id: string) => string | null;
}

/** Everybody once: who takes part with a role of their own has that alone, and goes to every station. */
export function crewOf({ me, ownRole, people, nameOf, rolesOf, stationOf }: CrewChoice): RunParticipant[] {
  const own = ownRole === null ? [] : [{ id: me, name: nameOf(me), roles: [ownRole], station: null }];
  return [
    ...people
      .filter((id) => id !== me || ownRole === null)
      .map((id) => ({
        ...{ id, name: nameOf(id), roles: rolesOf(id) },
        // Alone one goes wherever there is something to do.
        station: people.length > 1 ? stationOf(id) : null,
      })),
    ...own,
  ] as unknown as RunParticipant[];
}
