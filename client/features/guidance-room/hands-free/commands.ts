/** What one can do without hands. */
export type Command = 'next' | 'again' | 'overview' | 'photo' | 'help' | 'pause';
export type Means = 'pedal' | 'dwell' | 'pinch' | 'nod' | 'voice';
export const MEANS: readonly Means[] = ['pedal', 'dwell', 'pinch', 'nod', 'voice'];

/** Pedals and presenters send the keys of a keyboard (HID): most of them these. */
const KEYS: Readonly<Record<string, Command>> = {
  PageDown: 'next',
  Enter: 'next',
  F7: 'next',
  MediaTrackNext: 'next',
  PageUp: 'again',
  F6: 'again',
  MediaTrackPrevious: 'again',
  F8: 'photo',
  F9: 'overview',
  F10: 'help',
};

interface KeyPress {
  readonly key: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * The command of a key; null: it belongs to somebody else. `isInField`: somebody writes, or a button has the focus, whose
 * own keys these are.
 */
export function commandOfKey(press: KeyPress, focus: 'page' | 'button' | 'field'): Command | null {
  if (press.repeat || press.ctrlKey || press.altKey || press.metaKey) return null;
  const command = KEYS[press.key] ?? null;
  if (focus === 'field') return press.key.startsWith('F') && press.key.length > 1 ? command : null;
  return focus === 'button' && press.key === 'Enter' ? null : command;
}
