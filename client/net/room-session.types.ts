import type { Change, Document } from '#protocol/document/index';
import type { Problem } from '#protocol/errors';
import type { DesignOpType, DesignPayload } from '#protocol/design/index';
import type { PartId, UserId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import type { Role } from '#protocol/permissions/index';
import type { GuidanceOpType, GuidancePayload } from '#protocol/guidance/index';
import type { TrainingOpType, TrainingPayload } from '#protocol/training/index';
import type { Body, Carry, HandsEntry, HandsPose } from '#protocol/presence/index';
import type { Device, Held, Participant, ServerMessages } from '#protocol/room/index';
import type { CaughtUp } from './op-stream.ts';
import type { Refusal } from './outbox.ts';
import type { OutboxStore } from './outbox.store.ts';
import type { Readable } from './store.ts';
import type { TakenRooms } from './taken-rooms.ts';
import type { VoiceLine } from './voice-line.ts';

export interface ConnectOptions {
  /** Origin of the hall, such as `http://localhost:2567`. */
  readonly hallUrl: string;
  /** Session token of the person. */
  readonly token: string;
  readonly room: string;
  readonly device: Device;
  /** Where ops wait for the server. Default: the browser's database; in other programs memory, for this session. */
  readonly outbox?: OutboxStore;
  /** Rooms that were taken along, and open without the hall. Default: the browser's database; other programs: none. */
  readonly taken?: TakenRooms;
  /** Awaited when a line has opened, before what waits is sent: what ops refer to (pictures) goes first. */
  readonly beforeSending?: () => Promise<void>;
  /** What this device has against an op that is made without the hall; null: nothing. */
  readonly guard?: (document: Document, op: Op) => Problem | null;
}

/** `live`: everything goes through; `reconnecting`: edits are kept and sent later; `closed`: over, with the reason. */
export type Connection =
  | { readonly state: 'joining'; readonly fraction: number }
  | { readonly state: 'live' }
  | { readonly state: 'reconnecting'; readonly attempt: number }
  | { readonly state: 'closed'; readonly problem: Problem | null };

/** Who caused a change of what is shown: me (optimistic or confirmed), somebody else, or the server taking mine back. */
export type Origin = 'mine' | 'other' | 'rollback';

export interface RemoteBody {
  readonly participant: number;
  readonly body: Body;
  /** performance.now()-like local time at which this was so, ms. Steps between states are those of the sender's clock. */
  readonly atMs: number;
}

/** Shapes of the bare hands of somebody near; neither: they have none any more, or stand too far away. */
export type RemoteHands = HandsEntry;

/** Where somebody else carries a part they hold. */
export interface RemoteCarry extends Carry {
  readonly participant: number;
}

/** The same for rooms in which procedures are run. */
export interface TrainingSession extends RoomSession {
  /** Frames of machines, as they come: start from a picture of zeros at each (re)connection. */
  onMachine(listener: (frame: ServerMessages['machine']) => void): () => void;
  /** As `submit`. In guided runs a refused act is taken, held against the run, and told in the run's `refused`. */
  submitTraining<T extends TrainingOpType>(type: T, payload: TrainingPayload<T>): { id: string } | { problem: Problem };
}

/** The same for rooms in which one job is done. */
export interface GuidanceSession extends RoomSession {
  /** As `submit`. An act that is held against the job is taken, and told in the job's `refused`. */
  submitJob<T extends GuidanceOpType>(type: T, payload: GuidancePayload<T>): { id: string } | { problem: Problem };
}

/** One person's presence in one room: the local replica of its journal, and what is fleeting beside it. */
export interface RoomSession {
  readonly room: string;
  readonly me: { readonly session: string; readonly participant: number; readonly user: UserId; readonly role: Role };
  readonly connection: Readable<Connection>;
  /** The document as I see it: what is confirmed, with my unconfirmed ops on top. Changes identity on every change. */
  readonly document: Readable<Document>;
  /** Entries of the journal that are here: everything that is on disk, as far as I know. */
  readonly length: Readable<number>;
  readonly participants: Readable<readonly Participant[]>;
  /** By part id. A part is also held through any of its ancestors. */
  readonly held: Readable<ReadonlyMap<string, Held>>;
  /** Ops of mine that are not on disk yet. */
  readonly pendingCount: Readable<number>;
  /** Those ops, oldest first. */
  unsent(): readonly Op[];
  /** Ops of mine that could not be applied, until I dismiss them. Those I was not there for outlive the page. */
  readonly refused: Readable<readonly Refusal[]>;
  /** Ops of mine that were made before something newer of somebody else, and stand in its place; until I dismiss them. */
  readonly replaced: Readable<readonly Refusal[]>;
  /** What became of everything that I did without the server; set when the last of it has its answer. */
  readonly caughtUp: Readable<CaughtUp | null>;
  /** Label of my newest step (its op type), or null when there is none. */
  readonly undoable: Readable<string | null>;
  readonly redoable: Readable<string | null>;
  /** Round trip, ms, smoothed. */
  readonly roundTripMs: Readable<number | null>;

  /** Applies at once, sends, and rolls back with `onReject` when refused. Returns the op id, or the problem at once. */
  submit<T extends DesignOpType>(
    type: T,
    payload: DesignPayload<T>,
    options?: { group?: string },
  ): { id: string } | { problem: Problem };
  /** Resolves when the op is on disk; rejects with a WorkhallError when it was refused. */
  confirmed(opId: string): Promise<void>;
  /** Seen, of `refused` or `replaced`; default: all that were refused. */
  dismissRefused(opIds?: readonly string[]): void;
  undo(): void;
  redo(): void;

  /** All or none. While held, nobody else can change the parts or what is inside them. Renewed until released. */
  hold(parts: readonly PartId[]): Promise<{ ok: true } | { ok: false; problem: Problem }>;
  release(parts: readonly PartId[]): void;

  /** Newest wins; sent at up to 20 Hz, and only when others could not predict it. Stays until the next one. */
  sendBody(body: Body): void;
  /**
   * Shapes of my bare hands, each in the frame of its pose in the body; null: I have none. Newest wins; sent at up to
   * 10 Hz, and only while somebody near sees them.
   */
  sendHands(pose: HandsPose | null): void;
  /** Where a part I hold is right now, before the op that settles it. */
  sendCarry(carry: Carry): void;

  onChanges(listener: (changes: readonly Change[], origin: Origin) => void): () => void;
  /** Refused while I was there. What I did while away and was refused later is in `refused` alone. */
  onReject(listener: (problem: Problem, opType: string) => void): () => void;
  onBodies(listener: (bodies: readonly RemoteBody[]) => void): () => void;
  /** Hands of the few people who stand nearest. */
  onHands(listener: (hands: readonly RemoteHands[]) => void): () => void;
  onCarries(listener: (carries: readonly RemoteCarry[]) => void): () => void;
  /** Participants who went out of sight: silent for more than a second, or too far away. */
  onLost(listener: (participants: readonly number[]) => void): () => void;
  /** People in the room who are too far away to be shown one by one. */
  readonly beyond: Readable<number>;
  onNotice(listener: (problem: Problem) => void): () => void;
  /** The messages by which people come to hear each other (client/voice). */
  readonly voice: VoiceLine;

  leave(): Promise<void>;
}
