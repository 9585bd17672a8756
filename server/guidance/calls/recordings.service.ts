import { Injectable } from '@nestjs/common';
import type { Document } from '#protocol/document/index';
import { rowsOf, webVttOf, type RecordingRow } from '#protocol/guidance/index';
import { CidText, RoomId, UserId } from '#protocol/ids';
import { AssetStore } from '../../assets/index.ts';
import { People, type Person } from '../../identity/index.ts';
import { Clock } from '../../platform/clock/index.ts';
import { Database } from '../../platform/database/index.ts';
import { RoomHost } from '../../rooms/index.ts';
import { Jobs } from '../jobs.service.ts';
import type { CallTables } from './calls.migrations.ts';
import { problems } from './problems.ts';
import { decrypted, encrypted, RecordingKeys } from './recording-keys.ts';

const MIB = 1024 * 1024;
export const MAX_PART_BYTES = 8 * MIB;
/** An hour and more at the rates that calls are recorded with. */
const MAX_RECORDING_BYTES = 512 * MIB;
/** Whose page died while it recorded: after so long without another part the hall keeps what there is, ms. */
const FORGOTTEN_MS = 5 * 60_000;

/** Types that are answered as they were said; anything else is bytes. */
const TYPES: ReadonlySet<string> = new Set(['audio/webm', 'audio/mp4', 'video/webm', 'video/mp4']);

/** Recordings of calls: they come in parts while they are made, and become one file, encrypted, until somebody has it erased. */
@Injectable()
export class Recordings {
  constructor(
    private readonly database: Database,
    private readonly host: RoomHost,
    private readonly jobs: Jobs,
    private readonly assets: AssetStore,
    private readonly people: People,
    private readonly keys: RecordingKeys,
    private readonly clock: Clock,
  ) {}

  /** The same part again changes nothing. Throws `help.not_your_recording`, `help.recording_too_large`. */
  async take(room: RoomId, recording: string, n: number, bytes: Buffer, by: UserId): Promise<number> {
    await this.expectOwn(room, recording, by);
    const { size, count } = await this.db
      .selectFrom('help_recording_part')
      .select((part) => [
        part.fn.coalesce(part.fn.sum<string>(part.fn('length', ['bytes'])), part.lit(0)).as('size'),
        part.fn.countAll<string>().as('count'),
      ])
      .where('room', '=', room)
      .where('recording', '=', recording)
      .executeTakeFirstOrThrow();
    if (Number(size) + bytes.length > MAX_RECORDING_BYTES) throw problems.recordingTooLarge(MAX_RECORDING_BYTES);
    await this.db
      .insertInto('help_recording_part')
      .values({ room, recording, n, bytes, came_at: new Date(this.clock.nowMs()) })
      .onConflict((conflict) => conflict.columns(['room', 'recording', 'n']).doNothing())
      .execute();
    return Number(count) + 1;
  }

  /** All parts are here: they become one file, and the journal says which. Throws `help.parts_missing`. */
  async finish(room: RoomId, recording: string, parts: number, type: string, by: Person) {
    const row = await this.expectOwn(room, recording, by.id);
    if (row.file) return { cid: CidText.parse(row.file.cid), bytes: row.file.bytes };
    const known = await this.numbersOf(room, recording);
    const missing = Array.from({ length: parts }, (_, n) => n).filter((n) => !known.has(n));
    if (missing.length > 0) throw problems.partsMissing(missing.length);
    return this.keep(room, recording, parts, type, by);
  }

  /** As it was recorded. Throws `help.no_such_recording`, `help.recording_erased`. Who may hear it, the caller has asked. */
  async read(
    room: RoomId,
    recording: string,
  ): Promise<{ type: string; bytes: number; content: AsyncIterable<Uint8Array> }> {
    const { file } = await this.expectKept(room, recording);
    const known = await this.db
      .selectFrom('help_recording')
      .select(['cid', 'key'])
      .where('room', '=', room)
      .where('recording', '=', recording)
      .executeTakeFirst();
    if (!known || known.cid !== file.cid) throw problems.recordingErased(recording);
    const stored = this.assets.streamFile(known.cid);
    const content = known.key ? decrypted(this.keys.open(known.key, ownerOf(room, recording)), stored) : stored;
    return { type: TYPES.has(file.type) ? file.type : 'application/octet-stream', bytes: file.bytes, content };
  }

  /** What was said in it, as WebVTT. Throws as `read` does. */
  async subtitles(room: RoomId, recording: string, language?: string): Promise<string> {
    const row = await this.expectKept(room, recording);
    const { document } = await this.host.state(room);
    return webVttOf(document, row, language);
  }

  /** Recordings that were erased are gone: key, file and parts. */
  async follow(room: RoomId, document: Document): Promise<void> {
    const erased = rowsOf(document, 'recordings').filter((row) => row.erased !== null);
    for (const { id } of erased) {
      const row = await this.db
        .updateTable('help_recording')
        .set({ key: null })
        .where('room', '=', room)
        .where('recording', '=', id)
        .returning('cid')
        .executeTakeFirst();
      await this.dropParts(room, id);
      if (!row) continue;
      // The row goes last: a hall that dies in between finds what is left by it.
      await this.assets.erase(row.cid);
      await this.db.deleteFrom('help_recording').where('room', '=', room).where('recording', '=', id).execute();
    }
  }

  /** What a page left behind that died while it recorded: up to the first gap it is kept. */
  async finishForgotten(): Promise<void> {
    const before = new Date(this.clock.nowMs() - FORGOTTEN_MS);
    const left = await this.db
      .selectFrom('help_recording_part')
      .select(['room', 'recording'])
      .groupBy(['room', 'recording'])
      .having((part) => part.fn.max('came_at'), '<', before)
      .execute();
    for (const { room: id, recording } of left) {
      const room = RoomId.parse(id);
      const row = await this.rowOf(room, recording);
      const known = await this.numbersOf(room, recording);
      let parts = 0;
      while (known.has(parts)) parts += 1;
      if (!row || row.erased || row.file || parts === 0) await this.dropParts(room, recording);
      else {
        const name = (await this.people.namesOf([row.by])).get(row.by) ?? '?';
        await this.keep(room, recording, parts, 'video/webm', { id: row.by, name, walletAddress: null });
      }
    }
  }

  private async keep(room: RoomId, recording: string, parts: number, type: string, by: Person) {
    const before = await this.db
      .selectFrom('help_recording')
      .select('cid')
      .where('room', '=', room)
      .where('recording', '=', recording)
      .executeTakeFirst();
    // From a hall that died before the journal said so.
    if (before) await this.assets.erase(before.cid);
    const { key, sealed } = this.keys.make(ownerOf(room, recording));
    const { cid, size } = await this.assets.putFile(encrypted(key, this.bytesOf(room, recording, parts)));
    const file = { cid: CidText.parse(`${cid}`), bytes: size };
    const kept = { cid: file.cid, key: sealed };
    await this.db
      .insertInto('help_recording')
      .values({ room, recording, ...kept })
      .onConflict((conflict) => conflict.columns(['room', 'recording']).doUpdateSet(kept))
      .execute();
    await this.jobs.say(room, 'help.keepRecording', { recording, ...file, type }, by);
    await this.dropParts(room, recording);
    void this.jobs.keep(room);
    return file;
  }

  private async *bytesOf(room: RoomId, recording: string, parts: number): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < parts; n++) {
      const { bytes } = await this.db
        .selectFrom('help_recording_part')
        .select('bytes')
        .where('room', '=', room)
        .where('recording', '=', recording)
        .where('n', '=', n)
        .executeTakeFirstOrThrow();
      yield bytes;
    }
  }

  private async numbersOf(room: RoomId, recording: string): Promise<Set<number>> {
    const rows = await this.db
      .selectFrom('help_recording_part')
      .select('n')
      .where('room', '=', room)
      .where('recording', '=', recording)
      .execute();
    return new Set(rows.map(({ n }) => n));
  }

  private async dropParts(room: RoomId, recording: string): Promise<void> {
    await this.db
      .deleteFrom('help_recording_part')
      .where('room', '=', room)
      .where('recording', '=', recording)
      .execute();
  }

  private async rowOf(room: RoomId, recording: string): Promise<RecordingRow | undefined> {
    const { document } = await this.host.state(room);
    return rowsOf(document, 'recordings').find(({ id }) => id === recording);
  }

  private async expectKept(room: RoomId, recording: string) {
    const row = await this.rowOf(room, recording);
    if (row?.erased) throw problems.recordingErased(recording);
    if (!row?.file) throw problems.noSuchRecording(recording);
    return { ...row, file: row.file };
  }

  private async expectOwn(room: RoomId, recording: string, by: UserId): Promise<RecordingRow> {
    const row = await this.rowOf(room, recording);
    if (!row || row.by !== by || row.erased) throw problems.notYourRecording(recording);
    return row;
  }

  private get db() {
    return this.database.of<CallTables>();
  }
}

const ownerOf = (room: RoomId, recording: string): string => `recording ${room} ${recording}`;
