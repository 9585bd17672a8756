export * from './document.ts';
export * from './snapshot.ts';
