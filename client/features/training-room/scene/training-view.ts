/**
 * The workplace of one run on a canvas. Puts engine, things, machine, people and hands together as `createRoomView` does
 * for design rooms; everything it shows follows from `update(run)`, what hands do goes through `handling`.
 */
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TrainingSession } from '#net/index';
import { Signal } from '#net/signal';
import { Store } from '#net/store';
import type { Part } from '#protocol/design/index';
import type { EquipmentModel } from '#protocol/equipment/index';
import type { PartId } from '#protocol/ids';
import { indexOf } from '#protocol/procedures/index';
import type { Body } from '#protocol/presence/index';
import { composePose, invertPose, type Vec3 } from '#protocol/spatial/index';
import { ACCENT, PARTICIPANT_COLORS } from '../../../palette.ts';
import { Avatars } from '../../../scene/avatars/avatars.ts';
import { OrbitCamera } from '../../../scene/camera/orbit-camera.ts';
import { rotationOf } from '../../../scene/camera/orbit.ts';
import { createViewCube, type Language } from '../../../scene/camera/view-cube.ts';
import { EMPTY_BOUNDS, isEmptyBounds, joinBounds, type Bounds } from '../../../scene/geometry.ts';
import { Outline, type Outlined } from '../../../scene/outline.ts';
import { Overlay } from '../../../scene/overlay.ts';
import { Floor } from '../../../scene/stage/floor.ts';
import { Stage } from '../../../scene/stage/stage.ts';
import { VERTICES_IN_SOFTWARE } from '../../../scene/world/detail.ts';
import type { Ray } from '../../../scene/vec.ts';
import { turnedBounds, World } from '../../../scene/world/world.ts';
import { PointerRouter } from '../../../tools/pointer.ts';
import type { Snap, Workbench } from '../../../tools/tool.types.ts';
import { Visits } from '../../../tools/visits.ts';
import { withUnit } from '../../procedures/model/words.ts';
import type { MachinePicture } from '../model/machine-feed.ts';
import { CarryLine } from '../model/carry-line.ts';
import { Handling, type HandledRun } from '../model/handling.ts';
import { seatsOf, UNKNOWN_BOX, type Box } from '../model/workplace.ts';
import { positionWord } from '../position-word.ts';
import { Follow } from './follow.ts';
import { Ghosts } from './ghosts.ts';
import { listenToHandKeys } from './hand-keys.ts';
import { HandTool, type Pickable } from './hand-tool.ts';
import { modelUrlOf } from './machine-files.ts';
import { MachineModel } from './machine-model.ts';
import { MovedJoints } from './moved-joints.ts';
import { RecordedMotions } from './recorded-motions.ts';
import { idOf, SceneLabels } from './scene-labels.ts';
import { marksOf, movedAlong, type StepMarks } from './step-marks.ts';
import { partsOfThings, type ThingParts } from './thing-parts.ts';

export interface TrainingViewOptions {
  readonly hallUrl: string;
  readonly theme: 'light' | 'dark';
  readonly language: Language;
  readonly model: EquipmentModel | null;
  /** Bytes of a file of the procedure, by CID. */
  readonly readAsset: (cid: string) => Promise<Uint8Array>;
  /** Parts of the design that the procedure speaks of, by id. */
  readonly design: ReadonlyMap<string, Part>;
}

const EMPTY_PLACE: Bounds = { min: [-0.4, 0, -0.4], max: [0.4, 0.4, 0.4] };
const BODY_EVERY_MS = 50;
/** Someone who stands still says so, or the others would think the line is dead. */
const STILL_BODY_EVERY_MS = 400;
/** A machine that is drawn in software is drawn so often while it moves, ms. */
const SLOW_PICTURE_EVERY_MS = 400;
const MACHINE = 'machine:';

export class TrainingView {
  readonly handling: Handling;
  readonly stage: Stage;
  readonly world: World;
  readonly floor: Floor;
  readonly camera: OrbitCamera;
  readonly overlay: Overlay;
  readonly avatars: Avatars;
  readonly outline: Outline;
  /** Shapes of things and of the machine's nodes alike, by what `partsOf` says. */
  readonly shapes: Pick<World, 'isShown' | 'shapeOf' | 'poseInRoom'>;
  readonly languages: Store<Language>;
  readonly hovered = new Store<Pickable | null>(null);
  /** What a control that is dragged will be set to. */
  readonly wanted = new Store<{ readonly control: string; readonly to: string | number } | null>(null);
  /** Models on their way, the machine's counted. */
  readonly loading = new Store({ total: 0, loaded: 0 });
  machine: MachineModel | null = null;
  readonly #session: TrainingSession;
  readonly #things: ThingParts;
  readonly #ghosts: Ghosts;
  readonly #labels: SceneLabels;
  readonly #motions: RecordedMotions;
  readonly #carries: CarryLine;
  /** Through whose eyes one looks. */
  readonly follow: Follow;
  readonly #pointed = new Store<Vec3 | null>(null);
  readonly #stops: (() => void)[];
  readonly #isSlow: boolean;
  #casters: Mesh[] = [];
  #machineModels = { total: 0, loaded: 0 };
  #shownPicture: MachinePicture | null = null;
  #marks: StepMarks = { highlights: [], arrows: [], notes: [], ghosts: [], joints: [], hidden: new Set() };
  readonly #joints = new MovedJoints();
  #isJointMoving = false;
  #isDisposed = false;
  #pictureDrawnMs = 0;
  #lastBodyMs = 0;
  #lastBody = '';
  #stoodAt: Body | null = null;

  constructor(canvas: HTMLCanvasElement, run: HandledRun, options: TrainingViewOptions) {
    this.#session = run.session;
    this.handling = new Handling(run);
    this.#carries = new CarryLine(run.session, this.handling);
    const stage = (this.stage = new Stage(canvas, options.theme));
    this.#isSlow = stage.vertexBudget <= VERTICES_IN_SOFTWARE;
    this.floor = new Floor(stage);
    this.world = new World(stage, options.hallUrl);
    this.camera = new OrbitCamera(stage);
    this.overlay = new Overlay(stage, this.camera, ACCENT);
    this.languages = new Store<Language>(options.language);
    const cube = createViewCube(this.camera, this.overlay, this.languages);
    this.#things = partsOfThings(run.procedure, options.design);
    this.world.apply(this.#things.parts.map((part) => ({ table: 'parts', id: part.id, after: { ...part } })));
    this.avatars = new Avatars(stage, run.session, this.world);
    this.follow = new Follow(canvas, this.camera, this.avatars);
    this.shapes = {
      isShown: (id) => id.startsWith(MACHINE) || this.world.isShown(id),
      shapeOf: (id) => (id.startsWith(MACHINE) ? (this.machine?.shapeOf(nodeIn(id)) ?? null) : this.world.shapeOf(id)),
      poseInRoom: (id) => (id.startsWith(MACHINE) ? this.machine!.poseInRoom(nodeIn(id)) : this.world.poseInRoom(id)),
    };
    this.outline = new Outline(stage, this.shapes);
    this.#ghosts = new Ghosts(stage, (thing) => this.lookOf(thing));
    this.#labels = new SceneLabels(this.overlay, (at) => this.pointOf(at));
    this.#motions = new RecordedMotions(options.readAsset, () => this.#isDisposed || this.update(this.handling.run));
    this.handling.layOut((thing) => this.#boxOf(thing.id));

    const tool = new HandTool({
      ...{ handling: this.handling, camera: this.camera, pick: (ray) => this.pick(ray), machine: () => this.machine },
      hover: (at) => {
        this.hovered.set(at);
        this.#pointed.set(at?.pointInRoom ?? null);
        canvas.style.cursor = at ? (at.kind === 'control' ? 'pointer' : 'grab') : '';
      },
      showWanted: (control, to) => this.wanted.set(to === null ? null : { control, to }),
    });
    const bench = this.#workbench(run.session);
    const visits = new Visits(bench, this.avatars, () => null);
    const pointer = new PointerRouter(bench, () => tool, visits);
    this.#stops = [
      listenToHandKeys({
        ...{ handling: this.handling, canvas, frame: () => this.frame() },
        pickables: () => this.#pickables(),
        directions: () => {
          const { yaw } = this.camera.eye;
          return { right: [Math.cos(yaw), 0, -Math.sin(yaw)], away: [-Math.sin(yaw), 0, -Math.cos(yaw)] };
        },
      }),
      this.handling.poses.subscribe(() => this.#standThings()),
      ...[this.handling.chosen, this.handling.carried, this.hovered, this.wanted].map((one) =>
        one.subscribe(() => this.#showHands()),
      ),
      run.machines.pictures.subscribe(() => this.#showMachine()),
      this.world.shapes.loading.subscribe(() => this.#countModels()),
      this.world.onChange(() => this.#castShadows()),
      this.languages.subscribe(() => (this.#shownPicture = null)),
      stage.onTick((nowMs, elapsedMs) => this.#tick(nowMs, elapsedMs)),
      () => pointer.dispose(),
      () => this.#carries.dispose(),
      () => this.follow.dispose(),
      () => cube.remove(),
    ];
    this.#standThings();
    this.#fit();
    this.camera.frame(this.boundsInRoom(), 'iso', true);
    this.update(run);
    const url = options.model && modelUrlOf(options.model);
    if (options.model && url) void this.#bringMachine(options.model, url);
  }

  /** The run as it is now. */
  update(run: HandledRun): void {
    this.handling.update(run);
    const hiddenBefore = this.#marks.hidden;
    this.#marks = marksOf(run, (cid) => this.#motions.framesOf(cid));
    this.#labels.step(this.#marks.arrows, this.#marks.notes);
    if (this.#marks.hidden.size > 0 || hiddenBefore.size > 0) this.#hide();
    this.#showGhosts();
    if (this.#joints.show(this.#marks.joints, performance.now())) this.#shownPicture = null;
    this.#showMachine();
    this.#showHands();
  }

  /** Nearest thing or control under a ray. */
  pick(ray: Ray): Pickable | null {
    const part = this.world.pick(ray);
    const machine = this.machine?.pick(ray, part?.distanceM) ?? null;
    if (machine) return machine;
    const thing = part && this.#things.thingOf.get(part.part);
    return thing ? { kind: 'thing', id: thing, distanceM: part.distanceM, pointInRoom: part.pointInRoom } : null;
  }

  /** The smallest thing within reach of a point: what a hand means when it closes there. */
  thingNear(pointInRoom: Vec3, reachM: number): string | null {
    const part = this.world.nearest(pointInRoom, reachM);
    return (part && this.#things.thingOf.get(part)) ?? null;
  }

  /** The middle of something of the workplace, in the room; null: it is not in the scene. */
  pointOf({ kind, id }: { readonly kind: string; readonly id: string }): Vec3 | null {
    if (kind === 'place') return indexOf(this.handling.run.procedure).places.get(id)?.poseInRoom.position ?? null;
    const bounds = this.#boundsOf(kind, id);
    return bounds && ([0, 1, 2].map((k) => (bounds.min[k]! + bounds.max[k]!) / 2) as unknown as Vec3);
  }

  /** Everything that belongs to the run: things where they are, their places, the machine. */
  boundsInRoom(): Bounds {
    let bounds = this.world.boundsInRoom();
    for (const [thing, seats] of seatsOf(this.handling.run.procedure))
      for (const { reference, poseInReference } of seats)
        if (reference === null) bounds = joinBounds(bounds, turnedBounds(this.#boxOf(thing), poseInReference));
    if (this.machine) bounds = joinBounds(bounds, this.machine.boundsInRoom());
    return isEmptyBounds(bounds) ? EMPTY_PLACE : bounds;
  }

  frame(): void {
    const chosen = this.handling.chosen.get();
    const bounds = chosen && this.#boundsOf(chosen.kind, chosen.id);
    this.camera.frame(bounds ?? this.boundsInRoom());
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const stop of this.#stops) stop();
    this.handling.dispose();
    this.#labels.dispose();
    this.#ghosts.dispose();
    this.machine?.dispose();
    this.avatars.dispose();
    this.outline.dispose();
    this.world.dispose();
    this.floor.dispose();
    this.overlay.dispose();
    this.stage.dispose();
  }

  async #bringMachine(model: EquipmentModel, url: string): Promise<void> {
    this.#machineModels = { total: 1, loaded: 0 };
    this.#countModels();
    try {
      const machine = await MachineModel.load(this.stage, model, url);
      if (this.#isDisposed) return machine.dispose();
      this.machine = machine;
      this.#shownPicture = null;
      this.update(this.handling.run);
      this.#fit();
      this.#castShadows(true);
      this.camera.frame(this.#workBounds(), 'iso', true);
    } catch (thrown) {
      // The document view works without it; the next visit tries again.
      console.warn('The machine could not be shown.', thrown);
    } finally {
      this.#machineModels = { total: 1, loaded: 1 };
      if (!this.#isDisposed) this.#countModels();
    }
  }

  /** Where hands work at a machine: its controls; a tank beside it would make all of it small. */
  #workBounds(): Bounds {
    let bounds = this.world.boundsInRoom();
    for (const { id } of this.handling.run.procedure.workplace.controls) {
      const own = this.#boundsOf('control', id);
      if (own) bounds = joinBounds(bounds, own);
    }
    return isEmptyBounds(bounds) ? this.boundsInRoom() : bounds;
  }

  #countModels(): void {
    const { total, loaded } = this.world.shapes.loading.get();
    this.stage.isBusy = loaded < total;
    const { total: machines, loaded: machinesLoaded } = this.#machineModels;
    this.loading.set({ total: total + machines, loaded: loaded + machinesLoaded });
    this.stage.invalidate();
  }

  #standThings(): void {
    const poses = this.handling.poses.get();
    for (const [thing, root] of this.#things.rootOf) {
      const pose = poses.get(thing);
      if (pose && pose !== this.world.poseInParent(root)) this.world.carry(root, pose);
    }
    this.#showGhosts();
    this.stage.invalidate();
  }

  #hide(): void {
    const changes = [...this.#things.rootOf].flatMap(([thing, root]) => {
      const before = this.world.part(root);
      const hidden = this.#marks.hidden.has(thing);
      return before && before.hidden !== hidden
        ? [{ table: 'parts', id: root, before: { ...before }, after: { ...before, hidden } }]
        : [];
    });
    if (changes.length > 0) this.world.apply(changes);
  }

  #showGhosts(): void {
    const { handling } = this;
    this.#ghosts.show(
      this.#marks.ghosts.map((ghost) => {
        const seat = handling
          .seats(ghost.thing)
          .find(({ seat: one }) => handling.run.state.active.some(({ step }) => step === one.step));
        return movedAlong(ghost, seat?.poseInRoom ?? null);
      }),
    );
  }

  #showMachine(): void {
    const { machines, row, procedure, state } = this.handling.run;
    const picture = machines.pictures.get().get(row.id);
    const nowMs = performance.now();
    if (!picture || !this.machine || picture === this.#shownPicture) return;
    // What moves all the time would keep a slow machine drawing all the time: the next tick looks again.
    if (this.#isSlow && nowMs - this.#pictureDrawnMs < SLOW_PICTURE_EVERY_MS) return;
    this.#pictureDrawnMs = nowMs;
    this.#shownPicture = picture;
    this.machine.show(this.#joints.drawn(picture, nowMs));
    for (const sensor of procedure.workplace.sensors) {
      const node = this.machine.nodeOf('sensor', sensor.id);
      const value = picture.value(sensor.id) ?? state.world.values[sensor.id]?.value;
      if (!node || value === undefined) continue;
      const { machine } = this;
      this.#labels.reading(sensor.id, withUnit(value, sensor.unit), () => middleOf(machine.boundsInRoom(node)));
    }
    this.#showName();
  }

  /** Outlines and the name of what hands are about. */
  #showHands(): void {
    const { handling } = this;
    const { state, session } = handling.run;
    const lines = new Map<PartId, Outlined>();
    const add = (kind: string, id: string, look: Outlined) => {
      for (const part of this.partsOf(kind, id)) lines.set(part, look);
    };
    for (const target of this.#marks.highlights) {
      const { kind, id } = idOf(target);
      if (!handling.carried.get().has(id)) add(kind, id, { color: ACCENT, strength: 1 });
    }
    for (const [thing, holder] of Object.entries(state.world.held)) {
      const person = session.participants.get().find(({ user }) => user === holder);
      if (holder !== session.me.user)
        add('thing', thing, { color: PARTICIPANT_COLORS[(person?.color ?? 11) % 12]!, strength: 1 });
    }
    const { ink } = this.stage.colors;
    const hovered = this.hovered.get();
    const chosen = handling.chosen.get();
    if (hovered) add(hovered.kind, hovered.id, { color: ink, strength: 0.6 });
    if (chosen) add(chosen.kind, chosen.id, { color: ink, strength: 1 });
    for (const thing of handling.carried.get().keys()) add('thing', thing, { color: ACCENT, strength: 1 });
    this.outline.show(lines);
    this.#showName();
    this.stage.invalidate();
  }

  #showName(): void {
    const { handling } = this;
    const { state, say, session, row } = handling.run;
    const hovered = this.hovered.get();
    const chosen = handling.chosen.get();
    const wanted = this.wanted.get();
    const named = wanted ? ({ kind: 'control', id: wanted.control } as const) : (hovered ?? chosen);
    if (!named) return this.#labels.name(null);
    const holder = named.kind === 'thing' ? state.world.held[named.id] : undefined;
    const by =
      holder && holder !== session.me.user ? row.participants.find(({ id }) => id === holder)?.name : undefined;
    const words =
      named.kind === 'thing'
        ? say.name('things', named.id) + (by ? ` · ${by}` : '')
        : `${say.name('controls', named.id)} · ${this.#standingWords(named.id, wanted?.to)}`;
    this.#labels.name(words, () => this.#topOf(named.kind, named.id));
  }

  #standingWords(control: string, wanted?: string | number): string {
    const { handling } = this;
    const setting = indexOf(handling.run.procedure).controls.get(control)?.setting;
    const say = (at: string | number) =>
      typeof at === 'number' && setting?.kind === 'number'
        ? withUnit(Math.round(at), setting.unit)
        : positionWord(String(at), handling.run.say.language);
    const stands = handling.standing(control);
    const now = stands === null ? '–' : say(stands);
    return wanted === undefined ? now : `${now} → ${say(wanted)}`;
  }

  /** What is drawn for a thing or control: parts of the world, or nodes of the machine under names of their own. */
  partsOf(kind: string, id: string): PartId[] {
    const root = kind === 'thing' ? this.#things.rootOf.get(id) : undefined;
    if (root) return [...this.world.withChildren([root])].filter((part) => this.world.part(part)?.shape);
    const node = this.#nodeOf(kind, id);
    return node ? [`${MACHINE}${node}` as PartId] : [];
  }

  #nodeOf(kind: string, id: string): string | null {
    if (kind !== 'thing' && kind !== 'control') return null;
    return this.machine?.nodeOf(kind, id) ?? null;
  }

  #boundsOf(kind: string, id: string): Bounds | null {
    const root = kind === 'thing' ? this.#things.rootOf.get(id) : undefined;
    if (root) return this.world.boundsInRoom([root]);
    const node = this.#nodeOf(kind, id);
    return node ? this.machine!.boundsInRoom(node) : null;
  }

  #topOf(kind: string, id: string): Vec3 | null {
    const bounds = this.#boundsOf(kind, id);
    return bounds && [(bounds.min[0] + bounds.max[0]) / 2, bounds.max[1], (bounds.min[2] + bounds.max[2]) / 2];
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
  lookOf(thing: string) {
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

  #pickables(): Pick<Pickable, 'kind' | 'id'>[] {
    const { workplace } = this.handling.run.procedure;
    const all = [
      ...workplace.things.map(({ id }) => ({ kind: 'thing' as const, id: id as string })),
      ...workplace.controls.map(({ id }) => ({ kind: 'control' as const, id: id as string })),
    ];
    return all
      .flatMap((one) => {
        const point = this.pointOf(one);
        const seen = point && this.camera.project(point);
        return seen ? [{ one, xPx: seen.xPx }] : [];
      })
      .sort((a, b) => a.xPx - b.xPx)
      .map(({ one }) => one);
  }

  #castShadows(isNew = false): void {
    const casters = this.world.takeCasters();
    if (casters) this.#casters = casters;
    if (casters || isNew) this.floor.castFrom([...this.#casters, ...(this.machine?.meshes ?? [])]);
    else this.floor.refreshShadow();
    // A ghost waits for the shapes of its thing.
    this.#showGhosts();
  }

  #fit(): void {
    const bounds = this.boundsInRoom();
    this.floor.fit(bounds, Math.min(0, bounds.min[1]));
    const size = Math.hypot(bounds.max[0] - bounds.min[0], bounds.max[2] - bounds.min[2]);
    this.avatars.desktopSize = Math.max(0.3, Math.min(1, size));
  }

  #tick(nowMs: number, elapsedMs: number): boolean {
    this.follow.tick(nowMs);
    this.#sendBody(nowMs);
    const isCarried = this.#carries.tick(nowMs, elapsedMs);
    // Once more after the last of it, so that it ends where it should.
    const isMoved = this.#isJointMoving;
    this.#isJointMoving = this.#joints.isMoving(nowMs);
    if (isMoved || this.#isJointMoving) {
      this.#shownPicture = null;
      this.#showMachine();
    }
    if (this.#isSlow) {
      this.#showMachine();
      return isCarried || this.#isJointMoving;
    }
    return (this.machine?.spin(elapsedMs) ?? false) || isCarried || this.#isJointMoving;
  }

  #sendBody(nowMs: number): void {
    if (this.stage.isImmersive || nowMs - this.#lastBodyMs < BODY_EVERY_MS) return;
    const to = this.#pointed.get();
    const body: Body = {
      headInRoom: { position: this.camera.eye.position, rotation: rotationOf(this.camera.eye) },
      ...(to ? { isPointing: true, rightInRoom: { position: to, rotation: [0, 0, 0, 1] } } : {}),
    };
    // Who looks through another's eyes stays where they stood.
    if (this.follow.isOn) return this.#sendStill(nowMs);
    const written = JSON.stringify(body);
    if (written === this.#lastBody && nowMs - this.#lastBodyMs < STILL_BODY_EVERY_MS) return;
    this.#lastBody = written;
    this.#lastBodyMs = nowMs;
    this.#stoodAt = body;
    this.#session.sendBody(body);
  }

  #sendStill(nowMs: number): void {
    if (!this.#stoodAt || nowMs - this.#lastBodyMs < STILL_BODY_EVERY_MS) return;
    this.#lastBodyMs = nowMs;
    this.#session.sendBody(this.#stoodAt);
  }

  /** What the pointer's way to tools and camera asks for; most of it is about designing and rests here. */
  #workbench(session: TrainingSession): Workbench {
    const { stage, world, camera, overlay, languages } = this;
    return {
      ...{ stage, world, camera, overlay, session, languages, pointed: this.#pointed },
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

const nodeIn = (id: string): string => id.slice(MACHINE.length);
const middleOf = ({ min, max }: Bounds): Vec3 | null =>
  min[0] > max[0] ? null : [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
