export * from './frame.ts';
export * from './motion.ts';
