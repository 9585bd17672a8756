export * from './pose.ts';
