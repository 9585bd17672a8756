/** cmi5 (Quartz) as pure rules, for the side that launches and the side that is launched: README.md has the map. */
export * from './au-session.ts';
export * from './launch.ts';
export * from './preferences.ts';
export { isRelative, pathInPackage, readStructure, type ReadStructure, type StructureFault } from './read-structure.ts';
export * from './satisfaction.ts';
export * from './session-rules.ts';
export * from './structure.ts';
export * from './vocabulary.ts';
export { writeStructure } from './write-structure.ts';
