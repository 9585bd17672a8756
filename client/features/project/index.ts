export { importFile, undoImport, type ImportedFile, type ImportProgress, type ImportStep } from './import-file.ts';
export { ImportBar } from './import-bar.tsx';
export { imports, useImports, type RunningImport } from './imports.ts';
