export { Health, type PartState } from './health.ts';
