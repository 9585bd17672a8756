export * from './course.ts';
export * from './document.ts';
export * from './ids.ts';
export * from './model.ts';
export * from './ops.ts';
export * from './record.ts';
export { MAX_RUNS } from './reducer.ts';
export { stateOf } from './run-rows.ts';
export * from './seal.ts';
