import { FsDatastore } from 'datastore-fs';
import type { DurableFiles } from './durable-file.ts';

type Key = Parameters<FsDatastore['put']>[0];

/** datastore-fs renames without flushing; an empty pin record after a power cut would make every list of pins fail. */
export class DurableDatastore extends FsDatastore {
  constructor(
    folder: string,
    private readonly files: DurableFiles,
  ) {
    super(folder);
  }

  override async put(key: Key, bytes: Uint8Array): Promise<Key> {
    await this.files.flush(await this.files.write(this._encode(key).file, bytes));
    return key;
  }
}
