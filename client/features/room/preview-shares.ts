import {
  advance,
  decodeBlock,
  openEntry,
  openJournal,
  type JournalState,
  type StoredEntry,
} from '#protocol/journal/index';
import { DESIGN_ROOMS } from '#protocol/design/index';
import { CURRENT_RUBRIC, ShareLedger, type Share } from '#protocol/ownership/index';
import { WorkhallError } from '#protocol/errors';
import type { HallApi } from '../../net/api.ts';

const PAGE = 500;

/** Replays the whole journal, with that of the room it was forked from, and asks the ledger who made what. */
export async function previewShares(
  api: Pick<HallApi, 'entries'>,
  room: string,
  signal?: AbortSignal,
): Promise<readonly Share[]> {
  const ledger = new ShareLedger();
  const state = await replay(api, room, Infinity, ledger, signal);
  return ledger.shares(state.document, CURRENT_RUBRIC);
}

async function replay(
  api: Pick<HallApi, 'entries'>,
  room: string,
  length: number,
  ledger: ShareLedger,
  signal?: AbortSignal,
): Promise<JournalState> {
  let state: JournalState | null = null;
  for (;;) {
    const from: number = state?.length ?? 0;
    const page = await entriesFrom(api, room, from, Math.min(PAGE, length - from), signal);
    for (const stored of page) {
      if (state === null) {
        const fork = (stored.entry.payload as { fork?: { room: string; length: number } }).fork;
        const parent: JournalState | null = fork ? await replay(api, fork.room, fork.length, ledger, signal) : null;
        const opened = openJournal(stored, parent?.document ?? null, DESIGN_ROOMS);
        if (!opened.ok) throw failed(opened.problem.message);
        state = opened.state;
        continue;
      }
      const next = advance(state, stored, DESIGN_ROOMS);
      if (!next.ok) throw failed(next.problem.message);
      ledger.record(stored.entry, next.changes);
      state = next.state;
    }
    if (state === null) throw failed('The journal is empty.');
    if (page.length < PAGE || state.length >= length) return state;
  }
}

async function entriesFrom(
  api: Pick<HallApi, 'entries'>,
  room: string,
  from: number,
  limit: number,
  signal?: AbortSignal,
): Promise<StoredEntry[]> {
  const answer = decodeBlock(await api.entries(room, from, limit, signal)) as { blocks: Uint8Array[] };
  return answer.blocks.map(openEntry);
}

const failed = (message: string): WorkhallError =>
  new WorkhallError('room', 'unreadable_journal', `The history of this room cannot be read. ${message}`, {
    next: 'The design itself is safe. Publishing shows the shares as the server works them out.',
  });
