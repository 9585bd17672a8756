import { GizmoTool } from '../gizmo-tool.ts';
import type { Workbench } from '../tool.types.ts';

/** Rings about the room's axes through the middle of what is selected. */
export class RotateTool extends GizmoTool {
  readonly id = 'rotate' as const;

  constructor(bench: Workbench) {
    super(bench, 'rotate');
  }
}
