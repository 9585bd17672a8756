export * from './part.ts';
export * from './parametric.ts';
export * from './comment.ts';
export * from './brief.ts';
export * from './ops.ts';
export * from './document.ts';
export * from './reducer.ts';
export * from './model.ts';
