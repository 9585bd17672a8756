import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { toProblem } from '#protocol/errors';
import { Ids } from '../platform/clock/index.ts';
import { RoomFeatures, type FeatureOfRoom, type OpenRoom, type RoomFeature } from '../rooms/index.ts';
import { AttemptLimits } from './attempt-limits.service.ts';
import { ConductedRoom } from './conducted-room.ts';
import { MachineStore } from './machine.store.ts';
import { Recordings } from './recordings.service.ts';
import { Results } from './results.service.ts';
import { RunStatements } from './run-statements.service.ts';
import { Secrets } from './secrets.store.ts';

/** Looks after every training room that is open in this process. */
@Injectable()
export class Conductor implements RoomFeature, OnModuleInit {
  private readonly logger = new Logger('Training');

  constructor(
    private readonly features: RoomFeatures,
    private readonly ids: Ids,
    private readonly secrets: Secrets,
    private readonly results: Results,
    private readonly machines: MachineStore,
    private readonly recordings: Recordings,
    private readonly statements: RunStatements,
    private readonly limits: AttemptLimits,
  ) {}

  onModuleInit(): void {
    this.features.register('training', this);
  }

  open(room: OpenRoom): FeatureOfRoom {
    const { ids, secrets, machines, results, recordings, statements, limits, logger } = this;
    const failed = (id: string, thrown: unknown) =>
      logger.warn(
        `Room ${id}: ${toProblem(thrown).key}; it is tried again. ${thrown instanceof Error ? thrown.message : ''}`,
      );
    return new ConductedRoom(room, { ids, secrets, machines, results, recordings, statements, limits, failed });
  }
}
