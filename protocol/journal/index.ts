export * from './block.ts';
export * from './entry.ts';
export * from './model.ts';
export * from './replay.ts';
export * from './snapshot.ts';
