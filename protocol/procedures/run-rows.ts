import { table, type Change, type Document, type Entity } from '../document/document.ts';
import type { Pose } from '../spatial/pose.ts';
import type { Procedure } from './procedure.ts';
import type { RunState, World } from './run-state.ts';

/** A run as rooms keep it: the engine's state but for its world in its own row, the world in rows that change little. */
export interface EngineRow {
  readonly id: string;
  readonly state: Omit<RunState, 'world'>;
}

/** Fields of the world that are a row each. Faults are not among them: the journal does not know them yet. */
const FIELDS = ['held', 'mounted', 'values', 'controls', 'worn', 'gaze', 'places', 'variables'] as const;

/** The state that belongs to a run's row. Rows with one digest have one state, so it is put together once. */
const states = new WeakMap<Entity, RunState>();

export function stateOf(document: Document, run: EngineRow, procedure: Procedure): RunState {
  const known = states.get(run as unknown as Entity);
  if (known) return known;
  const fields = Object.fromEntries(
    FIELDS.map((field) => [field, table(document, 'world').get(`${run.id}.${field}`)?.['is'] ?? emptyOf(field)]),
  );
  const placements: Record<string, Readonly<Record<string, Pose>>> = {};
  for (const { id } of procedure.workplace.things) {
    const row = table(document, 'placements').get(`${run.id}.${id}`);
    if (row) placements[id] = row['poses'] as Readonly<Record<string, Pose>>;
  }
  const world = { ...fields, placements, faults: {} } as unknown as World;
  const state: RunState = { ...run.state, world };
  states.set(run as unknown as Entity, state);
  return state;
}

/** What has to be written for a run whose engine state is now `state`; `before` null: it is new. */
export function writeRun<Row extends { readonly id: string }>(
  document: Document,
  row: Row,
  before: RunState | null,
  state: RunState,
): Change[] {
  const changes: Change[] = [];
  const write = (name: string, id: string, after: Entity | undefined) => {
    const was = table(document, name).get(id);
    if (was || after) changes.push({ table: name, id, ...(was ? { before: was } : {}), ...(after ? { after } : {}) });
  };
  const { world, ...rest } = state;
  const entity: Entity = { ...row, state: rest };
  states.set(entity, { ...state, world: { ...world, faults: {} } });
  write('runs', row.id, entity);
  for (const field of FIELDS)
    if (world[field] !== before?.world[field]) write('world', `${row.id}.${field}`, { is: world[field] });
  if (world.placements !== before?.world.placements) {
    const were = before?.world.placements ?? {};
    for (const thing of new Set([...Object.keys(were), ...Object.keys(world.placements)])) {
      const poses = world.placements[thing];
      if (poses !== were[thing]) write('placements', `${row.id}.${thing}`, poses && { poses });
    }
  }
  return changes;
}

const emptyOf = (field: (typeof FIELDS)[number]): unknown => (field === 'mounted' ? [] : {});
