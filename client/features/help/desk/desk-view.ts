/**
 * The product of a job at the expert's desk: as it stands on the bench, with the engineer as an avatar beside it. The frame of
 * everything here is the product's own, which is that of the procedure's workplace and of presence in a job's room.
 */
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { GuidanceSession } from '#net/index';
import { Signal } from '#net/signal';
import { Store, type Readable } from '#net/store';
import type { MarkBody, MarkRow } from '#protocol/guidance/index';
import type { Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Body } from '#protocol/presence/index';
import type { Procedure, RunState } from '#protocol/procedures/index';
import { composePose, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { colorOfUser } from '#protocol/room/index';
import { ACCENT, PARTICIPANT_COLORS } from '../../../palette.ts';
import { Avatars } from '../../../scene/avatars/avatars.ts';
import { OrbitCamera } from '../../../scene/camera/orbit-camera.ts';
import { rotationOf } from '../../../scene/camera/orbit.ts';
import { createViewCube, type Language } from '../../../scene/camera/view-cube.ts';
import { isEmptyBounds, type Bounds } from '../../../scene/geometry.ts';
import { Outline, type Outlined } from '../../../scene/outline.ts';
import { Overlay } from '../../../scene/overlay.ts';
import { Floor } from '../../../scene/stage/floor.ts';
import { Stage } from '../../../scene/stage/stage.ts';
import type { Ray } from '../../../scene/vec.ts';
import { World } from '../../../scene/world/world.ts';
import { PointerRouter } from '../../../tools/pointer.ts';
import type { Snap, Workbench } from '../../../tools/tool.types.ts';
import { Visits } from '../../../tools/visits.ts';
import { partsOfThings, type ThingParts } from '../../training-room/scene/thing-parts.ts';
import { standingThings, thingsOfSteps } from '../../guidance-room/model/standing.ts';
import { MarksLayer } from '../marks-layer.ts';
import type { HelpCall } from '../model/help-call.ts';
import { MarkTool, type Aim, type MarkToolKind, type PlaceHit } from './mark-tool.ts';

export interface DeskJob {
  readonly procedure: Procedure;
  readonly state: RunState | null;
}
export interface DeskViewOptions {
  readonly hallUrl: string;
  readonly theme: 'light' | 'dark';
  readonly language: Language;
  readonly design: ReadonlyMap<string, Part>;
  readonly help: HelpCall;
}

const EMPTY_PLACE: Bounds = { min: [-0.3, 0, -0.3], max: [0.3, 0.3, 0.3] };
const BODY_EVERY_MS = 50;
/** Who stands still says so, or the others would think the line is dead. */
const STILL_BODY_EVERY_MS = 400;

export class DeskView {
  readonly stage: Stage;
  readonly world: World;
  readonly camera: OrbitCamera;
  readonly overlay: Overlay;
  readonly avatars: Avatars;
  readonly marks: MarksLayer;
  readonly tool: MarkTool;
  readonly languages: Store<Language>;
  readonly pointed = new Store<Vec3 | null>(null);
  readonly #session: GuidanceSession;
  readonly #things: ThingParts;
  readonly floor: Floor;
  readonly outline: Outline;
  readonly #stops: (() => void)[];
  #poses: ReadonlyMap<string, Pose> = new Map();
  #isFramed = false;
  #lastBodyMs = 0;
  #lastBody = '';

  constructor(canvas: HTMLCanvasElement, session: GuidanceSession, job: DeskJob, options: DeskViewOptions) {
    this.#session = session;
    const stage = (this.stage = new Stage(canvas, options.theme));
    this.floor = new Floor(stage);
    this.world = new World(stage, options.hallUrl);
    this.camera = new OrbitCamera(stage);
    this.overlay = new Overlay(stage, this.camera, ACCENT);
    this.languages = new Store<Language>(options.language);
    const cube = createViewCube(this.camera, this.overlay, this.languages);
    this.#things = partsOfThings(job.procedure, options.design);
    this.world.apply(this.#things.parts.map((part) => ({ table: 'parts', id: part.id, after: { ...part } })));
    this.avatars = new Avatars(stage, session, this.world);
    this.outline = new Outline(stage, this.world);
    this.tool = new MarkTool(options.help, (aim) => this.#hit(aim));
    const shown = withPending(options.help, this.tool.pending);
    this.marks = new MarksLayer(stage.scene, new TransformNode('product', stage.scene), shown.marks, {
      poseOf: (thing) => this.#poses.get(thing) ?? null,
      lookOf: (thing) => this.#lookOf(thing),
      colorOf: (person) => PARTICIPANT_COLORS[colorOfUser(person)]!,
      changed: stage.invalidate,
    });
    const bench = this.#workbench();
    const pointer = new PointerRouter(bench, () => this.tool, new Visits(bench, this.avatars, () => null));
    this.#stops = [
      this.world.onChange(() => this.#onShapes()),
      this.tool.kind.subscribe(() => (canvas.style.cursor = this.tool.kind.get() === 'look' ? '' : 'crosshair')),
      stage.onTick((nowMs) => this.#tick(nowMs)),
      shown.stop,
      () => pointer.dispose(),
      () => cube.remove(),
    ];
    this.update(job);
  }

  /** The job as it is now. */
  update({ procedure, state }: DeskJob): void {
    this.#poses = standingThings(procedure, state);
    const changes = [...this.#things.rootOf].flatMap(([thing, root]) => {
      const pose = this.#poses.get(thing);
      if (pose && pose !== this.world.poseInParent(root)) this.world.carry(root, pose);
      const before = this.world.part(root);
      // Where loose parts lie on the bench nobody knows.
      const hidden = pose === undefined;
      return before && before.hidden !== hidden
        ? [{ table: 'parts', id: root, before: { ...before }, after: { ...before, hidden } }]
        : [];
    });
    if (changes.length > 0) this.world.apply(changes);
    for (const [thing, pose] of this.#poses) {
      const root = this.#things.rootOf.get(thing);
      if (root) this.world.carry(root, pose);
    }
    const lines = new Map<PartId, Outlined>();
    for (const thing of state ? thingsOfSteps(procedure, state) : []) {
      const root = this.#things.rootOf.get(thing);
      if (!root) continue;
      for (const part of this.world.withChildren([root]))
        if (this.world.part(part)?.shape) lines.set(part, { color: ACCENT, strength: 1 });
    }
    this.outline.show(lines);
    this.marks.refresh();
    this.#frameOnce();
    this.stage.invalidate();
  }

  use(kind: MarkToolKind): void {
    this.tool.use(kind);
  }

  frame(): void {
    this.camera.frame(this.boundsInRoom());
  }

  /** What the ray of a hand means. */
  aim(ray: Ray): Aim {
    return { hit: this.world.pick(ray) };
  }

  /** Whether a mark can stand there. */
  isOnProduct(aim: Aim): boolean {
    return this.#hit(aim) !== null;
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.marks.dispose();
    this.avatars.dispose();
    this.outline.dispose();
    this.world.dispose();
    this.floor.dispose();
    this.overlay.dispose();
    this.stage.dispose();
  }

  /** The thing under a pointer, and the point in its own frame. */
  #hit({ hit, inAir }: Aim): PlaceHit | null {
    if (inAir) return { thing: null, point: inAir, intoSurface: [0, -1, 0], pointInProduct: inAir };
    const thing = hit && this.#things.thingOf.get(hit.part);
    const pose = thing === undefined || thing === null ? undefined : this.#poses.get(thing);
    if (!hit || !thing || !pose) return null;
    const toThing = invertPose(pose);
    const inThing = (point: Vec3): Vec3 => composePose(toThing, { position: point, rotation: [0, 0, 0, 1] }).position;
    const point = inThing(hit.pointInRoom);
    const [nx, ny, nz] = hit.normalInRoom;
    const [x, y, z] = hit.pointInRoom;
    const ahead = inThing([x - nx, y - ny, z - nz]);
    return {
      thing,
      point,
      intoSurface: [ahead[0] - point[0], ahead[1] - point[1], ahead[2] - point[2]],
      pointInProduct: hit.pointInRoom,
    };
  }

  #lookOf(thing: string) {
    const root = this.#things.rootOf.get(thing);
    if (!root) return null;
    const toThing = invertPose(this.world.poseInRoom(root));
    const ids = [...this.world.withChildren([root])].filter((id) => this.world.part(id)?.shape);
    const look = ids.flatMap((id) => {
      const geometry = this.world.shapeOf(id)?.geometry;
      return geometry ? [{ geometry, poseInThing: composePose(toThing, this.world.poseInRoom(id)) }] : [];
    });
    return look.length === ids.length && look.length > 0 ? look : null;
  }

  #onShapes(): void {
    const casters = this.world.takeCasters();
    if (casters) this.floor.castFrom(casters);
    else this.floor.refreshShadow();
    this.marks.refresh();
    this.#frameOnce();
  }

  boundsInRoom(): Bounds {
    const bounds = this.world.boundsInRoom();
    return isEmptyBounds(bounds) ? EMPTY_PLACE : bounds;
  }

  /** When there is something to see, and not again: then the eye is the expert's. */
  #frameOnce(): void {
    const bounds = this.boundsInRoom();
    this.floor.fit(bounds, Math.min(0, bounds.min[1]));
    this.fitPeople();
    if (this.#isFramed) return;
    this.camera.frame(bounds, 'iso', true);
    this.#isFramed = bounds !== EMPTY_PLACE;
  }

  /** Beside a small product people from a page are small; who stands there in a headset sees them in life size. */
  fitPeople(): void {
    const { min, max } = this.boundsInRoom();
    const size = Math.hypot(max[0] - min[0], max[2] - min[2]);
    this.avatars.desktopSize = this.stage.isImmersive ? 1 : Math.max(0.3, Math.min(1, size));
  }

  #tick(nowMs: number): void {
    if (this.stage.isImmersive || nowMs - this.#lastBodyMs < BODY_EVERY_MS) return;
    const to = this.pointed.get();
    const body: Body = {
      headInRoom: { position: this.camera.eye.position, rotation: rotationOf(this.camera.eye) },
      ...(to ? { isPointing: true, rightInRoom: { position: to, rotation: [0, 0, 0, 1] } } : {}),
    };
    const written = JSON.stringify(body);
    if (written === this.#lastBody && nowMs - this.#lastBodyMs < STILL_BODY_EVERY_MS) return;
    this.#lastBody = written;
    this.#lastBodyMs = nowMs;
    this.#session.sendBody(body);
  }

  /** What the pointer's way to tools and camera asks for; most of it is about designing and rests here. */
  #workbench(): Workbench {
    const { stage, world, camera, overlay, languages } = this;
    return {
      ...{ stage, world, camera, overlay, session: this.#session, languages, pointed: this.pointed },
      get language() {
        return languages.get();
      },
      selection: new Store<ReadonlySet<PartId>>(new Set()),
      hovered: new Store<PartId | null>(null),
      tool: new Store('select' as const) as Workbench['tool'],
      snap: new Store<Snap>({ isOn: true, stepM: 0.001, stepRad: Math.PI / 36 }),
      dragging: new Store<PartId | null>(null),
      drags: new Signal(),
      newComment: new Store(null) as Workbench['newComment'],
      openComment: new Store(null) as Workbench['openComment'],
      measured: new Store(null) as Workbench['measured'],
    };
  }
}

/** What stands on the product, and what comes of the expert's own hand just now. */
function withPending(
  help: HelpCall,
  pending: Readable<MarkBody | null>,
): { readonly marks: Readable<readonly MarkRow[]>; readonly stop: () => void } {
  const marks = new Store<readonly MarkRow[]>([]);
  const look = () => {
    const body = pending.get();
    const mine = body && { n: -1, id: 'pending', call: '', by: help.me as never, atMs: 0, body, removedAtMs: null };
    marks.set(mine ? [...help.marks.get(), mine] : help.marks.get());
  };
  const stops = [help.marks.subscribe(look), pending.subscribe(look)];
  look();
  return { marks, stop: () => stops.forEach((stop) => stop()) };
}
