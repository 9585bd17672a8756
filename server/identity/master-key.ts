import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problems } from './problems.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what must not be readable from the database alone. The key lies in `secrets/master.key` of the data folder,
 * readable by the server's user only; whoever backs up the database without it cannot open the keys of people.
 */
export class MasterKey {
  private constructor(private readonly key: Buffer) {}

  /** The given key (`MASTER_KEY`, shared by the processes of a hall), else the folder's, made on the first start. */
  static open(folder: string, givenHex?: string): MasterKey {
    if (givenHex) return new MasterKey(Buffer.from(givenHex, 'hex'));
    const path = join(folder, 'master.key');
    if (!existsSync(path)) create(path);
    chmodSync(path, 0o600);
    const key = readFileSync(path);
    if (key.length !== KEY_BYTES) throw problems.masterKeyDamaged(path);
    return new MasterKey(key);
  }

  /** `owner` is bound in: what was sealed for one person does not open for another, even if rows are swapped. */
  seal(plain: Uint8Array, owner: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws when the bytes were changed, sealed for somebody else, or under another key. */
  unseal(sealed: Uint8Array, owner: string): Buffer {
    try {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw problems.keyUnreadable(cause);
    }
  }
}

/** Whole or not at all, and never over a key that is already there. */
function create(path: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, randomBytes(KEY_BYTES), { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    rmSync(draft, { force: true });
  }
}
