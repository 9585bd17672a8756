import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type {
  OutboxBox,
  OutboxOwner,
  OutboxStore,
  OutboxTurn,
  RefusedOp,
  WaitingOp,
} from '../../client/net/outbox.store.ts';
import type { TakenRoom, TakenRooms } from '../../client/net/taken-rooms.ts';
import { decodeSnapshot } from '#protocol/journal/index';

type Line =
  | { readonly do: 'turn'; readonly owner: OutboxOwner; readonly turn: OutboxTurn }
  | { readonly do: 'take'; readonly owner: OutboxOwner; readonly from: string }
  | { readonly do: 'put'; readonly room: string; readonly taken: TakenRoom }
  | { readonly do: 'note'; readonly room: string; readonly change: Partial<TakenRoom> }
  | { readonly do: 'append'; readonly room: string; readonly from: number; readonly blocks: readonly Uint8Array[] }
  | { readonly do: 'remove'; readonly room: string };

/**
 * What a browser keeps, as a log in one file, each write on the platter before it is answered: for programs that end by
 * kill -9 and go on. One page at a time. `mayWrite` is asked before each write, and may end the page: half of the line is
 * then on the disk, as a torn write leaves it.
 */
export class FileDevice implements OutboxStore, TakenRooms {
  readonly #file: number;
  readonly #boxes = new Map<string, Map<string, WaitingOp>>();
  readonly #refused = new Map<string, Map<string, RefusedOp>>();
  readonly #rooms = new Map<string, { taken: TakenRoom; length: number; blocks: Map<number, Uint8Array> }>();
  readonly #open = new Set<string>();
  /** Ids of all ops that ever reached the disk, in their order. */
  readonly ledger: string[] = [];
  writes = 0;
  isDead = false;
  // Written out, because benchmarks run this file with its types stripped.
  private readonly mayWrite: () => boolean;

  constructor(path: string, mayWrite: () => boolean = () => true) {
    this.mayWrite = mayWrite;
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const line of text.split('\n')) {
      const read = line === '' ? null : parse(line);
      if (read) this.#apply(read);
    }
    this.#file = openSync(path, 'a');
    // A torn line ends here; what follows is readable.
    if (text !== '' && !text.endsWith('\n')) writeSync(this.#file, '\n');
  }

  dispose(): void {
    if (!this.isDead) closeSync(this.#file);
    this.isDead = true;
  }

  async #write(line: Line): Promise<void> {
    // A dead page's writes never end: nobody is there to hear of it.
    if (this.isDead) return new Promise<void>(() => undefined);
    this.writes += 1;
    const text = `${JSON.stringify(line, packed)}\n`;
    if (!this.mayWrite()) {
      writeSync(this.#file, text.slice(0, text.length >> 1));
      this.dispose();
      return new Promise<void>(() => undefined);
    }
    writeSync(this.#file, text);
    fsyncSync(this.#file);
    this.#apply(line);
  }

  // ---- outbox ----
  // oxlint-disable-next-line typescript/unified-signatures -- two ports, each with an `open` of its own
  open(owner: OutboxOwner): Promise<OutboxBox>;
  open(room: string): Promise<TakenRoom | null>;
  async open(what: OutboxOwner | string): Promise<OutboxBox | TakenRoom | null> {
    return typeof what === 'string' ? this.#openRoom(what) : this.#openBox(what);
  }

  async #openBox(owner: OutboxOwner): Promise<OutboxBox> {
    for (const name of [...this.#boxes.keys()]) {
      const [room, user, client] = JSON.parse(name) as [string, string, string];
      if (room === owner.room && user === owner.user && !this.#open.has(client))
        await this.#write({ do: 'take', owner, from: client });
    }
    this.#open.add(owner.client);
    return {
      left: [...(this.#boxes.get(nameOf(owner))?.values() ?? [])],
      refused: [...(this.#refused.get(placeOf(owner))?.values() ?? [])],
      write: (turn) => this.#write({ do: 'turn', owner, turn }),
      close: async () => void this.#open.delete(owner.client),
    };
  }

  // ---- taken rooms ----
  #openRoom(room: string): TakenRoom | null {
    const kept = this.#rooms.get(room);
    if (!kept) return null;
    const blocks: Uint8Array[] = [];
    for (let n = kept.length; kept.blocks.has(n); n++) blocks.push(kept.blocks.get(n)!);
    return { ...kept.taken, blocks };
  }
  put = (room: string, taken: TakenRoom) => this.#write({ do: 'put', room, taken });
  note = (room: string, change: Partial<TakenRoom>) => this.#write({ do: 'note', room, change });
  append = (room: string, from: number, blocks: readonly Uint8Array[]) =>
    this.#write({ do: 'append', room, from, blocks });
  remove = (room: string) => this.#write({ do: 'remove', room });

  #apply(line: Line): void {
    switch (line.do) {
      case 'turn': {
        const { owner, turn } = line;
        const box = this.#boxes.get(nameOf(owner)) ?? new Map<string, WaitingOp>();
        for (const one of turn.added) box.set(one.op.id, one);
        this.ledger.push(...turn.added.map(({ op }) => op.id));
        for (const id of turn.answered) box.delete(id);
        this.#boxes.set(nameOf(owner), box);
        const refused = this.#refused.get(placeOf(owner)) ?? new Map<string, RefusedOp>();
        for (const one of turn.refused) refused.set(one.op.id, one);
        for (const id of turn.dismissed) refused.delete(id);
        return void this.#refused.set(placeOf(owner), refused);
      }
      case 'take': {
        const { owner, from } = line;
        const former = nameOf({ ...owner, client: from });
        const box = new Map([...(this.#boxes.get(nameOf(owner)) ?? []), ...(this.#boxes.get(former) ?? [])]);
        this.#boxes.set(nameOf(owner), box);
        return void this.#boxes.delete(former);
      }
      case 'put': {
        const { length } = decodeSnapshot(line.taken.snapshot);
        const blocks = new Map(line.taken.blocks.map((block, n) => [length + n, block]));
        return void this.#rooms.set(line.room, { taken: line.taken, length, blocks });
      }
      case 'note': {
        const kept = this.#rooms.get(line.room);
        if (kept) this.#rooms.set(line.room, { ...kept, taken: { ...kept.taken, ...line.change } });
        return;
      }
      case 'append':
        return line.blocks.forEach((block, n) => this.#rooms.get(line.room)?.blocks.set(line.from + n, block));
      case 'remove':
        return void this.#rooms.delete(line.room);
    }
  }
}

const nameOf = ({ room, user, client }: OutboxOwner): string => JSON.stringify([room, user, client]);
const placeOf = ({ room, user }: OutboxOwner): string => JSON.stringify([room, user]);

/** Bytes as text: a Buffer says `toJSON` before a replacer sees it, so both forms are met. */
const packed = (_key: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
  return type === 'Buffer' && Array.isArray(data)
    ? { $bytes: Buffer.from(data as number[]).toString('base64') }
    : value;
};
const unpacked = (_key: string, value: unknown): unknown => {
  const { $bytes } = (value ?? {}) as { $bytes?: unknown };
  return typeof $bytes === 'string' ? Uint8Array.from(Buffer.from($bytes, 'base64')) : value;
};

/** Null: a line that was torn. */
function parse(line: string): Line | null {
  try {
    return JSON.parse(line, unpacked) as Line;
  } catch {
    return null;
  }
}
