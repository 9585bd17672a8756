export * from './document.ts';
export * from './footprint.ts';
