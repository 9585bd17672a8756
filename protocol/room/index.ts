export * from './wire.ts';
export * from './participant-color.ts';
export * from './voice.ts';
