export { ExportCourse } from './export-button.tsx';
