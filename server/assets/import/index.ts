export { ImportController } from './import.controller.ts';
export { ImportLimits } from './import-limits.ts';
export { ImportService } from './import.service.ts';
export type { ImportRequest } from './import.service.ts';
