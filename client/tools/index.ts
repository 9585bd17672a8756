export { createRoomView } from './room-view.ts';
export { Commands, type CommandContext } from './commands.ts';
export { formatLength } from './measure/measure-tool.ts';
export type { RoomView, RoomViewOptions, ToolId, ViewDirection, XrMode } from '../scene/room-view.types.ts';
