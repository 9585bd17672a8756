import type { TrainingRoomView } from '#protocol/api/training';

type Loaded = TrainingRoomView['procedures'][number];

/** Of each procedure the newest release that the room has: what a new run takes. */
export function newestLoaded(procedures: readonly Loaded[]): Loaded[] {
  const best = new Map<string, Loaded>();
  for (const one of procedures) if (one.number >= (best.get(one.line)?.number ?? 0)) best.set(one.line, one);
  return [...best.values()];
}

/** Of which a newer release is out than the room has. */
export const withNewerRelease = (procedures: readonly Loaded[]): Loaded[] =>
  newestLoaded(procedures).filter(({ number, newest }) => newest.number > number);

/** Whether the room has a newer release of the same procedure than this document. */
export function isSuperseded(procedures: readonly Loaded[], document: string): boolean {
  const own = procedures.find(({ procedure }) => procedure === document);
  return (
    own !== undefined && newestLoaded(procedures).some(({ line, number }) => line === own.line && number > own.number)
  );
}

/** The open room in which a procedure is run, with its newest release before others; the newest of such rooms. */
export function roomFor(rooms: readonly TrainingRoomView[], line: string): TrainingRoomView | null {
  const has = rooms.filter(({ closed, procedures }) => !closed && procedures.some((one) => one.line === line));
  const isNewest = ({ procedures }: TrainingRoomView) => !withNewerRelease(procedures).some((one) => one.line === line);
  return has.find(isNewest) ?? has[0] ?? null;
}
