/** How the journal of a room is called on the disk of who saves it. */
export const journalFile = (room: string): string => `journal-${room}.cbor`;

/** What gives the run's points again where that file lies. An id that begins with a dash is no option. */
export const scoreLine = (room: string, run: string): string =>
  `npx workhall score --journal ${journalFile(room)} ${run.startsWith('-') ? '-- ' : ''}${run}`;
