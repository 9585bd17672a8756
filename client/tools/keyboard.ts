import type { ToolId } from '../scene/room-view.types.ts';
import type { Commands } from './commands.ts';
import type { Tool, Workbench } from './tool.types.ts';

const TOOL_KEYS: Readonly<Record<string, ToolId>> = { q: 'select', g: 'move', r: 'rotate', c: 'comment', m: 'measure' };

/** Keys of the 3D view. They work while the canvas or nothing has the focus, so that fields and lists keep theirs. */
export function listenToKeys(bench: Workbench, commands: Commands, tool: () => Tool, frame: () => void): () => void {
  const listener = (event: KeyboardEvent) => {
    const { target } = event;
    if (event.defaultPrevented || (target !== bench.stage.canvas && target !== document.body)) return;
    if (actOn(event)) event.preventDefault();
  };
  const actOn = (event: KeyboardEvent): boolean => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) return actWithCtrl(key, event.shiftKey);
    if (event.altKey) return false;
    const chosen = TOOL_KEYS[key];
    if (chosen) {
      bench.tool.set(chosen);
      return true;
    }
    switch (key) {
      case 'delete':
      case 'backspace':
        commands.deleteSelection();
        return true;
      case 'h':
        commands.hideSelection();
        return true;
      case 'f':
        frame();
        return true;
      case 'escape':
        if (tool().cancel?.()) return true;
        if (bench.tool.get() !== 'select') bench.tool.set('select');
        else bench.selection.set(new Set());
        return true;
      default:
        return false;
    }
  };
  const actWithCtrl = (key: string, isShift: boolean): boolean => {
    switch (key) {
      case 'z':
        if (isShift) commands.redo();
        else commands.undo();
        return true;
      case 'y':
        commands.redo();
        return true;
      case 'd':
        commands.duplicateSelection();
        return true;
      case 'g':
        commands.groupSelection();
        return true;
      case 'a':
        bench.selection.set(new Set(bench.world.shownParts()));
        return true;
      default:
        return false;
    }
  };
  document.addEventListener('keydown', listener);
  return () => document.removeEventListener('keydown', listener);
}
