export * from './document.ts';
export * from './footprint.ts';
export * from './difference.ts';
