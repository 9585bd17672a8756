import { rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { Stage } from '../../scene/stage/stage.ts';
import { add, dot, normalize, scale, sub } from '../../scene/vec.ts';
import { facing } from '../facing.ts';
import { otherSide, type Hand, type Side } from '../hands/hand.ts';
import type { Hands } from '../hands/hands.ts';
import type { Sounds } from '../sounds.ts';
import { Plate } from './plate.ts';
import type { PlateBlock } from './plate-layout.ts';

const HAND_KEPT_AS = 'workhall.palette-hand';
const LOOK = { distanceM: 0.4, widthDmm: 480, mostDmm: 900 };
/** Its lower edge over the grip of a controller; its middle beside a bare hand's wrist, metres. */
const OVER_CONTROLLER_M = 0.05;
const BESIDE_HAND_M = 0.15;

export interface CarriedMoment {
  readonly hands: Hands;
  readonly head: Pose;
  readonly nowMs: number;
  readonly elapsedMs: number;
  readonly isBusy: (side: Side) => boolean;
}

/**
 * A plate that one hand carries and the other works: at a controller until a button folds it away, at a bare hand while the palm
 * looks at the eyes. Which hand is remembered.
 */
export class CarriedPlate {
  side: Side;
  readonly plate: Plate;
  #isWanted = true;
  #isPalmUp = false;

  constructor(stage: Stage, sounds: Sounds, name: string, onPress: (id: string) => void) {
    this.side = localStorage.getItem(HAND_KEPT_AS) === 'right' ? 'right' : 'left';
    this.plate = new Plate(stage, sounds, { name, ...LOOK }, onPress);
  }

  get isShown(): boolean {
    return this.plate.isShown;
  }

  swap(): void {
    this.side = otherSide(this.side);
    localStorage.setItem(HAND_KEPT_AS, this.side);
  }

  /** Returns the hand that is busy with the plate, and where its ray meets it. */
  tick(blocks: readonly PlateBlock[], o: CarriedMoment): { side: Side; hit: Vec3 | null } | null {
    const carrier = o.hands.of(this.side);
    const worker = o.hands.of(otherSide(this.side));
    if (carrier.hasPressedButton) this.#isWanted = !this.#isWanted;
    this.plate.show(blocks);
    this.plate.stand(this.#place(carrier, o.head, o.isBusy(this.side)), o.elapsedMs);
    const used = this.plate.tick(o.isBusy(worker.side) ? [] : [worker], o.nowMs);
    return used.has(worker) ? { side: worker.side, hit: used.get(worker) ?? null } : null;
  }

  dispose(): void {
    this.plate.dispose();
  }

  #place(hand: Hand, head: Pose, isBusy: boolean): Pose | null {
    const grip = hand.gripInRoom;
    if (!grip || isBusy || !(hand.isBare ? this.#looksAtPalm(hand, head) : this.#isWanted)) return null;
    const inward = this.side === 'left' ? 1 : -1;
    const right = rotateVec3(facing(grip.position, head.position), [1, 0, 0]);
    const { heightM } = this.plate;
    const [asideM, aboveM] = hand.isBare ? [BESIDE_HAND_M, heightM / 2] : [0, heightM + OVER_CONTROLLER_M];
    const position = add(add(grip.position, scale(right, asideM * inward)), [0, aboveM, 0]);
    return { position, rotation: facing(position, head.position) };
  }

  #looksAtPalm(hand: Hand, head: Pose): boolean {
    const wrist = hand.wristInRoom;
    if (!wrist) return false;
    const palm = rotateVec3(wrist.rotation, [0, -1, 0]);
    const facesEye = dot(palm, normalize(sub(head.position, wrist.position)));
    this.#isPalmUp = facesEye > (this.#isPalmUp ? 0.25 : 0.55) && !hand.isClosed;
    return this.#isPalmUp;
  }
}
