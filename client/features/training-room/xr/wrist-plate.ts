import type { Vec3 } from '#protocol/spatial/index';
import type { VoiceSwitch } from '../../../voice/index.ts';
import type { Side } from '../../../xr/hands/hand.ts';
import { CarriedPlate, type CarriedMoment } from '../../../xr/plates/carried-plate.ts';
import type { Plate } from '../../../xr/plates/plate.ts';
import type { PlateBlock, PlateButton } from '../../../xr/plates/plate-layout.ts';
import type { Sounds } from '../../../xr/sounds.ts';
import { withUnit } from '../../procedures/model/words.ts';
import type { TrainingView } from '../scene/training-view.ts';
import type { InstructorBoard } from './instructor-board.ts';
import { trainingXrStrings } from './strings.ts';

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
  readonly #view: TrainingView;
  readonly #options: WristOptions;
  readonly #carried: CarriedPlate;

  constructor(view: TrainingView, sounds: Sounds, options: WristOptions) {
    this.#view = view;
    this.#options = options;
    this.#carried = new CarriedPlate(view.stage, sounds, 'wrist plate', (id) => this.#press(id));
  }

  get side(): Side {
    return this.#carried.side;
  }

  get plate(): Plate {
    return this.#carried.plate;
  }

  get isShown(): boolean {
    return this.#carried.isShown;
  }

  /** Returns the hand that is busy with the plate, and where its ray meets it. */
  tick(moment: CarriedMoment): { side: Side; hit: Vec3 | null } | null {
    return this.#carried.tick(this.#blocks(moment.nowMs), moment);
  }

  dispose(): void {
    this.#carried.dispose();
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
    if (id === 'swap') return this.#carried.swap();
    this.#options.desk?.press(id);
  }
}
