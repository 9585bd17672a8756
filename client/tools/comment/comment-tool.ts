import type { Pointer, Tool, Workbench } from '../tool.types.ts';

/** A click on a face asks for a comment there; the panel takes the text. */
export class CommentTool implements Tool {
  readonly id = 'comment' as const;
  readonly #bench: Workbench;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  activate(): void {
    this.#bench.stage.canvas.style.cursor = 'crosshair';
  }

  deactivate(): void {
    this.#bench.stage.canvas.style.cursor = '';
  }

  click({ hit }: Pointer): void {
    const { newComment, openComment } = this.#bench;
    if (!hit) {
      newComment.set(null);
      return;
    }
    openComment.set(null);
    const { part, face, pointInPart, normalInPart } = hit;
    newComment.set({ part, face, pointInPart, normalInPart });
  }

  cancel(): boolean {
    if (!this.#bench.newComment.get()) return false;
    this.#bench.newComment.set(null);
    return true;
  }
}
