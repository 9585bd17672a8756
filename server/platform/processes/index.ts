export { ChildProcesses, type Child, type ChildOptions } from './child-processes.ts';
export { DataFolder, holderOf } from './data-folder.ts';
export { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';
