export * from './frame.ts';
export * from './hands.ts';
export * from './motion.ts';
