export { cmi5Migrations } from './cmi5.migrations.ts';
export { Cmi5Module } from './cmi5.module.ts';
