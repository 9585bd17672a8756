import { matchMaker } from '@colyseus/core';
import { RedisDriver } from '@colyseus/redis-driver';
import { RedisPresence } from '@colyseus/redis-presence';
import type { RedisFleet } from '../../platform/fleet/index.ts';
import { patientRedis } from '../../platform/fleet/redis-line.ts';

const NOTE_TTL_MS = 10_000;
/** Beats between two looks at what dead processes left in Redis. */
const SWEEP_EVERY = 30;

/**
 * Colyseus over Redis: its listing of rooms (the driver), and the seats that one process reserves in a room of another
 * (presence). Which room is where, and who is dead, is decided by ourselves: Colyseus takes 2 to 5 s to find out, places
 * by number of rooms, and may open two rooms of one journal (docs/decisions/0012-several-processes-one-hall.md).
 */
export class ColyseusRedis {
  readonly #presence: RedisPresence;
  readonly #driver: RedisDriver;
  #beats = 0;

  constructor(
    url: string,
    private readonly fleet: RedisFleet,
  ) {
    this.#presence = new RedisPresence(patientRedis(url));
    this.#driver = new RedisDriver(patientRedis(url));
  }

  async setUp(): Promise<void> {
    matchMaker.setHealthChecksEnabled(false);
    await matchMaker.setup(this.#presence, this.#driver, undefined, async () => matchMaker.processId);
    this.fleet.onBeat(() => this.#onBeat());
    await this.#onBeat();
  }

  async close(): Promise<void> {
    this.#presence.shutdown();
    await this.#driver.shutdown();
  }

  async #onBeat(): Promise<void> {
    await this.fleet.keep(`colyseus:${matchMaker.processId}`, true, NOTE_TTL_MS);
    if (this.#beats++ % SWEEP_EVERY === 0) await this.#sweep();
  }

  /** Listings of processes that ended without a goodbye. Nobody is led by them; they would only gather. */
  async #sweep(): Promise<void> {
    const listings = await this.#driver.query({});
    const stats = await matchMaker.stats.fetchAll();
    const ids = new Set([...listings, ...stats].map(({ processId }) => processId));
    for (const id of ids) {
      if (await this.fleet.recall(`colyseus:${id}`)) continue;
      await this.#driver.cleanup(id);
      await matchMaker.stats.excludeProcess(id);
    }
    await this.fleet.registry.forgetDead();
  }
}
