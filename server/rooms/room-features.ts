import { Injectable } from '@nestjs/common';
import type { RoomId } from '#protocol/ids';
import type { Genesis } from '#protocol/journal/index';
import type { LiveJournal } from './journal/live-journal.ts';

/** A room that people are in, as a domain sees it that has something to do there by itself. */
export interface OpenRoom {
  readonly room: RoomId;
  readonly journal: LiveJournal;
}

export interface FeatureOfRoom {
  /** With each tick of the room (20 Hz); must not throw and must not wait. */
  tick(nowMs: number): void;
  /** The last person has left, or the room moves to another process. */
  close(): void;
}

export interface RoomFeature {
  open(room: OpenRoom): FeatureOfRoom;
}

/** What domains do in rooms of their kind while these are open. One per kind. */
@Injectable()
export class RoomFeatures {
  private readonly byKind = new Map<Genesis['kind'], RoomFeature>();

  register(kind: Genesis['kind'], feature: RoomFeature): void {
    this.byKind.set(kind, feature);
  }

  open(room: OpenRoom): FeatureOfRoom | undefined {
    return this.byKind.get(room.journal.durable.genesis.kind)?.open(room);
  }
}
