import { createContext, use } from 'react';
import type { Project } from '#protocol/api/index';
import type { CheckFinding, Procedure } from '#protocol/procedures/index';
import type { DesignPart } from './model/design-parts.ts';
import type { ProcedureDraft } from './model/draft.ts';
import type { FindingPlace } from './model/finding-place.ts';
import type { Speaker } from './model/words.ts';

/** What the parts of the editor share: the document, how to change it, and where the author is. */
export interface Editor {
  readonly project: Project;
  readonly draft: ProcedureDraft;
  readonly procedure: Procedure;
  readonly findings: readonly CheckFinding[];
  /** In the language of the page. */
  readonly say: Speaker;
  readonly mayEdit: boolean;
  readonly edit: ProcedureDraft['edit'];
  /** The step that is shown. */
  readonly selected: string;
  readonly select: (step: string) => void;
  /** To a page of the editor, and there to a place. */
  readonly go: (place: FindingPlace) => void;
  /** Parts of the project's design, as soon as they are here. */
  readonly parts: readonly DesignPart[];
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = use(EditorContext);
  if (!editor) throw new Error('useEditor() is for the parts of the procedure page');
  return editor;
}
