import { rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { add, dot, normalize, scale, sub } from '../../../scene/vec.ts';
import type { VoiceSwitch } from '../../../voice/index.ts';
import { facing } from '../../../xr/facing.ts';
import { otherSide, type Hand, type Side } from '../../../xr/hands/hand.ts';
import type { Hands } from '../../../xr/hands/hands.ts';
import { Plate } from '../../../xr/plates/plate.ts';
import type { PlateBlock, PlateButton } from '../../../xr/plates/plate-layout.ts';
import type { Sounds } from '../../../xr/sounds.ts';
import { withUnit } from '../../procedures/model/words.ts';
import type { TrainingView } from '../scene/training-view.ts';
import type { InstructorBoard } from './instructor-board.ts';
import { trainingXrStrings } from './strings.ts';

const HAND_KEPT_AS = 'workhall.palette-hand';
const LOOK = { name: 'wrist plate', distanceM: 0.4, widthDmm: 480, mostDmm: 900 };
/** Its lower edge over the grip of a controller; its middle beside a bare hand's wrist, metres. */
const OVER_CONTROLLER_M = 0.05;
const BESIDE_HAND_M = 0.15;

/** The expert beside the trainee. */
export interface GhostSwitch {
  readonly isThere: () => boolean;
  readonly isOn: () => boolean;
  readonly toggle: () => void;
}

export interface WristOptions {
  readonly voice: VoiceSwitch | null;
  readonly ghost: GhostSwitch;
  readonly leave: () => void;
  /** What stands there instead of tools for those who lead. */
  readonly desk: InstructorBoard | null;
}

/** What is not the step itself, at the other hand: tools, microphone, the expert's ghost, the way out. */
export class WristPlate {
  side: Side;
  readonly plate: Plate;
  readonly #view: TrainingView;
  readonly #options: WristOptions;
  #isWanted = true;
  #isPalmUp = false;

  constructor(view: TrainingView, sounds: Sounds, options: WristOptions) {
    this.#view = view;
    this.#options = options;
    this.side = localStorage.getItem(HAND_KEPT_AS) === 'right' ? 'right' : 'left';
    this.plate = new Plate(view.stage, sounds, LOOK, (id) => this.#press(id));
  }

  get isShown(): boolean {
    return this.plate.isShown;
  }

  /** Returns the hand that is busy with the plate, and where its ray meets it. */
  tick(o: {
    hands: Hands;
    head: Pose;
    nowMs: number;
    elapsedMs: number;
    isBusy: (side: Side) => boolean;
  }): { side: Side; hit: Vec3 | null } | null {
    const carrier = o.hands.of(this.side);
    const worker = o.hands.of(otherSide(this.side));
    if (carrier.hasPressedButton) this.#isWanted = !this.#isWanted;
    this.plate.show(this.#blocks(o.nowMs));
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

  #blocks(nowMs: number): readonly PlateBlock[] {
    const t = trainingXrStrings.text;
    const { handling } = this.#view;
    const { procedure, say } = handling.run;
    const tool = handling.tool.get();
    const using = handling.using.get();
    const { desk } = this.#options;
    const blocks: PlateBlock[] = desk ? [...desk.blocks(nowMs)] : [];
    if (!desk && procedure.workplace.tools.length > 0) {
      blocks.push({ kind: 'text', text: t('tools'), tone: 'quiet' });
      const tools = procedure.workplace.tools.map(({ id }): PlateButton => {
        const unit = using?.tool === id ? procedure.workplace.tools.find((one) => one.id === id)?.unit : null;
        const shown = unit && using ? ` · ${withUnit(Math.round(using.value * 10) / 10, unit)}` : '';
        return { id: `tool-${id}`, label: say.name('tools', id) + shown, isOn: tool === id };
      });
      blocks.push({
        kind: 'buttons',
        columns: 1,
        buttons: [{ id: 'no-tool', label: t('hands'), isOn: tool === null }, ...tools],
      });
      // The setting of the tool in hand, where it has one.
      const setting = tool && procedure.workplace.controls.find(({ id }) => id === `${tool}-setting`);
      if (setting) {
        const stands = handling.standing(setting.id);
        const unit = setting.setting.kind === 'number' ? setting.setting.unit : null;
        const shown =
          typeof stands === 'number' && unit ? withUnit(Math.round(stands * 10) / 10, unit) : String(stands ?? '–');
        blocks.push({ kind: 'text', text: `${say.text(setting.name)}: ${shown}` });
        blocks.push({
          kind: 'buttons',
          columns: 2,
          buttons: [
            { id: `less-${setting.id}`, label: t('less') },
            { id: `more-${setting.id}`, label: t('greater') },
          ],
        });
      }
    }
    const { voice, ghost } = this.#options;
    const others: PlateButton[] = [{ id: 'swap', label: t('swapHands') }];
    if (voice) {
      const isOn = voice.status.get().state === 'talking';
      others.push({ id: 'voice', label: t(isOn ? 'mute' : 'speak'), isOn, isEnabled: !voice.status.get().isListener });
    }
    if (ghost.isThere())
      others.push({ id: 'ghost', label: t(ghost.isOn() ? 'ghostOff' : 'ghostOn'), isOn: ghost.isOn() });
    others.push({ id: 'leave', label: t('leaveVr') });
    return [...blocks, { kind: 'buttons', columns: 2, buttons: others }];
  }

  #press(id: string): void {
    const { handling } = this.#view;
    if (id === 'leave') return this.#options.leave();
    if (id === 'voice') return void this.#options.voice?.toggle();
    if (id === 'ghost') return this.#options.ghost.toggle();
    if (id === 'no-tool') return handling.tool.set(null);
    if (id.startsWith('tool-')) return handling.tool.set(id.slice('tool-'.length));
    if (id.startsWith('less-')) return handling.nudge(id.slice('less-'.length), -1);
    if (id.startsWith('more-')) return handling.nudge(id.slice('more-'.length), 1);
    if (id !== 'swap') return this.#options.desk?.press(id);
    this.side = otherSide(this.side);
    localStorage.setItem(HAND_KEPT_AS, this.side);
  }
}
