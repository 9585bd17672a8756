import { DocumentWorkplace } from '../document/document-workplace.tsx';

/** The workplace in 3D; its page form until the scene stands. */
export const SceneStage = () => <DocumentWorkplace />;
