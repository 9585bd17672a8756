export { GuidanceModule } from './guidance.module.ts';
