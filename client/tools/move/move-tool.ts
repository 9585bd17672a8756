import { GizmoTool } from '../gizmo-tool.ts';
import type { Workbench } from '../tool.types.ts';

/** Arrows along the room's axes and tiles for its planes. */
export class MoveTool extends GizmoTool {
  readonly id = 'move' as const;

  constructor(bench: Workbench) {
    super(bench, 'move');
  }
}
