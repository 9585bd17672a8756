import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { MasterKey } from '../../identity/index.ts';
import { Config } from '../../platform/config/index.ts';
import { DataFolder } from '../../platform/processes/index.ts';

/** A stream cipher: as many bytes come out as go in. Each recording has a key of its own, so the counter may begin at 0. */
const CIPHER = 'aes-256-ctr';
const START = Buffer.alloc(16);

/**
 * Recordings lie encrypted in the store, where an address alone opens everything (0006): who may read them is asked each time, and
 * with its key a recording is gone from every copy. That the bytes are right, their address says already.
 */
@Injectable()
export class RecordingKeys implements OnModuleInit {
  private master!: MasterKey;

  constructor(
    @Inject(DataFolder) private readonly folder: Pick<DataFolder, 'folder'>,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.master = MasterKey.open(this.folder.folder('secrets'), this.config.tree.masterKey);
  }

  /** A new key: as it is used, and as it is kept. `owner`: of which recording. */
  make(owner: string): { readonly key: Buffer; readonly sealed: Buffer } {
    const key = randomBytes(32);
    return { key, sealed: this.master.seal(key, owner) };
  }

  open(sealed: Uint8Array, owner: string): Buffer {
    return this.master.unseal(sealed, owner);
  }
}

export const encrypted = (key: Buffer, plain: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  through(createCipheriv(CIPHER, key, START), plain);
export const decrypted = (key: Buffer, secret: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  through(createDecipheriv(CIPHER, key, START), secret);

async function* through(
  cipher: { update(bytes: Uint8Array): Buffer; final(): Buffer },
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) yield cipher.update(chunk);
  const rest = cipher.final();
  if (rest.length > 0) yield rest;
}
