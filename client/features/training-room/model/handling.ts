import { Store } from '#net/store';
import { indexOf, isWithin, placementError, type Control, type Thing } from '#protocol/procedures/index';
import { composePose, invertPose, multiplyQuat, normalizeQuat, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { RunThings } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import { searchOf, searchWith } from './search.ts';
import {
  movableThings,
  posesInRoom,
  posesToTell,
  seatPoseInRoom,
  seatsOf,
  startPoses,
  UNKNOWN_BOX,
  type Box,
  type Poses,
  type Seat,
} from './workplace.ts';

/** What hands need of a run; `RunThings` has it. */
export type HandledRun = Pick<
  RunThings,
  'procedure' | 'state' | 'row' | 'session' | 'machines' | 'hand' | 'say' | 'tell'
>;

export interface Carried {
  readonly poseInRoom: Pose;
  /** The place that it snapped to, or null in the free. */
  readonly seat: Seat | null;
}
/** How near to its place a thing must come to snap, metres and radians (its symmetry counted). */
export interface Magnet {
  readonly reachM: number;
  readonly reachRad: number;
}
export interface Chosen {
  readonly kind: 'thing' | 'control';
  readonly id: string;
}
/** A tool that is being used, and what it shows, in its unit. */
export interface Using {
  readonly tool: string;
  readonly thing: string;
  readonly value: number;
}

/** A hand that holds a thing nearly right wants it there. */
export const HAND_MAGNET: Magnet = { reachM: 0.05, reachRad: 0.6 };
/** Keys and buttons move in steps: the turn is not asked for. */
export const STEP_MAGNET: Magnet = { reachM: 0.03, reachRad: Math.PI };
/** One press of a key at a control with a number: a tenth of its way. */
const NUDGE = 0.1;
/** Nothing of the workplace lies further away, metres. */
const REACH_M = 30;

/**
 * What hands do in a run, wherever they come from: mouse, keys, controllers. Takes, carries, snaps and puts down things,
 * uses tools, sets controls; says what became of it. Knows no screen and no headset: they read `poses`, `carried` and
 * `chosen`, and call the verbs. Several things can be in hand at once.
 */
export class Handling {
  /** Where every thing is now, in the room, what is carried included. */
  readonly poses = new Store<Poses>(new Map());
  readonly carried = new Store<ReadonlyMap<string, Carried>>(new Map());
  /** What the buttons and keys are about. */
  readonly chosen = new Store<Chosen | null>(null);
  /** The tool in hand. */
  readonly tool = new Store<string | null>(null);
  readonly using = new Store<Using | null>(null);
  #run: HandledRun;
  #starts: Poses;
  #boxOf: (thing: Thing) => Box = () => UNKNOWN_BOX;
  #isStopped = false;
  /** Where others carry what they hold, in the room. */
  readonly #others = new Map<string, Pose>();

  constructor(run: HandledRun) {
    this.#run = run;
    this.#starts = startPoses(run.procedure, this.#boxOf);
    this.#settle();
  }

  get run(): HandledRun {
    return this.#run;
  }

  /** The run as it is now; what is no longer in my hand is let go. */
  update(run: HandledRun): void {
    const isNews = run.state !== this.#run.state;
    this.#run = run;
    if (!isNews) return;
    const { held } = run.state.world;
    const kept = [...this.carried.get()].filter(([id]) => held[id] === this.#me);
    if (kept.length < this.carried.get().size) this.carried.set(new Map(kept));
    for (const thing of this.#others.keys())
      if (held[thing] === undefined || held[thing] === this.#me) this.#others.delete(thing);
    this.#settle();
  }

  /** Shows where somebody else carries a thing of this run; news of what they do not hold (any more) are left out. */
  follow(thing: string, by: string, poseInRoom: Pose): boolean {
    if (by === this.#me || this.#run.state.world.held[thing] !== by) return false;
    this.#others.set(thing, within(poseInRoom));
    this.#settle();
    return true;
  }

  /** The sizes of things are known: the kit is laid out by them. */
  layOut(boxOf: (thing: Thing) => Box): void {
    this.#boxOf = boxOf;
    this.#starts = startPoses(this.#run.procedure, boxOf);
    this.#settle();
  }

  boxOf(thing: string): Box {
    const found = indexOf(this.#run.procedure).things.get(thing);
    return found ? this.#boxOf(found) : UNKNOWN_BOX;
  }

  isMovable(thing: string): boolean {
    return movableThings(this.#run.procedure).some(({ id }) => id === thing);
  }

  /** Whether it is in the hand now; if not, it has been said why. */
  grab(thing: string): boolean {
    const { state, hand, row, tell } = this.#run;
    const pose = this.poses.get().get(thing);
    if (!pose || !this.isMovable(thing)) return false;
    const holder = state.world.held[thing];
    if (holder && holder !== this.#me) {
      const name = row.participants.find(({ id }) => id === holder)?.name ?? '';
      tell(trainingRoomStrings.text('takenBy', { name }), 'bad');
      return false;
    }
    this.chosen.set({ kind: 'thing', id: thing });
    if (holder !== this.#me && !hand.act({ type: 'grabbed', thing: thing as never })) return false;
    if (!this.carried.get().has(thing)) this.#carry(thing, { poseInRoom: pose, seat: null });
    return true;
  }

  /** Carries it to a pose, or into its place when that is near enough. Returns whether it snapped. */
  move(thing: string, poseInRoom: Pose, magnet: Magnet = HAND_MAGNET): boolean {
    const was = this.carried.get().get(thing);
    if (!was) return false;
    const near = this.#seatNear(thing, poseInRoom, magnet);
    this.#carry(thing, near ?? { poseInRoom: within(poseInRoom), seat: null });
    return near !== null && near.seat !== was.seat;
  }

  /** By so much in the room's directions, from where it is; in its place it comes out first. */
  moveBy(thing: string, by: Vec3): void {
    const at = this.carried.get().get(thing)?.poseInRoom;
    if (!at) return;
    const position: Vec3 = [at.position[0] + by[0], at.position[1] + by[1], at.position[2] + by[2]];
    // A step out of a place must not end in it again.
    const reachM = Math.min(STEP_MAGNET.reachM, Math.hypot(...by) * 0.9);
    this.move(thing, { ...at, position }, { ...STEP_MAGNET, reachM });
  }

  /** About an axis of the room through its middle. */
  turnBy(thing: string, axis: Vec3, angleRad: number): void {
    const at = this.carried.get().get(thing)?.poseInRoom;
    if (!at) return;
    const s = Math.sin(angleRad / 2);
    const turn: Pose['rotation'] = [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angleRad / 2)];
    const { min, max } = this.boxOf(thing);
    const middle: Vec3 = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
    const rotation = normalizeQuat(multiplyQuat(turn, at.rotation));
    const pivot = composePose(at, { position: middle, rotation: [0, 0, 0, 1] }).position;
    const moved = composePose({ position: pivot, rotation }, { position: negated(middle), rotation: [0, 0, 0, 1] });
    this.#carry(thing, { poseInRoom: moved, seat: null });
  }

  /** Places that the procedure has for a thing, as far as what they are in is anywhere; those of steps at hand first. */
  seats(thing: string): { readonly seat: Seat; readonly poseInRoom: Pose }[] {
    const { procedure, state } = this.#run;
    const isNow = ({ step }: Seat) => state.active.some((active) => active.step === step);
    return (seatsOf(procedure).get(thing) ?? [])
      .flatMap((seat) => {
        const poseInRoom = seatPoseInRoom(seat, this.poses.get());
        return poseInRoom ? [{ seat, poseInRoom }] : [];
      })
      .toSorted((a, b) => Number(isNow(b.seat)) - Number(isNow(a.seat)));
  }

  /** Carries it straight into one of its places. */
  sit(thing: string, seat: Seat): void {
    const poseInRoom = seatPoseInRoom(seat, this.poses.get());
    if (poseInRoom && this.carried.get().has(thing)) this.#carry(thing, { poseInRoom, seat });
  }

  /** To the next of its places, around and around: for keys and buttons, which do not aim. */
  sitNext(thing: string): void {
    const all = this.seats(thing);
    const at = all.findIndex(({ seat }) => seat === this.carried.get().get(thing)?.seat);
    const next = all[(at + 1) % all.length];
    if (next) this.sit(thing, next.seat);
  }

  /** Lets it go where it is, and says whether that is its place. */
  put(thing: string): boolean {
    const carried = this.carried.get().get(thing);
    if (!carried) return false;
    // As it was: putting it down may end the step that asked for it.
    const before = this.#run;
    const told = posesToTell(before.procedure, this.poses.get(), thing, carried.poseInRoom);
    const isDone = before.hand.act({ type: 'placed', thing: thing as never, poses: told as never });
    this.#drop(thing);
    if (isDone) tellPlaced(before, thing, carried.seat);
    return isDone;
  }

  putBack(thing: string): void {
    if (this.#run.state.world.held[thing] === this.#me) this.#run.hand.act({ type: 'released', thing: thing as never });
    this.#drop(thing);
  }

  putAllBack(): boolean {
    const all = [...this.carried.get().keys()];
    for (const thing of all) this.putBack(thing);
    return all.length > 0;
  }

  /** A tap on a thing: the tool in hand is used on it, else it is touched. */
  tap(thing: string): void {
    if (this.tool.get() === null) return this.touch(thing);
    this.chosen.set({ kind: 'thing', id: thing });
    void this.applyTool(thing);
  }

  /** By a hand without a tool. */
  touch(thing: string): void {
    this.chosen.set({ kind: 'thing', id: thing });
    // As it was: the last one that was looked for ends the step.
    const before = this.#run;
    if (before.hand.act({ type: 'touched', thing: thing as never })) tellPointedAt(before, thing);
  }

  use(thing: string): void {
    this.#run.hand.act({ type: 'used', thing: thing as never });
  }

  /** Begins, or ends what goes on: a wrench is turned until it clicks or is taken off. */
  async applyTool(thing: string): Promise<void> {
    const tool = this.tool.get();
    if (tool === null) return;
    if (this.using.get()) {
      this.#isStopped = true;
      return;
    }
    this.#isStopped = false;
    this.using.set({ tool, thing, value: 0 });
    const show = (value: number) => this.using.set({ tool, thing, value });
    try {
      await this.#run.hand.use(tool, thing, () => this.#isStopped, show);
    } finally {
      this.using.set(null);
    }
  }

  /** How a control stands: by the machine's picture, else as the run knows. */
  standing(control: string): string | number | null {
    const { machines, row, state } = this.#run;
    return machines.pictures.get().get(row.id)?.control(control) ?? state.world.controls[control] ?? null;
  }

  /** Sets a control; it moves when the machine says so. */
  set(control: string, to: string | number): boolean {
    this.chosen.set({ kind: 'control', id: control });
    return this.#run.hand.set(control, to);
  }

  /** A tap on a control: buttons are pressed, switches and levers go on to the next position, wheels are chosen. */
  press(control: string): void {
    this.chosen.set({ kind: 'control', id: control });
    const found = this.#control(control);
    if (found?.setting.kind !== 'positions') return;
    const { positions } = found.setting;
    const at = positions.indexOf(String(this.standing(control) ?? positions[0]) as never);
    this.set(control, positions[(at + 1) % positions.length]!);
  }

  /** A step of a control, up or down. */
  nudge(control: string, steps: 1 | -1): void {
    const found = this.#control(control);
    if (!found) return;
    const { setting } = found;
    const stands = this.standing(control);
    if (setting.kind === 'positions') {
      const at = setting.positions.indexOf(String(stands ?? setting.positions[0]) as never) + steps;
      const to = setting.positions[at];
      if (to !== undefined) this.set(control, to);
      return;
    }
    const { minimum, maximum } = setting;
    const span = maximum - minimum;
    const now = typeof stands === 'number' ? stands : minimum;
    const tenths = Math.round((now - minimum) / (span * NUDGE)) + steps;
    this.set(control, Math.max(minimum, Math.min(maximum, minimum + tenths * span * NUDGE)));
  }

  dispose(): void {
    this.#isStopped = true;
  }

  get #me(): string {
    return this.#run.session.me.user;
  }

  #control(id: string): Control | undefined {
    return indexOf(this.#run.procedure).controls.get(id);
  }

  #seatNear(thing: string, poseInRoom: Pose, { reachM, reachRad }: Magnet): Carried | null {
    const { things } = indexOf(this.#run.procedure);
    const own = things.get(thing);
    if (!own) return null;
    let best: Carried | null = null;
    let bestM = Infinity;
    for (const { seat, poseInRoom: seatPose } of this.seats(thing)) {
      const base = seat.reference === null ? null : this.poses.get().get(seat.reference);
      const told = { [seat.reference ?? '']: base ? composePose(invertPose(base), poseInRoom) : poseInRoom };
      const other = seat.reference === null ? null : (things.get(seat.reference) ?? null);
      const error = placementError(seat.leaf, own, other, told);
      if (!error) continue;
      const isNear = error.positionM <= reachM && error.angleRad <= reachRad;
      if ((isNear || isWithin(error, seat.leaf)) && error.positionM < bestM) {
        best = { poseInRoom: seatPose, seat };
        bestM = error.positionM;
      }
    }
    return best;
  }

  #carry(thing: string, to: Carried): void {
    this.carried.set(new Map(this.carried.get()).set(thing, to));
    this.#settle();
  }

  #drop(thing: string): void {
    const rest = new Map(this.carried.get());
    if (rest.delete(thing)) this.carried.set(rest);
    this.#settle();
  }

  #settle(): void {
    const mine = [...this.carried.get()].map(([id, { poseInRoom }]) => [id, poseInRoom] as const);
    const inHand = new Map([...this.#others, ...mine]);
    this.poses.set(posesInRoom(this.#run.procedure, this.#run.state, this.#starts, inHand));
  }
}

/** Where a step looks for things, a tap says that it counted; an exam does not say which were right. */
function tellPointedAt({ procedure, state, row, say, tell }: HandledRun, thing: string): void {
  const active = state.active.findLast((one) => one.phase === 'active' && searchOf(procedure, one) !== null);
  if (!active) return;
  const words = trainingRoomStrings.text('pointedAt', { thing: say.name('things', thing) });
  const search = row.mode === 'exam' ? null : searchWith(procedure, active, thing);
  if (search) tell(`${words}. ${trainingRoomStrings.text('foundOf', { ...search })}`, 'good');
  else tell(words);
}

/** Said when something was put down: in its place, or (but in an exam) beside it. */
export function tellPlaced(
  { state, row, say, tell }: Pick<HandledRun, 'state' | 'row' | 'say' | 'tell'>,
  thing: string,
  seat: Seat | null,
): void {
  const name = say.name('things', thing);
  if (seat && state.active.some(({ step }) => step === seat.step))
    tell(trainingRoomStrings.text('inPlace', { thing: name }), 'good');
  else if (row.mode !== 'exam') tell(trainingRoomStrings.text('putThere', { thing: name }));
}

const negated = ([x, y, z]: Vec3): Vec3 => [-x, -y, -z];
const within = ({ position, rotation }: Pose): Pose => ({
  position: position.map((m) => Math.max(-REACH_M, Math.min(REACH_M, m))) as unknown as Vec3,
  rotation,
});
