import type { PartId } from '#protocol/ids';
import type { ParametricKind } from '#protocol/design/index';
import type { Pose } from '#protocol/spatial/index';
import type { RoomSession } from '../net/room-session.types.ts';
import type { Store } from '../net/store.ts';
import type { XrMode } from './room-view.types.ts';
import type { Floor } from './stage/floor.ts';
import type { Stage } from './stage/stage.ts';
import type { World } from './world/world.ts';

/** One drag of parts: lease, live carries and the final op are taken care of (client/tools/drag-session.ts). */
export interface PartDrag {
  readonly parts: readonly PartId[];
  /** Refused, cancelled or settled: `moveTo` does nothing any more. */
  readonly isOver: boolean;
  startInRoom(id: PartId): Pose;
  /** New pose in the room for each part, from the pose it had when the drag began. */
  moveTo(turn: (startInRoom: Pose) => Pose): void;
  release(): void;
  cancel(): void;
}

/** What the wrist palette can do (client/tools/commands.ts). */
export interface PaletteCommands {
  undo(): void;
  redo(): void;
  duplicateSelection(): void;
  deleteSelection(): void;
  hideSelection(): void;
  setColor(color: string): void;
  addParametric(kind: ParametricKind): PartId | null;
}

/** What a headset session works with; handed to `startXr` (client/xr/index.ts). */
export interface XrThings {
  readonly mode: XrMode;
  /** `stage.isImmersive` must be true while the session draws; `stage.scene` is right-handed. */
  readonly stage: Stage;
  readonly floor: Floor;
  readonly world: World;
  readonly session: RoomSession;
  readonly selection: Store<ReadonlySet<PartId>>;
  readonly hovered: Store<PartId | null>;
  readonly snap: Store<{ readonly isOn: boolean; readonly stepM: number; readonly stepRad: number }>;
  readonly language: 'en' | 'zh';
  readonly commands: PaletteCommands;
  drag(parts: Iterable<PartId>, onRefused?: () => void): PartDrag;
  /** Called once when the session is over, whoever ended it. */
  onEnd(): void;
}

export interface XrStay {
  end(): Promise<void>;
}
