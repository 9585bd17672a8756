import type { CommentAnchor } from '#protocol/design/index';
import type { CommentId, PartId } from '#protocol/ids';
import type { Readable, Store } from '../net/store.ts';
import type { VoiceSwitch } from '../voice/index.ts';
import type { Handwork, StepRecording } from './handwork.types.ts';

/** What the 3D view offers to panels. Babylon stays behind it. */
export type ToolId = 'select' | 'move' | 'rotate' | 'comment' | 'measure';
export type ViewDirection = 'front' | 'back' | 'left' | 'right' | 'top' | 'bottom' | 'iso';
export type XrMode = 'immersive-vr' | 'immersive-ar';

/** Given to `createRoomView` (client/tools/index.ts). The canvas stands in a positioned element that it fills. */
export interface RoomViewOptions {
  /** Origin of the hall; models are fetched from `/api/assets/:cid` there. */
  readonly hallUrl: string;
  readonly theme: 'light' | 'dark';
  readonly language: 'en' | 'zh';
  /** For the palette of a headset; without it there is no microphone there. */
  readonly voice?: VoiceSwitch;
}

export interface RoomView {
  readonly selection: Store<ReadonlySet<PartId>>;
  readonly hovered: Readable<PartId | null>;
  readonly tool: Store<ToolId>;
  /** Snapping while dragging; lengths in metres, angles in radians. */
  readonly snap: Store<{ readonly isOn: boolean; readonly stepM: number; readonly stepRad: number }>;
  /** Parts shown see-through; view only, never an op. */
  readonly xray: Store<boolean>;
  /** Set by the comment tool when a face was picked: the panel asks for the text, submits and sets null. */
  readonly newComment: Store<CommentAnchor | null>;
  readonly openComment: Store<CommentId | null>;
  /** Result of the measuring tool, metres, or null. */
  readonly measured: Readable<{
    readonly distanceM: number;
    readonly deltaM: readonly [number, number, number];
  } | null>;
  /** Models still on their way, for a progress bar. */
  readonly loading: Readable<{ readonly total: number; readonly loaded: number }>;
  /** While a part is dragged: its pose in its parent, before the op. */
  readonly dragging: Readable<PartId | null>;
  /** What hands do with parts, and the switch of whoever writes it down; null: nobody may here. */
  readonly handwork: Handwork;
  readonly recording: Store<StepRecording | null>;
  readonly xr: Readable<{ readonly supports: readonly XrMode[]; readonly active: XrMode | null }>;

  /** Moves the camera so that these parts (default: selection, else everything) fill the view; 180 ms. */
  frame(parts?: readonly PartId[]): void;
  lookFrom(direction: ViewDirection): void;
  focusComment(id: CommentId): void;
  /**
   * Moves me beside a person (`Participant.participant`), looking where they look; in a headset by a jump. View only,
   * never an op. False when nobody knows where they are.
   */
  goTo(participant: number): boolean;
  /** Turns to a person and comes near enough to see them. False when nobody knows where they are. */
  focusPerson(participant: number): boolean;
  /** Whether I am with a person, so that `back` leads to where I was before. */
  readonly isAway: Readable<boolean>;
  back(): void;
  /** A picture of the design from a good angle, without people, grid or panels. PNG. */
  picture(widthPx: number, heightPx: number): Promise<Blob>;
  enterXr(mode: XrMode): Promise<void>;
  exitXr(): Promise<void>;
  setTheme(theme: 'light' | 'dark'): void;
  /** Hints, tags, cube and wrist palette change at once. */
  setLanguage(language: 'en' | 'zh'): void;
  dispose(): void;
}
