import type { PartId } from '#protocol/ids';
import { composePose, invertPose, type Pose } from '#protocol/spatial/index';
import { LOOKING_AT_THE_PAST } from '../net/past-session.ts';
import { holderName } from './holder.ts';
import type { Workbench } from './tool.types.ts';

const CARRY_EVERY_MS = 50;
/** Presence carries at most so many parts (presence/frame.ts); the rest arrive with the op. */
const MAX_CARRIES = 16;

const WORDS = {
  en: {
    held: (name: string) => `${name} is holding this part`,
    refused: 'This part cannot be moved now',
    past: 'This is the past: go back to now to move parts',
    offline: 'The connection was lost: the part is back in its place',
    lost: 'Your hold on this part ended: it is back in its place',
  },
  zh: {
    held: (name: string) => `${name} 正在操作此零件`,
    refused: '此零件现在不能移动',
    past: '这是过去的状态：回到现在才能移动零件',
    offline: '连接中断：零件已放回原处',
    lost: '您已不再持有此零件：零件已放回原处',
  },
};

/** What a drag needs of the room. */
export interface DragGround extends Pick<Workbench, 'session' | 'world' | 'language' | 'dragging' | 'drags'> {
  readonly overlay: Pick<Workbench['overlay'], 'hint'>;
  readonly camera: Pick<Workbench['camera'], 'project'>;
}

/**
 * One drag of parts, by mouse, controller or hand: takes the lease, shows the parts where the hand is, tells the others
 * 20 times a second, and ends with one op. The drag follows the hand from the first moment; when the lease is refused
 * or lost on the way, everything goes back and the person reads why. A drag that begins without a connection needs no
 * lease.
 */
export class DragSession {
  readonly parts: readonly PartId[];
  readonly #bench: DragGround;
  readonly #startInRoom = new Map<PartId, Pose>();
  readonly #startInParent = new Map<PartId, Pose>();
  #state: 'asking' | 'holding' | 'over' = 'asking';
  #isReleased = false;
  #hasMoved = false;
  #lastSentMs = 0;
  readonly #onRefused: ((reason: string) => void) | undefined;
  #stopWatching: (() => void) | null = null;

  /** Parts inside another chosen group move with it and are left out. */
  constructor(bench: DragGround, chosen: Iterable<PartId>, onRefused?: (reason: string) => void) {
    this.#bench = bench;
    this.#onRefused = onRefused;
    const { world } = bench;
    const all = [...chosen].filter((id) => world.has(id));
    const below = new Set(all.flatMap((id) => [...world.withChildren([id])].filter((inside) => inside !== id)));
    this.parts = all.filter((id) => !below.has(id));
    for (const id of this.parts) {
      this.#startInRoom.set(id, world.poseInRoom(id));
      this.#startInParent.set(id, world.poseInParent(id));
    }
    bench.dragging.set(this.parts[0] ?? null);
    this.#tell('taken');
    void this.#ask();
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  startInRoom(id: PartId): Pose {
    return this.#startInRoom.get(id)!;
  }

  /** Moves every part by the same change of the room: `turn(start)` gives the new pose in the room. */
  moveTo(turn: (startInRoom: Pose) => Pose): void {
    if (this.#state === 'over') return;
    this.#hasMoved = true;
    const { world } = this.#bench;
    for (const id of this.parts) {
      const inRoom = turn(this.#startInRoom.get(id)!);
      world.carry(id, composePose(invertPose(world.parentPoseInRoom(id)), inRoom));
    }
    this.#send();
  }

  /** The hand lets go: one op for all. Waits for the lease when it is still being asked for. */
  release(): void {
    this.#isReleased = true;
    if (this.#state === 'holding') this.#settle();
    else if (this.#state === 'asking' && !this.#hasMoved) this.#end(true);
  }

  cancel(): void {
    if (this.#state === 'over') return;
    this.#end(true);
  }

  async #ask(): Promise<void> {
    const wasLive = this.#isLive;
    const answer = await this.#bench.session.hold(this.parts);
    if (this.#state === 'over') {
      if (answer.ok) this.#bench.session.release(this.parts);
      return;
    }
    // Away from the server nobody can be asked for the part: work goes on, and the move is judged on the return.
    const isAway = !wasLive && !answer.ok;
    if (!answer.ok && answer.problem.key === LOOKING_AT_THE_PAST.key) return this.#giveUp('past');
    if (!answer.ok && !isAway) return this.#giveUp(this.#isLive ? 'refused' : 'offline');
    this.#state = 'holding';
    if (this.#isReleased) return this.#settle();
    if (isAway) return;
    this.#watch();
    if (!this.#isLive) this.#giveUp('offline');
    else if (this.#hasMoved) this.#send(); // what the hand did while the lease was asked for
  }

  get #isLive(): boolean {
    return this.#bench.session.connection.get().state === 'live';
  }

  /** The server tells what is held after it has answered: from here on every list of it names this drag, or it is lost. */
  #watch(): void {
    const { session } = this.#bench;
    const stops = [
      session.held.subscribe(() => {
        const held = session.held.get();
        if (this.parts.some((id) => held.get(id)?.session !== session.me.session)) this.#giveUp('lost');
      }),
      session.connection.subscribe(() => void (this.#isLive || this.#giveUp('offline'))),
    ];
    this.#stopWatching = () => stops.forEach((stop) => stop());
  }

  /** Everything goes back to where it was, and the person reads why. */
  #giveUp(why: 'refused' | 'past' | 'lost' | 'offline'): void {
    if (this.#state === 'over') return;
    const { overlay, camera, world, language } = this.#bench;
    const words = WORDS[language];
    const name = this.parts.map((id) => holderName(this.#bench, id)).find((known) => known !== null);
    const reason = name && why !== 'offline' ? words.held(name) : words[why];
    const seen = this.parts[0] && camera.project(world.poseInRoom(this.parts[0]).position);
    this.#end(true);
    if (seen) overlay.hint(reason, seen.xPx, seen.yPx);
    this.#onRefused?.(reason);
  }

  #send(): void {
    const nowMs = performance.now();
    if (this.#state !== 'holding' || nowMs - this.#lastSentMs < CARRY_EVERY_MS) return;
    this.#lastSentMs = nowMs;
    const { session, world } = this.#bench;
    for (const part of this.parts.slice(0, MAX_CARRIES))
      session.sendCarry({ part, poseInParent: world.poseInParent(part) });
  }

  #settle(): void {
    const { session, world } = this.#bench;
    if (this.#hasMoved) {
      this.#tell('letGo');
      const moves = this.parts
        .filter((id) => world.has(id))
        .map((id) => ({ id, poseInParent: world.poseInParent(id) }));
      if (moves.length) session.submit('part.move', { moves });
    }
    this.#end(false);
    session.release(this.parts);
  }

  #tell(kind: 'taken' | 'letGo' | 'givenUp'): void {
    this.#bench.drags?.emit({ kind, drag: this, parts: this.parts });
  }

  #end(putsBack: boolean): void {
    const wasHolding = this.#state === 'holding';
    this.#state = 'over';
    this.#stopWatching?.();
    if (putsBack || !this.#hasMoved) this.#tell('givenUp');
    for (const id of this.parts) this.#bench.world.carry(id, null);
    if (putsBack && wasHolding) this.#bench.session.release(this.parts);
    this.#bench.dragging.set(null);
  }
}
