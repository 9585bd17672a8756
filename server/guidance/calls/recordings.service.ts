import { Injectable } from '@nestjs/common';
import type { Document } from '#protocol/document/index';
import { rowsOf, type RecordingRow } from '#protocol/guidance/index';
import { CidText, RoomId, UserId } from '#protocol/ids';
import { AssetStore } from '../../assets/index.ts';
import { People, type Person } from '../../identity/index.ts';
import { Clock } from '../../platform/clock/index.ts';
import { Database } from '../../platform/database/index.ts';
import { RoomHost } from '../../rooms/index.ts';
import { Jobs } from '../jobs.service.ts';
import type { CallTables } from './calls.migrations.ts';
import { problems } from './problems.ts';

const MIB = 1024 * 1024;
export const MAX_PART_BYTES = 8 * MIB;
/** An hour and more at the rates that calls are recorded with. */
const MAX_RECORDING_BYTES = 512 * MIB;
/** Whose page died while it recorded: after so long without another part the hall keeps what there is, ms. */
const FORGOTTEN_MS = 5 * 60_000;

/** Recordings of calls: they come in parts while they are made, and become one file by its content. */
@Injectable()
export class Recordings {
  constructor(
    private readonly database: Database,
    private readonly host: RoomHost,
    private readonly jobs: Jobs,
    private readonly assets: AssetStore,
    private readonly people: People,
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

  /** Recordings that were erased are let go of, file and parts. */
  async follow(room: RoomId, document: Document): Promise<void> {
    const erased = rowsOf(document, 'recordings').filter((row) => row.erased !== null);
    for (const { id } of erased) {
      const row = await this.db
        .deleteFrom('help_recording')
        .where('room', '=', room)
        .where('recording', '=', id)
        .returning('cid')
        .executeTakeFirst();
      if (row) await this.assets.unpin(row.cid);
      await this.dropParts(room, id);
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
    const { cid, size } = await this.assets.putFile(this.bytesOf(room, recording, parts));
    const file = { cid: CidText.parse(`${cid}`), bytes: size };
    await this.db
      .insertInto('help_recording')
      .values({ room, recording, cid: file.cid })
      .onConflict((conflict) => conflict.columns(['room', 'recording']).doUpdateSet({ cid: file.cid }))
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

  private async expectOwn(room: RoomId, recording: string, by: UserId): Promise<RecordingRow> {
    const row = await this.rowOf(room, recording);
    if (!row || row.by !== by || row.erased) throw problems.notYourRecording(recording);
    return row;
  }

  private get db() {
    return this.database.of<CallTables>();
  }
}
