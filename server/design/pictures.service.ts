import { Injectable } from '@nestjs/common';
import { CidText } from '#protocol/ids';
import { AssetStore, readWhole } from '../assets/index.ts';
import { MAX_PICTURE_BYTES, sniffPicture } from './picture.ts';
import { problems } from './problems.ts';

/** Enough for every header `sniffPicture` knows. */
const HEADER_BYTES = 32;

@Injectable()
export class Pictures {
  constructor(private readonly assets: AssetStore) {}

  async store(base64: string): Promise<CidText> {
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length > MAX_PICTURE_BYTES) throw problems.pictureTooLarge(bytes.length, MAX_PICTURE_BYTES);
    if (!sniffPicture(bytes)) throw problems.notAPicture();
    const { cid } = await this.assets.putFile(bytes);
    return CidText.parse(cid.toString());
  }

  /** Throws unless a picture is stored under this address. */
  async expect(cid: string): Promise<void> {
    if (!(await this.assets.has(cid)) || (await this.assets.fileSize(cid)) > MAX_PICTURE_BYTES)
      throw problems.pictureUnknown(cid);
    const header = await readWhole(this.assets.streamFile(cid, { offset: 0, length: HEADER_BYTES }));
    if (!sniffPicture(header)) throw problems.pictureUnknown(cid);
  }
}
