/** Simulated equipment: read README.md for the map. */
export { MAX_SHELVED_MS } from './alarms.ts';
export * from './catalogue.ts';
export { TICK_S } from './machine.ts';
export * from './model.ts';
export * from './report.ts';
export * from './wire.ts';
