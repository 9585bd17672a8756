import { ACCENT, PARTICIPANT_COLORS } from '../../../palette.ts';
import type { PartId } from '#protocol/ids';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { placedApart } from '../../../scene/apart.ts';
import { add } from '../../../scene/vec.ts';
import { SIDES, type Hand, type Side } from '../../../xr/hands/hand.ts';
import { Highlight, type Mark } from '../../../xr/highlight.ts';
import type { Plate } from '../../../xr/plates/plate.ts';
import { Tag } from '../../../xr/tag.ts';
import { raisedTo, seenFrom, seenPlate } from '../../../xr/view-angles.ts';
import { WayMark } from '../../../xr/way-mark.ts';
import { withUnit } from '../../procedures/model/words.ts';
import type { RunThings } from '../run-context.tsx';
import { idOf } from '../scene/scene-labels.ts';
import { marksOf } from '../scene/step-marks.ts';
import type { TrainingView } from '../scene/training-view.ts';
import type { ControlGrips } from './control-grips.ts';
import type { ThingGrips } from './thing-grips.ts';

/** Between two readings, and how far one may go from its instrument, dmm. */
const APART = { gap: 6, furthest: 130 };

/** What is drawn at the work in the headset: outlines, names at the hands, readings of instruments, the way out of view. */
export class StayMarks {
  readonly wayMark: WayMark;
  readonly #view: TrainingView;
  readonly #things: ThingGrips;
  readonly #controls: ControlGrips;
  readonly #highlight: Highlight;
  readonly #names: Record<Side, Tag>;
  readonly #readings = new Map<string, Tag>();
  readonly #plates: readonly Plate[];

  /** `plates`: what is read before all else, and stays free. */
  constructor(view: TrainingView, things: ThingGrips, controls: ControlGrips, plates: readonly Plate[]) {
    this.#view = view;
    this.#things = things;
    this.#controls = controls;
    this.#plates = plates;
    this.wayMark = new WayMark(view.stage.scene);
    this.#highlight = new Highlight(view.stage, view.shapes);
    this.#names = { left: new Tag(view.stage), right: new Tag(view.stage) };
  }

  show(run: RunThings, head: Pose, hands: readonly Hand[]): void {
    for (const hand of hands) this.#showName(run, hand, head.position);
    this.#showMarks(run, head);
    this.#showReadings(run, head);
  }

  dispose(): void {
    this.wayMark.dispose();
    this.#highlight.dispose();
    for (const tag of [...this.#readings.values(), ...Object.values(this.#names)]) tag.dispose();
  }

  /** The name of what the hand is about to take, or has. */
  #showName({ say }: RunThings, hand: Hand, eye: Vec3): void {
    const held = this.#things.heldIn(hand.side);
    const turned = this.#controls.heldIn(hand.side);
    const at = this.#things.aimOf(hand.side).at;
    const wanted = this.#view.wanted.get();
    const tag = this.#names[hand.side];
    const named = held
      ? ({ kind: 'thing', id: held } as const)
      : turned
        ? ({ kind: 'control', id: turned } as const)
        : at;
    if (!named) return tag.show(null, null, eye);
    const name = say.name(named.kind === 'thing' ? 'things' : 'controls', named.id);
    const value = named.kind === 'control' ? (wanted?.to ?? this.#view.handling.standing(named.id)) : null;
    const text = value === null ? name : `${name} · ${typeof value === 'number' ? Math.round(value) : value}`;
    const middle = this.#view.pointOf(named);
    tag.show(text, middle && add(middle, [0, this.#halfHeight(named) + 0.035, 0]), eye);
  }

  #halfHeight({ kind, id }: { readonly kind: string; readonly id: string }): number {
    if (kind !== 'thing') return 0.03;
    const { min, max } = this.#view.handling.boxOf(id);
    return Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2]) / 2;
  }

  /** Outlines: what the step is about, what hands point at and hold; and the way to it when it is out of view. */
  #showMarks(run: RunThings, head: Pose): void {
    const view = this.#view;
    const marks = new Map<PartId, Mark>();
    const mark = (kind: string, id: string, color: string) => {
      for (const part of view.partsOf(kind, id)) marks.set(part, { color });
    };
    const { highlights, arrows } = marksOf(run);
    const carried = view.handling.carried.get();
    for (const target of highlights) {
      const { kind, id } = idOf(target);
      if (!carried.has(id)) mark(kind, id, ACCENT);
    }
    for (const side of SIDES) {
      const { at } = this.#things.aimOf(side);
      if (at) mark(at.kind, at.id, view.stage.colors.ink);
      const held = this.#things.heldIn(side);
      if (held) mark('thing', held, ACCENT);
      const turned = this.#controls.heldIn(side);
      if (turned) mark('control', turned, ACCENT);
    }
    for (const [thing, holder] of Object.entries(run.state.world.held))
      if (holder !== run.session.me.user) {
        const person = run.session.participants.get().find(({ user }) => user === holder);
        mark('thing', thing, PARTICIPANT_COLORS[(person?.color ?? 11) % 12]!);
      }
    this.#highlight.show(marks);
    // Only while nothing of it is in hand: then one knows where it is.
    const wanted = carried.size > 0 ? null : ([...arrows, ...highlights].map(idOf)[0] ?? null);
    this.wayMark.show(head, wanted && view.pointOf(wanted));
  }

  /** What instruments read, at their places or just beside: never over one another, nor over a board. */
  #showReadings({ procedure, say, machines, row, state }: RunThings, head: Pose): void {
    const { machine, stage } = this.#view;
    if (!machine) return;
    const shown: { readonly tag: Tag; readonly text: string; readonly at: Vec3 }[] = [];
    const picture = machines.pictures.get().get(row.id);
    for (const sensor of procedure.workplace.sensors) {
      const node = machine.nodeOf('sensor', sensor.id);
      const value = picture?.value(sensor.id) ?? state.world.values[sensor.id]?.value;
      if (!node || value === undefined) continue;
      const tag = this.#readings.get(sensor.id) ?? new Tag(stage);
      this.#readings.set(sensor.id, tag);
      const { min, max } = machine.boundsInRoom(node);
      const at: Vec3 = [(min[0] + max[0]) / 2, min[1] - 0.03, (min[2] + max[2]) / 2];
      shown.push({ tag, text: `${say.text(sensor.name)} ${withUnit(value, sensor.unit)}`, at });
    }
    const taken = this.#plates.flatMap((plate) => seenPlate(head, plate) ?? []);
    const boxes = shown.map(({ tag, text, at }) => ({ ...seenFrom(head, at), ...tag.sizeOf(text) }));
    for (const [at, y] of placedApart(boxes, { ...APART, taken }).entries()) {
      const { tag, text, at: place } = shown[at]!;
      tag.show(text, y === null ? null : raisedTo(head, place, y), head.position);
    }
  }
}
