export { Clock, FixedClock, SystemClock } from './clock.ts';
export { Ids, SeededIds, SystemIds } from './ids.ts';
