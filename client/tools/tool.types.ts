import type { CommentAnchor } from '#protocol/design/index';
import type { CommentId, PartId } from '#protocol/ids';
import type { Vec3 } from '#protocol/spatial/index';
import type { RoomSession } from '../net/room-session.types.ts';
import type { Signal } from '../net/signal.ts';
import type { Store } from '../net/store.ts';
import type { OrbitCamera } from '../scene/camera/orbit-camera.ts';
import type { Language } from '../scene/camera/view-cube.ts';
import type { DragNews } from '../scene/handwork.types.ts';
import type { Overlay } from '../scene/overlay.ts';
import type { RoomView, ToolId } from '../scene/room-view.types.ts';
import type { Stage } from '../scene/stage/stage.ts';
import type { Ray } from '../scene/vec.ts';
import type { PartHit, World } from '../scene/world/world.ts';

export interface Snap {
  readonly isOn: boolean;
  readonly stepM: number;
  readonly stepRad: number;
}

/** What every tool works with. */
export interface Workbench {
  readonly stage: Stage;
  readonly world: World;
  readonly camera: OrbitCamera;
  readonly overlay: Overlay;
  readonly session: RoomSession;
  /** As it is chosen now: read it when words are needed, do not keep it. */
  readonly language: Language;
  readonly languages: Store<Language>;
  readonly selection: Store<ReadonlySet<PartId>>;
  readonly hovered: Store<PartId | null>;
  /** What my pointer touches, shown to the others as a ray. */
  readonly pointed: Store<Vec3 | null>;
  readonly tool: Store<ToolId>;
  readonly snap: Store<Snap>;
  readonly dragging: Store<PartId | null>;
  /** Every drag, as it begins and ends; not where nobody writes that down. */
  readonly drags?: Signal<[DragNews]>;
  readonly newComment: Store<CommentAnchor | null>;
  readonly openComment: Store<CommentId | null>;
  readonly measured: Store<ReturnType<RoomView['measured']['get']>>;
}

/** A pointer over the canvas. */
export interface Pointer {
  readonly xPx: number;
  readonly yPx: number;
  readonly ray: Ray;
  /** The part under the pointer; looked up when first asked for. */
  readonly hit: PartHit | null;
  readonly isCtrl: boolean;
  readonly isShift: boolean;
  readonly isAlt: boolean;
  readonly isTouch: boolean;
}

export interface Tool {
  readonly id: ToolId;
  /** Chosen in the toolbar or by key. */
  activate?(): void;
  deactivate?(): void;
  /** The main button went down: true keeps the drag for the tool, else it moves the camera. */
  press?(pointer: Pointer): boolean;
  drag?(pointer: Pointer): void;
  release?(pointer: Pointer): void;
  /** Press and release without moving, where the tool did not keep the press. */
  click?(pointer: Pointer): void;
  hover?(pointer: Pointer): void;
  /** Esc, a lost pointer or a second finger: put things back as they were. */
  cancel?(): boolean;
  dispose?(): void;
}
