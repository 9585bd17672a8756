export { ProceduresSection } from './views/procedures-section.tsx';
