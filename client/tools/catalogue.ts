import type { ToolId } from '../scene/room-view.types.ts';
import { CommentTool } from './comment/comment-tool.ts';
import { MeasureTool } from './measure/measure-tool.ts';
import { MoveTool } from './move/move-tool.ts';
import { RotateTool } from './rotate/rotate-tool.ts';
import { SelectTool } from './select/select-tool.ts';
import type { Tool, Workbench } from './tool.types.ts';

/** Every tool of the 3D view. A new tool: one folder, one line here, its id in `room-view.types.ts`. */
export const createTools = (bench: Workbench): Record<ToolId, Tool> => ({
  select: new SelectTool(bench),
  move: new MoveTool(bench),
  rotate: new RotateTool(bench),
  comment: new CommentTool(bench),
  measure: new MeasureTool(bench),
});
