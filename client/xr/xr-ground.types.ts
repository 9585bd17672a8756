import type { ParametricKind } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { PastView } from '../net/past-view.ts';
import type { RoomSession } from '../net/room-session.types.ts';
import type { Readable, Store } from '../net/store.ts';
import type { StepRecording } from '../scene/handwork.types.ts';
import type { Floor } from '../scene/stage/floor.ts';
import type { Stage } from '../scene/stage/stage.ts';
import type { VoiceSwitch } from '../voice/index.ts';
import type { World } from '../scene/world/world.ts';

export type Language = 'en' | 'zh';

/** One drag of parts: asks for the lease, shows and tells where they are, ends with one op (tools/drag-session.ts). */
export interface Drag {
  readonly parts: readonly PartId[];
  readonly isOver: boolean;
  startInRoom(id: PartId): Pose;
  moveTo(turn: (startInRoom: Pose) => Pose): void;
  release(): void;
  cancel(): void;
}

/** What the palette does to the selection (tools/commands.ts). */
interface PaletteCommands {
  undo(): void;
  redo(): void;
  duplicateSelection(): void;
  deleteSelection(): void;
  hideSelection(): void;
  setColor(color: string): void;
  addParametric(kind: ParametricKind): PartId | null;
}

/** The room that a headset session stands in. */
export interface XrGround {
  readonly stage: Stage;
  readonly floor: Floor;
  readonly world: World;
  readonly session: RoomSession;
  readonly selection: Store<ReadonlySet<PartId>>;
  readonly hovered: Store<PartId | null>;
  readonly snap: Store<{ readonly isOn: boolean; readonly stepM: number; readonly stepRad: number }>;
  readonly commands: PaletteCommands;
  /** The room as it was; null where it cannot be turned back. */
  readonly past: PastView | null;
  readonly language: Language;
  readonly languages: Readable<Language>;
  /** Where the heads of the others are, in the room. */
  heads(): readonly Vec3[];
  /** Goes beside the next of the others, and after the last one back. */
  visitNext(): void;
  /** My microphone; null in a room without voice. */
  readonly voice: VoiceSwitch | null;
  /** Writes down what hands do; null where nobody may. */
  readonly recording: Readable<StepRecording | null>;
  drag(parts: readonly PartId[], onRefused: (reason: string) => void): Drag;
  /** The session is over, whoever ended it. */
  onEnd(): void;
}
