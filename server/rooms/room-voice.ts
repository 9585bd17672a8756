import type { ClientId, RoomId, UserId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';
import type { VoiceClientMessage, VoiceClientMessages, ServerMessages, VoiceServerMessage } from '#protocol/room/index';

/** A person as the voice of a room sees them. */
export interface Speaker {
  readonly session: ClientId;
  readonly user: UserId;
  readonly role: Role;
}

/** Says something to one person; nobody hears it when they are not connected. */
export type TellVoice = <K extends VoiceServerMessage>(session: ClientId, type: K, message: ServerMessages[K]) => void;

/** The voice of one open room. Messages come in checked for shape and rate, and from people who are seated. */
export interface VoiceOfRoom {
  hear<K extends VoiceClientMessage>(from: Speaker, type: K, message: VoiceClientMessages[K]): void;
  roleChanged(speaker: Speaker): void;
  /** They are out of the room; a dropped connection alone is not that. */
  left(session: ClientId): void;
  tick(nowMs: number): void;
  close(): void;
}

/** How people in a room hear each other. Rooms pass messages on; the domain that knows media provides this. */
export abstract class RoomVoice {
  abstract open(room: RoomId, tell: TellVoice): VoiceOfRoom;
}
