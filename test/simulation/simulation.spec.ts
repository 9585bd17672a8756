import { describe, expect, it } from 'vitest';
import { tell, type Tale } from './world.ts';

/** `SIM_OPS=1000000 SEED=1 npx vitest run --project integration test/simulation` does a million; a run in CI some. */
const OPS = Number(process.env['SIM_OPS'] ?? 20_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** Ops in one room. A failure is replayed with the seed of its room alone. */
const OPS_PER_ROOM = Number(process.env['SIM_ROOM_OPS'] ?? 5_000);

describe('eight pages and a server, with everything going wrong', () => {
  it(
    `agree in the end and lose nothing (${OPS} ops, seed ${SEED})`,
    async () => {
      const tales: Tale[] = [];
      const rooms = Math.ceil(OPS / OPS_PER_ROOM);
      for (let room = 0; room < rooms; room++) {
        const seed = SEED + room;
        const tale = await tell(seed, Math.min(OPS, OPS_PER_ROOM)).catch((cause: Error) => {
          throw new Error(
            `Seed ${seed}: ${cause.message}\nAgain: SEED=${seed} SIM_OPS=${Math.min(OPS, OPS_PER_ROOM)} SIM_ROOM_OPS=${OPS_PER_ROOM}`,
            { cause },
          );
        });
        tales.push(tale);
        if (process.env['SIM_TALE']) console.log(JSON.stringify({ seed, ...tale }));
      }
      const sum = (key: keyof Tale) => tales.reduce((all, tale) => all + tale[key], 0);
      expect(sum('ops')).toBeGreaterThanOrEqual(OPS);
      expect(sum('crashes')).toBeGreaterThan(rooms);
      for (const key of ['saved', 'refused', 'undone', 'judgedWithLeases', 'drops', 'reloads'] as const)
        expect(sum(key), key).toBeGreaterThan(rooms * 3);
      console.log(
        `${sum('ops')} ops in ${rooms} rooms, ${sum('saved')} saved, ${sum('refused')} refused, ${sum('crashes')} crashes, ` +
          `${sum('drops')} drops, ${sum('reloads')} reloads: ${sum('seconds').toFixed(1)} s`,
      );
    },
    60_000 + OPS * 20,
  );
});
