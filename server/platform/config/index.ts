export { APP_ROOT, WEB_ROOT } from './app-root.ts';
export { childEnvironment } from './child-environment.ts';
export { Config, readConfig } from './config.ts';
export { environmentSchema, type ConfigTree } from './config.tree.ts';
export { fleetGaps, requireFleetSettings, type FleetGap } from './fleet-settings.ts';
