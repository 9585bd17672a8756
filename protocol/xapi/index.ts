/** xAPI 1.0.3 and 2.0.0 as pure rules: read README.md for the map. */
export * from './activity.ts';
export { identitiesOf, identityOf, type Account, type Actor, type Agent, type Group } from './actor.ts';
export { isObject, type Fault } from './check.ts';
export { inUtc, isDuration, isIri, isLanguageTag, isSha2, isUuid, timestampMs } from './data-types.ts';
export * from './format.ts';
export * from './found-by.ts';
export * from './sameness.ts';
export * from './statement.ts';
export * from './version.ts';
export * from './profile/fit.ts';
export * from './profile/profile.ts';
export * from './profile/vocabulary.ts';
export * from './statements-of.ts';
export { uuid5 } from './uuid5.ts';
export { toldRun } from './procedure-run.ts';
