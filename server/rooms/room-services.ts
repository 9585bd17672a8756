import { Logger } from '@nestjs/common';
import { Clock } from '../platform/clock/index.ts';
import { JournalHost } from './journal-host.ts';
import { RoomFeatures } from './room-features.ts';
import { RoomGate } from './room-gate.ts';
import { RoomVoice } from './room-voice.ts';

/** Colyseus builds rooms with `new`, outside Nest: this is the one bridge over which they reach its providers. */
export interface RoomServices {
  readonly host: JournalHost;
  readonly gate: RoomGate;
  readonly voice: RoomVoice;
  readonly features: RoomFeatures;
  readonly clock: Clock;
  readonly logger: Logger;
  /** People in one room at most. */
  readonly maxPeople: number;
}

let services: RoomServices | null = null;

export function provideRoomServices(provided: RoomServices): void {
  services = provided;
}

export function roomServices(): RoomServices {
  if (!services) throw new Error('Rooms are used before the server has started.');
  return services;
}
