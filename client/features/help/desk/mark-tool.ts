import { Store } from '#net/store';
import { MAX_STROKE_POINTS, type Anchor, type MarkBody } from '#protocol/guidance/index';
import type { Vec3 } from '#protocol/spatial/index';
import { distance } from '../../../scene/vec.ts';
import type { Tool } from '../../../tools/tool.types.ts';
import type { PartHit } from '../../../scene/world/world.ts';
import type { HelpCall } from '../model/help-call.ts';

export const MARK_TOOLS = ['look', 'arrow', 'draw', 'note', 'measure', 'ghost'] as const;
export type MarkToolKind = (typeof MARK_TOOLS)[number];

/** What a pointer or the ray of a hand means. */
export interface Aim {
  readonly hit: PartHit | null;
  /** A hand that draws in the air beside the product; in its frame. */
  readonly inAir?: Vec3;
}

/** Where on the product a pointer is: in the frame of the thing there; null: in the air, in the product's own. */
export interface PlaceHit {
  readonly thing: string | null;
  readonly point: Vec3;
  /** Unit vector, into the material. */
  readonly intoSurface: Vec3;
  readonly pointInProduct: Vec3;
}

/** Points of a stroke lie at least so far apart, metres. */
const STROKE_STEP_M = 0.002;
/** A measurement that is being taken is drawn anew when its end has moved by this much, metres. */
const PREVIEW_STEP_M = 0.003;

/** Leaves marks on the product by pointing: one click, two, or a line drawn with the button held. */
export class MarkTool implements Tool {
  /** As the pointer's router knows tools that are after a face of a part: nobody is visited by a click. */
  readonly id = 'measure' as const;
  readonly kind = new Store<MarkToolKind>('look');
  /** Text of the next note, and of nothing else; the thing whose ghost is placed next. */
  readonly text = new Store('');
  readonly thing = new Store<string | null>(null);
  /** The first end of a measurement waits for the second. */
  readonly first = new Store<PlaceHit | null>(null);
  /** What comes of it so far: shown to the expert alone. */
  readonly pending = new Store<MarkBody | null>(null);
  readonly #help: Pick<HelpCall, 'mark'>;
  readonly #hit: (aim: Aim) => PlaceHit | null;
  #stroke: { readonly thing: string | null; readonly points: Vec3[] } | null = null;

  constructor(help: Pick<HelpCall, 'mark'>, hit: (aim: Aim) => PlaceHit | null) {
    this.#help = help;
    this.#hit = hit;
  }

  use(kind: MarkToolKind): void {
    this.cancel();
    this.kind.set(kind);
  }

  press(aim: Aim): boolean {
    if (this.kind.get() !== 'draw') return false;
    const hit = this.#hit(aim);
    if (hit) this.#stroke = { thing: hit.thing, points: [hit.point] };
    return hit !== null;
  }

  drag(aim: Aim): void {
    const stroke = this.#stroke;
    const hit = stroke && this.#hit(aim);
    // A line stays on the part that it began on: there it goes where the part goes.
    if (!stroke || hit?.thing !== stroke.thing) return;
    if (distance(stroke.points.at(-1)!, hit.point) < STROKE_STEP_M) return;
    stroke.points.push(hit.point);
    this.pending.set({ kind: 'stroke', in: stroke.thing as never, points: [...stroke.points] });
    if (stroke.points.length < MAX_STROKE_POINTS) return;
    this.#end();
    this.#stroke = { thing: hit.thing, points: [hit.point] };
  }

  release(): void {
    this.#end();
    this.#stroke = null;
  }

  /** Where the second end of a measurement would be. */
  hover(aim: Aim): void {
    const first = this.first.get();
    const hit = first && this.#hit(aim);
    if (!first || !hit) return;
    const shown = this.pending.get();
    const isSame = shown?.kind === 'measure' && shown.to.in === hit.thing;
    if (!isSame || distance(shown.to.point, hit.point) > PREVIEW_STEP_M) this.pending.set(measured(first, hit));
  }

  click(aim: Aim): void {
    const hit = this.#hit(aim);
    const body = hit && this.#bodyAt(hit);
    if (body) this.#help.mark(body);
  }

  cancel(): boolean {
    const had = this.#stroke !== null || this.first.get() !== null;
    this.#stroke = null;
    this.first.set(null);
    this.pending.set(null);
    return had;
  }

  #bodyAt(hit: PlaceHit): MarkBody | null {
    const at = anchorOf(hit);
    switch (this.kind.get()) {
      case 'arrow':
        return { kind: 'arrow', at, towards: hit.intoSurface, text: '' };
      case 'note': {
        const text = this.text.get().trim();
        if (!text) return null;
        this.text.set('');
        return { kind: 'note', at, text };
      }
      case 'ghost': {
        const thing = this.thing.get();
        if (thing === null) return null;
        const pose = { position: hit.pointInProduct, rotation: [0, 0, 0, 1] as [number, number, number, number] };
        return { kind: 'ghost', thing: thing as never, at: { in: null, pose } };
      }
      case 'measure': {
        const first = this.first.get();
        this.first.set(first ? null : hit);
        this.pending.set(null);
        return first && measured(first, hit);
      }
      default:
        return null;
    }
  }

  #end(): void {
    const stroke = this.#stroke;
    if (stroke) this.pending.set(null);
    if (stroke && stroke.points.length > 1)
      this.#help.mark({ kind: 'stroke', in: stroke.thing as never, points: stroke.points });
  }
}

function measured(from: PlaceHit, to: PlaceHit): MarkBody {
  const isOne = from.thing === to.thing;
  const distanceM = isOne ? distance(from.point, to.point) : distance(from.pointInProduct, to.pointInProduct);
  return { kind: 'measure', from: anchorOf(from), to: anchorOf(to), distanceM };
}

const anchorOf = ({ thing, point }: PlaceHit): Anchor => ({ in: thing as never, point });
