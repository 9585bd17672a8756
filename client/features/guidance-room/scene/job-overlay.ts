/**
 * What is drawn on the real product: outlines, ghosts, and the parts that stand there already as nothing but depth, so that
 * what lies behind them is hidden. Its room is the product's own frame; a camera or a headset looks into it.
 */
import { Matrix } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Store } from '#net/store';
import type { Seen } from '#protocol/alignment/index';
import type { Part } from '#protocol/design/index';
import { equipmentFor } from '#protocol/equipment/index';
import type { PartId } from '#protocol/ids';
import { indexOf, type Procedure } from '#protocol/procedures/index';
import { composePose, IDENTITY_POSE, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { ACCENT } from '../../../palette.ts';
import { EMPTY_BOUNDS, isEmptyBounds, joinBounds } from '../../../scene/geometry.ts';
import { Stage } from '../../../scene/stage/stage.ts';
import { transformPoint } from '../../../scene/vec.ts';
import { turnedBounds, World } from '../../../scene/world/world.ts';
import { Highlight, type Mark } from '../../../xr/highlight.ts';
import { Ghosts, type GhostMotion } from '../../training-room/scene/ghosts.ts';
import { MachinePicture } from '../../training-room/model/machine-feed.ts';
import { modelUrlOf } from '../../training-room/scene/machine-files.ts';
import { MachineModel } from '../../training-room/scene/machine-model.ts';
import { movedAlong } from '../../training-room/scene/step-marks.ts';
import { partsOfThings, type ThingParts } from '../../training-room/scene/thing-parts.ts';
import { UNKNOWN_BOX, type Box } from '../../training-room/model/workplace.ts';
import { shownAfter } from '../../workstation/machine-picture.ts';
import type { JobThings } from '../job-context.tsx';
import { cuesOf, type Cue } from '../model/cues.ts';
import { covering, projectionOver, rimArrow, type Frame } from '../model/rim-arrow.ts';
import { hiddenThings, standingThings } from '../model/standing.ts';

export type OverlaidJob = Pick<JobThings, 'procedure' | 'state' | 'steps' | 'aligner'>;

/** What a page shows over the picture beside the scene. */
export type PageMark =
  | { readonly kind: 'arrow'; readonly xPx: number; readonly yPx: number; readonly angleRad: number }
  | {
      readonly kind: 'ring';
      readonly xPx: number;
      readonly yPx: number;
      readonly radiusPx: number;
      readonly regionM: number;
    };

/** Over a camera's picture, which has no more pictures itself: half the work, ms between two. */
const LEAST_FRAME_MS = 30;
/** A ghost has shown the way after so many rounds. */
const GHOST_ROUNDS = 8;
const NEAR_M = 0.02;
const FAR_M = 60;
const MACHINE = 'machine:';
/** Where the author drew no way, a part comes down from above, metres and ms. */
const FROM_ABOVE_M = 0.06;
const DOWN_MS = 1100;
/** Names that `World` gives its materials: those are drawn as depth alone. */
const OF_THE_WORLD = /^(steel|aluminium|brass|rubber|plastic|paint|glass|original) (true|false)$|^own |edge$/;

export class JobOverlay {
  readonly stage: Stage;
  readonly world: World;
  /** The product's own frame, which is the scene's: marks of experts hang here. */
  readonly product: TransformNode;
  readonly cues = new Store<readonly Cue[]>([]);
  readonly marks = new Store<readonly PageMark[]>([]);
  /** Models on their way. */
  readonly loading: World['shapes']['loading'];
  readonly #things: ThingParts;
  readonly #ghosts: Ghosts;
  readonly #highlight: Highlight;
  #machine: MachineModel | null = null;
  #job: OverlaidJob;
  #stops: (() => void)[] = [];
  #shown = '';
  #set = '';
  #drawn: { readonly pose: Pose; readonly key: string } | null = null;
  #isDisposed = false;

  constructor(
    canvas: HTMLCanvasElement,
    job: OverlaidJob,
    options: { readonly hallUrl: string; readonly theme: 'light' | 'dark'; readonly design: ReadonlyMap<string, Part> },
  ) {
    this.#job = job;
    const stage = (this.stage = new Stage(canvas, options.theme));
    stage.leastFrameMs = LEAST_FRAME_MS;
    // The camera's picture, or the real place, shows wherever nothing is drawn; a colour without cover would still shine.
    stage.onTheme(() => void stage.scene.clearColor.set(0, 0, 0, 0));
    stage.scene.onNewMaterialAddedObservable.add((material) => {
      if (OF_THE_WORLD.test(material.name) || material.getClassName() === 'PBRMaterial')
        material.disableColorWrite = true;
    });
    // Depth first: an outline that was drawn before it would stay.
    stage.scene.setRenderingOrder(0, (a, b) => Number(isDepth(b)) - Number(isDepth(a)));
    this.product = new TransformNode('product', stage.scene);
    this.world = new World(stage, options.hallUrl);
    this.loading = this.world.shapes.loading;
    this.#things = partsOfThings(job.procedure, options.design);
    this.world.apply(
      this.#things.parts.map((part) => ({
        table: 'parts',
        id: part.id,
        after: { ...part, hidden: part.parent === null },
      })),
    );
    const shapes: Pick<World, 'isShown' | 'shapeOf' | 'poseInRoom'> = {
      isShown: (id) => id.startsWith(MACHINE) || this.world.isShown(id),
      shapeOf: (id) => (id.startsWith(MACHINE) ? (this.#machine?.shapeOf(nodeIn(id)) ?? null) : this.world.shapeOf(id)),
      poseInRoom: (id) => (id.startsWith(MACHINE) ? this.#machine!.poseInRoom(nodeIn(id)) : this.world.poseInRoom(id)),
    };
    this.#highlight = new Highlight(stage, shapes);
    this.#ghosts = new Ghosts(stage, (thing) => this.#lookOf(thing), GHOST_ROUNDS);
    this.#stops = [
      this.world.onChange(() => this.#show()),
      job.aligner.view.subscribe(() => this.#show()),
      this.loading.subscribe(() => stage.invalidate()),
    ];
    this.update(job);
    void this.#bringMachine(job.procedure);
  }

  get procedure(): Procedure {
    return this.#job.procedure;
  }

  /** The job as it is now. */
  update(job: OverlaidJob): void {
    this.#job = job;
    this.#stand();
    this.#findCues();
    this.#show();
  }

  /** Drawn over the picture of this camera, which fills a frame of this size; null: nothing is drawn. */
  lookThrough(fit: Seen | null, frame: Frame): void {
    if (this.stage.isImmersive || this.#isDisposed) return;
    if (!fit) {
      this.#drawn = null;
      return this.marks.set([]);
    }
    const marks = this.#pageMarks(fit, frame);
    if (JSON.stringify(marks) !== JSON.stringify(this.marks.get())) this.marks.set(marks);
    // A hand that rests, or a camera on a stand: the picture is drawn already, and the device stays cool.
    const drawn = { pose: fit.productInDevice, key: [fit.camera.focalPx[0], frame.widthPx, frame.heightPx].join() };
    if (this.#drawn?.key === drawn.key && isAtRest(this.#drawn.pose, drawn.pose)) return;
    this.#drawn = drawn;
    const { camera } = this.stage;
    const { position, rotation } = invertPose(fit.productInDevice);
    camera.position.set(...position);
    camera.rotationQuaternion!.set(...rotation);
    camera.freezeProjectionMatrix(Matrix.FromArray(projectionOver(fit.camera, frame, NEAR_M, FAR_M)));
    this.stage.invalidate();
  }

  /** Middle of something of the workplace on the product; null: nobody knows. */
  pointOf(thing: string): Vec3 | null {
    return this.cues.get().find((cue) => cue.thing === thing)?.atInProduct ?? null;
  }

  /** Its shapes in its own frame; null while they come. */
  lookOf(thing: string) {
    return this.#lookOf(thing);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const stop of this.#stops) stop();
    this.#ghosts.dispose();
    this.#highlight.dispose();
    this.#machine?.dispose();
    this.world.dispose();
    this.stage.dispose();
  }

  async #bringMachine(procedure: Procedure): Promise<void> {
    const model = equipmentFor(procedure);
    const url = model && modelUrlOf(model);
    if (!model || !url) return;
    try {
      const machine = await MachineModel.load(this.stage, model, url);
      if (this.#isDisposed) return machine.dispose();
      this.#machine = machine;
      for (const mesh of machine.meshes) if (mesh.material) mesh.material.disableColorWrite = true;
      this.update(this.#job);
    } catch (thrown) {
      // Steps and pictures stand without it; the next visit tries again.
      console.warn('The machine could not be shown.', thrown);
    }
  }

  /** What is in the product already hides what lies behind; loose parts are nowhere yet. */
  #stand(): void {
    const { procedure, state } = this.#job;
    const poses = standingThings(procedure, state);
    const hidden = hiddenThings(procedure, state);
    this.#follow([...hidden]);
    const changes = [...this.#things.rootOf].flatMap(([thing, root]) => {
      const pose = poses.get(thing);
      if (pose) this.world.carry(root, pose);
      const before = this.world.part(root);
      const isHidden = pose === undefined || hidden.has(thing);
      return before && before.hidden !== isHidden
        ? [{ table: 'parts', id: root, before: { ...before }, after: { ...before, hidden: isHidden } }]
        : [];
    });
    if (changes.length > 0) this.world.apply(changes);
  }

  /** The machine as the job has set and opened it: switches and valves stand so, and what was taken off hides nothing. */
  #follow(hidden: readonly string[]): void {
    const machine = this.#machine;
    if (!machine) return;
    const controls = this.#job.state?.world.controls ?? {};
    const set = JSON.stringify(controls);
    if (set !== this.#set) machine.show(new MachinePicture(machine.model, shownAfter(machine.model, controls)));
    this.#set = set;
    machine.leaveOut(new Set(hidden.flatMap((thing) => machine.nodeOf('thing', thing) ?? [])));
  }

  #findCues(): void {
    const { procedure, state, steps, aligner } = this.#job;
    const cues = state ? cuesOf(procedure, state, steps, this.#machine, (thing) => this.#boxOf(thing)) : [];
    this.cues.set(cues);
    const points = cues.map(({ atInProduct }) => atInProduct);
    if (points.length > 0) aligner.points = points;
  }

  /** Outlines and ghosts of what the overlay is fine enough for. */
  #show(): void {
    const { aligner } = this.#job;
    const before = this.#shown;
    const lines = new Map<PartId, Mark>();
    const ghosts: GhostMotion[] = [];
    for (const cue of this.cues.get()) {
      // Not aligned yet: in the glasses nothing is drawn at all, over a picture neither.
      if (aligner.judge(cue.atInProduct, cue.toleranceM)?.isShown !== true) continue;
      if (!cue.isStanding) ghosts.push(this.#motionOf(cue));
      else for (const part of this.#partsOf(cue)) lines.set(part, { color: ACCENT });
    }
    this.#highlight.show(lines);
    this.#ghosts.show(ghosts);
    this.#shown = [...lines.keys(), ...ghosts.map(({ thing }) => thing)].join();
    if (this.#shown !== before) this.stage.invalidate();
  }

  /** The author's way, or straight down. */
  #motionOf({ thing, poseInProduct }: Cue): GhostMotion {
    const { procedure, state } = this.#job;
    for (const { step } of state?.active ?? [])
      for (const one of indexOf(procedure).steps.get(step)?.step.behaviours ?? [])
        if (one.kind === 'ghostMotion' && one.thing === thing && one.motion.kind === 'computed')
          return movedAlong({ thing, frames: one.motion.frames }, poseInProduct);
    const [x, y, z] = poseInProduct.position;
    const above: Pose = { position: [x, y + FROM_ABOVE_M, z], rotation: poseInProduct.rotation };
    return {
      thing,
      frames: [
        { atMs: 0, poseInRoom: above },
        { atMs: DOWN_MS, poseInRoom: poseInProduct },
      ],
    };
  }

  #pageMarks(fit: Seen, frame: Frame): PageMark[] {
    const marks: PageMark[] = [];
    const { scale, leftPx, topPx } = covering(fit.camera, frame.widthPx, frame.heightPx);
    let isInView = false;
    let arrow: PageMark | null = null;
    for (const cue of this.cues.get()) {
      const [x, y, z] = transformPoint(fit.productInDevice, cue.atInProduct);
      const way = rimArrow(fit.camera, [x, y, z], frame);
      if (way) arrow ??= { kind: 'arrow', ...way };
      else isInView = true;
      const verdict = this.#job.aligner.judge(cue.atInProduct, cue.toleranceM);
      if (way || !verdict || verdict.isShown || !Number.isFinite(verdict.regionM)) continue;
      marks.push({
        kind: 'ring',
        xPx: leftPx + scale * (fit.camera.centrePx[0] + (fit.camera.focalPx[0] * x) / -z),
        yPx: topPx + scale * (fit.camera.centrePx[1] - (fit.camera.focalPx[1] * y) / -z),
        radiusPx: Math.max(24, (scale * fit.camera.focalPx[0] * verdict.regionM) / -z),
        regionM: verdict.regionM,
      });
    }
    // While one of them is in view, one knows where to look.
    return arrow && !isInView ? [...marks, arrow] : marks;
  }

  #partsOf({ kind, thing }: Cue): PartId[] {
    const root = kind === 'thing' && this.#things.rootOf.get(thing);
    if (root) return [...this.world.withChildren([root])].filter((part) => this.world.part(part)?.shape);
    const node = this.#machine?.nodeOf(kind, thing);
    return node ? [`${MACHINE}${node}` as PartId] : [];
  }

  /** In the thing's own frame; from the design's numbers, so it is known before the models are here. */
  #boxOf(thing: string): Box {
    const root = this.#things.rootOf.get(thing);
    if (!root) return UNKNOWN_BOX;
    const toThing = invertPose(this.world.poseInRoom(root));
    let bounds = EMPTY_BOUNDS;
    for (const id of this.world.withChildren([root])) {
      const part = this.world.part(id);
      if (!part?.shape) continue;
      bounds = joinBounds(
        bounds,
        turnedBounds(this.world.localBounds(part), composePose(toThing, this.world.poseInRoom(id))),
      );
    }
    return isEmptyBounds(bounds) ? UNKNOWN_BOX : { min: [...bounds.min], max: [...bounds.max] };
  }

  /** What a thing looks like, for ghosts; null while its shapes are on their way. */
  #lookOf(thing: string) {
    const root = this.#things.rootOf.get(thing);
    if (!root) return this.#lookOfNode(thing);
    const toThing = invertPose(this.world.poseInRoom(root));
    const ids = [...this.world.withChildren([root])].filter((id) => this.world.part(id)?.shape);
    const look = ids.flatMap((id) => {
      const geometry = this.world.shapeOf(id)?.geometry;
      return geometry ? [{ geometry, poseInThing: composePose(toThing, this.world.poseInRoom(id)) }] : [];
    });
    return look.length === ids.length && look.length > 0 ? look : null;
  }

  #lookOfNode(thing: string) {
    const machine = this.#machine;
    const node = machine && (machine.nodeOf('thing', thing) ?? machine.nodeOf('control', thing));
    const shape = node && machine.shapeOf(node);
    return shape ? [{ geometry: shape.geometry, poseInThing: IDENTITY_POSE }] : null;
  }
}

/** Within a fifth of a millimetre and of a milliradian: a pixel at most. */
const isAtRest = (a: Pose, b: Pose): boolean =>
  a.position.every((metres, k) => Math.abs(metres - b.position[k]!) < 2e-4) &&
  Math.abs(a.rotation.reduce((sum, value, k) => sum + value * b.rotation[k]!, 0)) > 1 - 5e-9;

const nodeIn = (id: string): string => id.slice(MACHINE.length);
const isDepth = (part: { getMaterial(): { disableColorWrite: boolean } | null }): boolean =>
  part.getMaterial()?.disableColorWrite ?? false;
