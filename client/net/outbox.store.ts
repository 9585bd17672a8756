import type { Problem } from '#protocol/errors';
import type { Op } from '#protocol/journal/index';

/** Whose ops these are: one person in one room, and which of their pages made them. */
export interface OutboxOwner {
  readonly room: string;
  readonly user: string;
  /** Differs from page to page, also after a reload. */
  readonly client: string;
}

/** An op that the server has not answered yet. */
export interface WaitingOp {
  readonly op: Op;
  /** When it was made, ms since 1970 by the server's clock as this page knew it. */
  readonly at: number;
  /** The client of the page that made it: ops of one page go out in the order in which they were made. */
  readonly page?: string;
  /** How many entries of the journal that page had when it was made. */
  readonly seen?: number;
}

/** An op that the server has answered with a reason instead of a place in the journal. */
export interface RefusedOp {
  readonly op: Op;
  readonly problem: Problem;
  /** When it was made, ms since 1970 by the server's clock. */
  readonly atMs: number;
}

/** What one turn of the page changed; written all or nothing. */
export interface OutboxTurn {
  readonly added: readonly WaitingOp[];
  /** Ids of ops that are on the server's disk, or refused. */
  readonly answered: readonly string[];
  readonly refused: readonly RefusedOp[];
  /** Ids of refused ops that the person has seen. */
  readonly dismissed: readonly string[];
}

/**
 * Keeps ops until the server has answered them, over the end of the page that made them. Each page writes to a box of
 * its own; a box whose page is gone is taken over by the next one that the same person opens in the same room. As long
 * as a page lives nobody else touches its box, so two tabs never send each other's ops.
 */
export interface OutboxStore {
  /** Opens this page's box, with everything in it that closed pages left: taken over by exactly one page. */
  open(owner: OutboxOwner): Promise<OutboxBox>;
}

export interface OutboxBox {
  /** What closed pages left, oldest first. From now on in this box. */
  readonly left: readonly WaitingOp[];
  /** Refused ops of this person in this room that nobody has dismissed. */
  readonly refused: readonly RefusedOp[];
  /** Turns are written in the order of the calls. Rejects when the device takes no more. */
  write(turn: OutboxTurn): Promise<void>;
  /** What is still in it is for the next page. */
  close(): Promise<void>;
}
