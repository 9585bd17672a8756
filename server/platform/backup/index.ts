export { backUp, inspectBackup, restore, type BackupLabel } from './backup.ts';
