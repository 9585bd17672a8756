export { readArlem } from './arlem-read.ts';
export { ArlemActivity, ArlemWorkplace } from './arlem-schema.ts';
export { ARLEM_DIALECTS, writeArlem, type ArlemDialect } from './arlem-write.ts';
export type { Json, JsonObject, Loss } from './loss.ts';
export { readVrBuilder } from './vr-builder-read.ts';
export { writeVrBuilder } from './vr-builder-write.ts';
