export * from './session.ts';
export * from './projects.ts';
export * from './ownership.ts';
export * from './credentials.ts';
export * from './procedures.ts';
export * from './authoring.ts';
export * from './training.ts';
