import { decodeBlock, decodeSnapshot } from '#protocol/journal/index';
import type { JournalSource } from '../../../net/past-view.ts';
import type { HallApi } from '../../../net/api.ts';

/** The journal of a room, as the hall hands it out. */
export const journalSource = (api: Pick<HallApi, 'entries' | 'snapshotAt'>, room: string): JournalSource => ({
  entries: async (from, limit) =>
    (decodeBlock(await api.entries(room, from, limit)) as { blocks: readonly Uint8Array[] }).blocks,
  begin: async () => decodeSnapshot(await api.snapshotAt(room, 1)),
});
