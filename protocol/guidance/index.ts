/** Jobs on real products: read README.md for the map. */
export * from './as-built.ts';
export * from './document.ts';
export * from './figures.ts';
export { gated, isOwnVariable } from './gated.ts';
export * from './model.ts';
export * from './ops.ts';
export * from './plan.ts';
export { planFault } from './reducer.ts';
export { hasSkill } from './reduce-evidence.ts';
