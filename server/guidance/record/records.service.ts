import { Injectable } from '@nestjs/common';
import { NO_SOURCE, sourceOf, type RecordLanguage, type SignedRecord } from '#protocol/guidance/index';
import { CID, decodeBlock, openEntry } from '#protocol/journal/index';
import { AssetStore, readWhole } from '../../assets/index.ts';
import { problems } from '../problems.ts';
import { recordPdf } from './record-pdf.ts';

const MIB = 1024 * 1024;
/** On paper; larger ones, and those beyond the sum, are named by their address. */
const MAX_PICTURE_BYTES = 4 * MIB;
const MAX_PICTURES_BYTES = 48 * MIB;
/** Ops of a job of a week; a chain that goes on is none of ours. */
const MAX_ENTRIES = 200_000;

/** As-built records by their address: who knows it may read what it names (docs/decisions/0006-asset-access.md). */
@Injectable()
export class Records {
  constructor(private readonly assets: AssetStore) {}

  /** Throws `guidance.no_such_record`. */
  async read(cid: string): Promise<SignedRecord> {
    const block = await this.assets.getBlock(this.known(cid)).catch((cause: unknown) => {
      throw problems.noSuchRecord(cid, cause);
    });
    const { record, proof } = decodeBlock(block) as Partial<SignedRecord>;
    if (record?.format !== 'workhall.as-built' || !proof) throw problems.noSuchRecord(cid);
    return { record, proof };
  }

  /** From the first entry to the last that the record tells of. */
  async journal(cid: string): Promise<Uint8Array[]> {
    const { record } = await this.read(cid);
    const blocks: Uint8Array[] = [];
    for (let at: CID | null = CID.parse(record.journal.head); at && blocks.length < MAX_ENTRIES;) {
      const block = await this.assets.getBlock(at);
      blocks.push(block);
      at = openEntry(block).entry.prev;
    }
    return blocks.reverse();
  }

  async pdf(cid: string, language: RecordLanguage, verifyUrl: string): Promise<Uint8Array> {
    const signed = await this.read(cid);
    const pictures = new Map<string, Uint8Array>();
    let sum = 0;
    for (const { cid: picture, kind } of signed.record.pictures) {
      if (kind !== 'picture' || pictures.has(picture) || !(await this.assets.has(picture))) continue;
      const size = await this.assets.fileSize(picture);
      if (size > MAX_PICTURE_BYTES || sum + size > MAX_PICTURES_BYTES) continue;
      sum += size;
      pictures.set(picture, await readWhole(this.assets.streamFile(picture)));
    }
    // A record whose journal did not come is told by its ids.
    const source = await this.journal(cid).then(
      (blocks) => sourceOf(signed.record, blocks),
      () => NO_SOURCE,
    );
    return recordPdf({ cid, signed, source, language, verifyUrl, pictures });
  }

  private known(cid: string): string {
    try {
      return `${CID.parse(cid)}`;
    } catch (cause) {
      throw problems.noSuchRecord(cid, cause);
    }
  }
}
