import type { RoomSession } from '#net/index';
import { commentsOf, partsOf } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import { newPart, nextOp, type Dice } from '../support/design-arbitraries.ts';

/** Keeps the room about this big. */
const MANY_PARTS = 160;
const MANY_COMMENTS = 40;
/** Away from the server a person goes on, but not for ever. */
const MOST_PENDING = 300;

/** Somebody at work: everything one can do in a room, in any order, with others in the same place. */
export class Worker {
  constructor(
    private readonly session: RoomSession,
    private readonly user: string,
    private readonly dice: Dice,
    /** The same in each world, because the order of rows follows from their ids. */
    private readonly newName: (kind: string) => string,
    private readonly onMade: (id: string, type: string) => void,
  ) {}

  step(): void {
    if (this.session.pendingCount.get() > MOST_PENDING || this.session.connection.get().state === 'closed') return;
    const chance = this.dice.next();
    if (chance < 0.78) this.#anything();
    else if (chance < 0.82) for (let i = this.dice.upTo(40); i >= 0; i--) this.#anything();
    else if (chance < 0.88) this.#gesture();
    else if (chance < 0.97) void this.#carry();
    else this.#deepTree();
  }

  #anything(group?: string): void {
    const document = this.session.document.get();
    const parts = partsOf(document);
    const comments = commentsOf(document);
    if (parts.size > MANY_PARTS && this.dice.next() < 0.3) {
      const ids = Array.from({ length: 12 }, () => this.dice.pick([...parts.keys()])!);
      return this.#submit('parts.delete', { ids: [...new Set(ids)] }, group);
    }
    const mine = [...comments.values()].filter(({ author }) => author.id === this.user);
    if (comments.size > MANY_COMMENTS && mine[0]) return this.#submit('comment.delete', { id: mine[0].id }, group);
    const { type, payload } = nextOp(document, this.user, this.dice, () => this.newName('n'));
    this.#submit(type, payload, group);
  }

  /** Several ops that are one step to the person. */
  #gesture(): void {
    const group = this.newName('g');
    for (let i = 2 + this.dice.upTo(5); i > 0; i--) this.#anything(group);
  }

  /** Takes hold of parts, carries them for a while, puts them down. */
  async #carry(): Promise<void> {
    const parts = [...partsOf(this.session.document.get()).keys()];
    const ids = [...new Set([this.dice.pick(parts), this.dice.pick(parts)])].filter((id) => id !== undefined);
    if (ids.length === 0) return;
    const taken = await this.session.hold(ids as PartId[]);
    // Now and then somebody moves it although they may not: the server must see.
    if (!taken.ok && this.dice.next() < 0.7) return;
    const group = this.newName('c');
    for (let i = this.dice.upTo(4); i >= 0; i--) {
      await new Promise((resolve) => setTimeout(resolve, this.dice.upTo(400)));
      const pose = { position: [this.dice.upTo(50) / 8, 0, 0], rotation: [0, 0, 0, 1] };
      this.#submit('part.move', { moves: ids.map((id) => ({ id, poseInParent: pose })) }, group);
    }
    if (this.dice.next() < 0.9) this.session.release(ids as PartId[]);
  }

  /** Groups in groups, down to where the room says no. */
  #deepTree(): void {
    let parent: PartId | null =
      this.dice.pick([...partsOf(this.session.document.get()).values()].filter(({ shape }) => !shape))?.id ?? null;
    const group = this.newName('t');
    for (let i = this.dice.upTo(20); i >= 0; i--) {
      const part = { ...newPart(this.newName('n'), parent, this.dice), shape: null };
      this.#submit('parts.add', { parts: [part] }, group);
      parent = part.id;
    }
  }

  #submit(type: string, payload: unknown, group?: string): void {
    const outcome = this.session.submit(type as never, payload as never, group ? { group } : {});
    if ('id' in outcome) this.onMade(outcome.id, type);
  }
}

/** Ops that no page would send: the server has to see through each of them. */
export function rogueOp(dice: Dice): { type: string; payload: unknown } {
  const payloads: [string, unknown][] = [
    ['part.explode', {}],
    ['part.move', { moves: 'up' }],
    ['part.move', { moves: [] }],
    ['part.rename', { id: 'a', name: '' }],
    ['part.rename', { id: 'no id at all!', name: 'x' }],
    ['parts.add', { parts: [{ id: 'x' }] }],
    ['parts.delete', { ids: ['nothing-here-by-this-name'] }],
    ['history.undo', { target: 'not-my-step' }],
    ['part.setDimensions', { id: 'a', dimensions: { heightM: -1, __proto__: 5 } }],
    ['brief.set', {}],
    ['room.opened', { kind: 'design', purpose: 'project', title: 'Again' }],
    ['comment.add', null],
  ];
  const [type, payload] = dice.pick(payloads)!;
  return { type, payload };
}
