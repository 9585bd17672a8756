import type { OutboxBox, OutboxOwner, OutboxStore, OutboxTurn, RefusedOp, WaitingOp } from './outbox.store.ts';

interface Shelf {
  /** By client, in the order in which the boxes were opened. */
  readonly boxes: Map<string, Map<string, WaitingOp>>;
  readonly refused: Map<string, RefusedOp>;
}

/** As long as this process lives: for bots, and for browsers that keep nothing. */
export class MemoryOutboxStore implements OutboxStore {
  readonly #shelves = new Map<string, Shelf>();
  readonly #open = new Set<string>();

  async open({ room, user, client }: OutboxOwner): Promise<OutboxBox> {
    const place = JSON.stringify([room, user]);
    const shelf: Shelf = this.#shelves.get(place) ?? { boxes: new Map(), refused: new Map() };
    this.#shelves.set(place, shelf);
    const mine = new Map<string, WaitingOp>();
    for (const [other, ops] of shelf.boxes) {
      if (this.#open.has(other)) continue;
      for (const [id, waiting] of ops) mine.set(id, waiting);
      shelf.boxes.delete(other);
    }
    this.#open.add(client);
    shelf.boxes.set(client, mine);
    return {
      left: [...mine.values()],
      refused: [...shelf.refused.values()],
      write: async (turn) => write(shelf, mine, turn),
      close: async () => {
        this.#open.delete(client);
        if (mine.size === 0) shelf.boxes.delete(client);
      },
    };
  }
}

function write(shelf: Shelf, mine: Map<string, WaitingOp>, { added, answered, refused, dismissed }: OutboxTurn): void {
  for (const waiting of added) mine.set(waiting.op.id, waiting);
  for (const id of answered) mine.delete(id);
  for (const one of refused) shelf.refused.set(one.op.id, one);
  for (const id of dismissed) shelf.refused.delete(id);
}
