import type { Fleet } from './fleet.ts';
import type { Forward } from './forward.ts';
import type { RedisFleet } from './redis-fleet.ts';

export { Fleet, ThisProcess, type HallProcess } from './fleet.ts';
export { FleetModule } from './fleet.module.ts';
export { fleetMigrations, isAlive, type Neighbour } from './process-registry.ts';
export { isNoAnswer, ProcessGone } from './fleet-problems.ts';
export type { RedisFleet } from './redis-fleet.ts';
export type { Forward } from './forward.ts';
export { Turns } from './turns.ts';

/** Null in a hall of one process, which has nobody to pass anything on to. */
export async function forwardOf(fleet: Fleet): Promise<Forward | null> {
  return fleet.isShared ? new (await import('./forward.ts')).Forward(fleet as RedisFleet) : null;
}
