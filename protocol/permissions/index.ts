export * from './roles.ts';
export * from './decide.ts';
export * from './own-run.ts';
