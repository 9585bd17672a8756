import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { OfflinePack } from '#protocol/api/offline';

const NAME = 'workhall.shift';
const VERSION = 1;

/** A job that is on this device. */
export interface TakenJob {
  readonly room: string;
  /** Who took it. */
  readonly user: string;
  readonly pack: OfflinePack;
  /** Of the product, for lists. */
  readonly order: string;
  readonly serial: string;
  readonly takenAtMs: number;
  /** Bytes of its files and journal. */
  readonly bytes: number;
  readonly pages: readonly string[];
}

/** A picture or clip that the hall does not have yet. */
export interface KeptEvidence {
  readonly cid: string;
  readonly room: string;
  readonly user: string;
  readonly kind: 'picture' | 'clip';
  readonly file: Blob;
  readonly keptAtMs: number;
  /** What the hall has against it; it stays until somebody has seen it. */
  readonly problem?: { readonly scope: string; readonly key: string; readonly message: string };
}

/** A supervisor's key on this device, sealed with their PIN (`release-key.ts`). */
export interface SealedKey {
  readonly user: string;
  readonly name: string;
  readonly did: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

interface Tables extends DBSchema {
  jobs: { key: string; value: TakenJob };
  evidence: { key: string; value: KeptEvidence };
  keys: { key: string; value: SealedKey };
}

/** What this device has of a shift, beside the journals (net/taken-rooms) and the files (Cache Storage). */
export class ShiftStore {
  #database: Promise<IDBPDatabase<Tables>> | null = null;

  jobs = async (): Promise<TakenJob[]> => (await this.#open()).getAll('jobs');
  job = async (room: string): Promise<TakenJob | undefined> => (await this.#open()).get('jobs', room);
  putJob = async (job: TakenJob): Promise<void> => void (await (await this.#open()).put('jobs', job, job.room));
  removeJob = async (room: string): Promise<void> => (await this.#open()).delete('jobs', room);

  /** Strictly: a picture that somebody took cannot be taken again. */
  async putEvidence(one: KeptEvidence): Promise<void> {
    const transaction = (await this.#open()).transaction('evidence', 'readwrite', { durability: 'strict' });
    void transaction.store.put(one, one.cid);
    await transaction.done;
  }
  evidence = async (): Promise<KeptEvidence[]> =>
    (await (await this.#open()).getAll('evidence')).sort((a, b) => a.keptAtMs - b.keptAtMs);
  removeEvidence = async (cid: string): Promise<void> => (await this.#open()).delete('evidence', cid);

  keys = async (): Promise<SealedKey[]> => (await this.#open()).getAll('keys');
  putKey = async (key: SealedKey): Promise<void> => void (await (await this.#open()).put('keys', key, key.user));

  #open(): Promise<IDBPDatabase<Tables>> {
    return (this.#database ??= openDB<Tables>(NAME, VERSION, {
      upgrade(database) {
        database.createObjectStore('jobs');
        database.createObjectStore('evidence');
        database.createObjectStore('keys');
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      terminated: () => (this.#database = null),
    }));
  }
}
