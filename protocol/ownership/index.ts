export * from './contributor-tree.ts';
export * from './journal-walk.ts';
export * from './manifest.ts';
export * from './mint-terms.ts';
export * from './rubric.ts';
export * from './shares.ts';
export * from './verify.ts';
