const RETRY_FIRST_MS = 200;
const RETRY_MOST_MS = 5_000;
/** Share of the time away that passes between two attempts: a short drop is over soon, a long one asks rarely. */
const RETRY_SHARE = 0.04;

/** People of a room that moves are expected elsewhere: they come at once, spread a little. */
const MOVE_SPREAD_MS = 60;

/** How long to wait before the first attempt after the room was moved on purpose, ms. */
export const moveDelayMs = (chance = Math.random()): number => chance * MOVE_SPREAD_MS;

/** How long to wait before trying again, ms. Spread, so that a hall that restarts is not asked by everybody at once. */
export function retryDelayMs(awayMs: number, chance = Math.random()): number {
  return Math.min(RETRY_MOST_MS, Math.max(RETRY_FIRST_MS, awayMs * RETRY_SHARE)) * (0.5 + chance / 2);
}

/** Ends early when the browser says that there is a network again. */
export function sleepUntilOnline(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    globalThis.addEventListener?.('online', wake);
  });
}
