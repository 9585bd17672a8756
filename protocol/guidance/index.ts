/** Jobs on real products: read README.md for the map. */
export { errorAt } from './alignment.ts';
export * from './as-built.ts';
export { changeOf, whyNotHere, type InstructionChange } from './changes.ts';
export * from './document.ts';
export { documentsIn, type DocumentKind, type ShownDocument } from './documents.ts';
export * from './figures.ts';
export * from './help.ts';
export * from './help-ops.ts';
export { gated, isOwnVariable } from './gated.ts';
export * from './model.ts';
export * from './ops.ts';
export * from './plan.ts';
export { valuesToTell, type DeviceReading } from './values.ts';
export { planFault } from './reducer.ts';
export { actTimeMs, awayFrom, releaseDidOf, releaseKeyOf, signSlip, type ReleaseSlip } from './reduce-offline.ts';
export { webVttOf } from './web-vtt.ts';
export { BY_HAND, hasSkill } from './reduce-evidence.ts';
