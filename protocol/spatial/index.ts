export * from './pose.ts';
export * from './mix.ts';
