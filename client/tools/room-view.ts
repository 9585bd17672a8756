import { commentOf, type CommentAnchor } from '#protocol/design/index';
import type { CommentId, PartId } from '#protocol/ids';
import type { Body } from '#protocol/presence/index';
import type { Vec3 } from '#protocol/spatial/index';
import { ACCENT } from '../palette.ts';
import type { RoomSession } from '../net/room-session.types.ts';
import { Signal } from '../net/signal.ts';
import { Store } from '../net/store.ts';
import { Avatars } from '../scene/avatars/avatars.ts';
import { OrbitCamera } from '../scene/camera/orbit-camera.ts';
import { rotationOf } from '../scene/camera/orbit.ts';
import { createViewCube, type Language } from '../scene/camera/view-cube.ts';
import { isEmptyBounds, type Bounds } from '../scene/geometry.ts';
import type { DragNews, StepRecording } from '../scene/handwork.types.ts';
import { HeldTags } from '../scene/held-tags.ts';
import { Outline, type Outlined } from '../scene/outline.ts';
import { Overlay } from '../scene/overlay.ts';
import { Pins } from '../scene/pins.ts';
import { takePicture } from '../scene/picture.ts';
import type { RoomView, RoomViewOptions, ToolId, XrMode } from '../scene/room-view.types.ts';
import { Floor } from '../scene/stage/floor.ts';
import { Stage } from '../scene/stage/stage.ts';
import { pointOn } from '../scene/vec.ts';
import { World } from '../scene/world/world.ts';
import { createTools } from './catalogue.ts';
import { Commands } from './commands.ts';
import { handworkOf } from './handwork.ts';
import { listenToKeys } from './keyboard.ts';
import { PointerRouter } from './pointer.ts';
import type { Snap, Workbench } from './tool.types.ts';
import { Visits } from './visits.ts';
import { XrDoor } from './xr-door.ts';

const EMPTY_ROOM: Bounds = { min: [-0.4, 0, -0.4], max: [0.4, 0.4, 0.4] };
const BODY_EVERY_MS = 50;
const PICTURE_WAIT_MS = 30_000;
/** Someone who stands still says so, or the others would think the line is dead. */
const STILL_BODY_EVERY_MS = 400;

/** Puts the room of a session on a canvas: everything a person sees and does in 3D. */
export function createRoomView(canvas: HTMLCanvasElement, session: RoomSession, options: RoomViewOptions): RoomView {
  const stage = new Stage(canvas, options.theme);
  const floor = new Floor(stage);
  const world = new World(stage, options.hallUrl);
  const camera = new OrbitCamera(stage);
  const overlay = new Overlay(stage, camera, ACCENT);
  const languages = new Store<Language>(options.language);
  const cube = createViewCube(camera, overlay, languages);
  const drags = new Signal<[DragNews]>();
  const bench: Workbench = {
    ...{ stage, world, camera, overlay, session, languages },
    get language() {
      return languages.get();
    },
    selection: new Store<ReadonlySet<PartId>>(new Set()),
    hovered: new Store<PartId | null>(null),
    pointed: new Store<Vec3 | null>(null),
    tool: new Store<ToolId>('select'),
    snap: new Store<Snap>({ isOn: true, stepM: 0.001, stepRad: Math.PI / 36 }),
    dragging: new Store<PartId | null>(null),
    drags,
    newComment: new Store<CommentAnchor | null>(null),
    openComment: new Store<CommentId | null>(null),
    measured: new Store<ReturnType<RoomView['measured']['get']>>(null),
  };
  const xray = new Store(false);
  const recording = new Store<StepRecording | null>(null);
  const outline = new Outline(stage, world);
  const avatars = new Avatars(stage, session, world);
  const pins = new Pins(session, world, camera, overlay, bench.openComment, bench.newComment);
  const tags = new HeldTags(session, world, overlay);
  const tools = createTools(bench);
  const commands = new Commands({
    ...{ session, selection: bench.selection },
    get language() {
      return languages.get();
    },
    placeFor: (heightM) => xr.stay?.placeFor(heightM) ?? placeInSight(camera, floor.heightM + heightM / 2),
  });
  const tool = () => tools[bench.tool.get()];
  const xr = new XrDoor({
    bench,
    floor,
    avatars,
    commands,
    outline,
    overlay,
    visitNext: () => visits.next(),
    voice: options.voice ?? null,
    recording,
  });
  const visits = new Visits(bench, avatars, () => xr.stay);
  const pointer = new PointerRouter(bench, tool, visits);

  const boundsOf = (parts?: Iterable<PartId>): Bounds => {
    const bounds = world.boundsInRoom(parts);
    return isEmptyBounds(bounds) ? EMPTY_ROOM : bounds;
  };
  const frame = (parts?: readonly PartId[]) => {
    const chosen = parts ?? [...bench.selection.get()];
    camera.frame(chosen.length ? boundsOf(chosen) : boundsOf());
  };

  const showOutlines = () => {
    const lines = new Map<PartId, Outlined>();
    const hovered = bench.hovered.get();
    const add = (ids: Iterable<PartId>, look: Outlined) => {
      for (const id of world.withChildren(ids)) if (world.part(id)?.shape) lines.set(id, look);
    };
    if (hovered) add([hovered], { color: ACCENT, strength: 0.5 });
    add(bench.selection.get(), { color: ACCENT, strength: 1 });
    for (const [part, color] of tags.heldByOthers()) add([part], { color, strength: 1 });
    outline.show(lines);
  };
  const fitFloor = () => {
    const bounds = boundsOf();
    floor.fit(bounds, Math.min(0, bounds.min[1]));
    avatars.desktopSize = Math.max(
      0.3,
      Math.min(1, Math.hypot(bounds.max[0] - bounds.min[0], bounds.max[2] - bounds.min[2])),
    );
  };

  world.load(session.document.get());
  fitFloor();
  camera.arrive(boundsOf(), session.me.participant);

  const gridLabel = overlay.add('div', 'wh-grid');
  let isStale = true;
  let lastBodyMs = 0;
  let lastBody = '';
  let previousTool = tool();
  const sendBody = (nowMs: number) => {
    if (stage.isImmersive || nowMs - lastBodyMs < BODY_EVERY_MS) return;
    const { position } = camera.eye;
    const to = bench.pointed.get();
    const body: Body = {
      headInRoom: { position, rotation: rotationOf(camera.eye) },
      ...(to ? { isPointing: true, rightInRoom: { position: to, rotation: [0, 0, 0, 1] } } : {}),
    };
    const written = JSON.stringify(body);
    if (written === lastBody && nowMs - lastBodyMs < STILL_BODY_EVERY_MS) return;
    lastBody = written;
    lastBodyMs = nowMs;
    session.sendBody(body);
  };

  const detach = [
    session.onChanges((changes) => {
      world.apply(changes);
      const selected = bench.selection.get();
      if ([...selected].some((id) => !world.has(id)))
        bench.selection.set(new Set([...selected].filter((id) => world.has(id))));
      showOutlines();
    }),
    world.onChange(() => (isStale = true)),
    world.shapes.loading.subscribe(() => {
      const { loaded, total } = world.shapes.loading.get();
      stage.isBusy = loaded < total;
      stage.invalidate();
    }),
    bench.selection.subscribe(() => {
      world.emphasize(bench.selection.get());
      showOutlines();
    }),
    bench.hovered.subscribe(showOutlines),
    session.held.subscribe(showOutlines),
    xray.subscribe(() => world.setXray(xray.get())),
    languages.subscribe(() => stage.invalidate()),
    bench.tool.subscribe(() => {
      previousTool.deactivate?.();
      previousTool = tool();
      previousTool.activate?.();
      stage.invalidate();
    }),
    stage.onTick((nowMs) => {
      sendBody(nowMs);
      const casters = world.takeCasters();
      if (casters) floor.castFrom(casters);
      if (isStale && !bench.dragging.get()) {
        isStale = false;
        fitFloor();
      } else if (isStale) floor.refreshShadow();
    }),
    listenToKeys(bench, commands, tool, () => frame()),
  ];
  stage.scene.onAfterRenderObservable.add(() => {
    if (!stage.isImmersive) pins.lookAround(performance.now());
    const text = gridText(floor.stepM, bench.language);
    if (gridLabel.textContent !== text) gridLabel.textContent = text;
  });

  const view: RoomView = {
    selection: bench.selection,
    hovered: bench.hovered,
    tool: bench.tool,
    snap: bench.snap,
    xray,
    newComment: bench.newComment,
    openComment: bench.openComment,
    measured: bench.measured,
    loading: world.shapes.loading,
    dragging: bench.dragging,
    handwork: handworkOf(stage, world, drags),
    recording,
    xr: xr.state,
    frame,
    lookFrom: (direction) => (direction === 'iso' ? camera.frame(boundsOf(), 'iso') : camera.lookFrom(direction)),
    focusComment: (id) => {
      const anchor = commentOf(session.document.get(), id)?.anchor;
      const point = anchor && pins.pointOf(anchor);
      if (!anchor || !point) return;
      const { min, max } = boundsOf([anchor.part]);
      const away = Math.max(0.08, Math.hypot(max[0] - min[0], max[1] - min[1], max[2] - min[2]) * 1.6);
      camera.lookAt(point, pins.normalOf(anchor), away);
      bench.openComment.set(id);
    },
    picture: async (widthPx, heightPx) => {
      await allArrived(world);
      floor.hasGrid = avatars.isVisible = outline.isVisible = false;
      tools.move.deactivate?.();
      tools.rotate.deactivate?.();
      world.emphasize(new Set());
      // What is a box on this screen is a shape in a picture that others will see at its full size.
      world.showsFullShapes = true;
      stage.scene.render();
      try {
        return await takePicture(stage, boundsOf(), widthPx, heightPx);
      } finally {
        world.showsFullShapes = false;
        floor.hasGrid = avatars.isVisible = outline.isVisible = true;
        world.emphasize(bench.selection.get());
        tool().activate?.();
      }
    },
    enterXr: (mode: XrMode) => xr.enter(mode),
    exitXr: () => xr.exit(),
    goTo: (participant) => visits.goTo(participant),
    focusPerson: (participant) => visits.lookAt(participant),
    isAway: visits.isAway,
    back: () => visits.back(),
    setTheme: (theme) => stage.setTheme(theme),
    setLanguage: (language) => languages.set(language),
    dispose: () => {
      for (const stop of detach) stop();
      pointer.dispose();
      for (const one of Object.values(tools)) one.dispose?.();
      xr.dispose();
      pins.dispose();
      tags.dispose();
      avatars.dispose();
      outline.dispose();
      world.dispose();
      floor.dispose();
      cube.remove();
      overlay.dispose();
      stage.dispose();
    },
  };
  if (new URLSearchParams(location.search).has('test'))
    Object.assign(window, { __workhall: { view, session, commands, bench, avatars, xr, voice: options.voice } });
  return view;
}

/** A picture shows the whole product; a model that does not come is not waited for forever. */
function allArrived(world: World): Promise<void> {
  const { loading } = world.shapes;
  return new Promise((resolve) => {
    const look = () => {
      if (loading.get().loaded < loading.get().total) return;
      clearTimeout(limit);
      stop();
      resolve();
    };
    const stop = loading.subscribe(look);
    const limit = setTimeout(() => {
      stop();
      resolve();
    }, PICTURE_WAIT_MS);
    look();
  });
}

/** In front of the eye where it meets the height, or at the focus when it looks away from it. */
function placeInSight(camera: OrbitCamera, heightM: number): Vec3 {
  const { position, focusM } = camera.eye;
  const ray = { origin: position, direction: camera.forward };
  const t = (heightM - position[1]) / camera.forward[1];
  const at = pointOn(ray, t > 0.05 && t < focusM * 2 ? t : focusM);
  return [round(at[0]), heightM, round(at[2])];
}

const round = (m: number): number => Math.round(m * 1000) / 1000;

function gridText(stepM: number, language: Language): string {
  const size =
    stepM >= 1
      ? `${stepM} m`
      : stepM >= 0.01
        ? `${Math.round(stepM * 1000)} mm`
        : `${(stepM * 1000).toPrecision(1)} mm`;
  return language === 'zh' ? `网格 ${size}` : `Grid ${size}`;
}
