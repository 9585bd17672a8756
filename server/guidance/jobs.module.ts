import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/index.ts';
import { CredentialsModule } from '../credentials/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { ProceduresModule } from '../procedures/index.ts';
import { RoomsModule } from '../rooms/index.ts';
import { BoardController } from './board.controller.ts';
import { ChangesOfInstructions } from './changes-of-instructions.service.ts';
import { EvidenceController } from './evidence.controller.ts';
import { Evidence } from './evidence.service.ts';
import { GuidanceController } from './guidance.controller.ts';
import { JobRooms } from './job-rooms.service.ts';
import { Jobs } from './jobs.service.ts';
import { LineHolder } from './line-holder.service.ts';
import { OfflineController } from './offline.controller.ts';
import { OfflinePacks } from './offline-pack.service.ts';
import { Plans } from './plans.service.ts';
import { SampleJobsSeed } from './samples/sample-jobs.seed.ts';
import { ShownSkills } from './shown-skills.service.ts';
import { SimulatedToolsController } from './simulated-tools.controller.ts';
import { SimulatedTools } from './simulated-tools.service.ts';
import { Stations } from './stations.service.ts';
import { TakenJobs } from './taken-jobs.service.ts';
import { ToolIntake } from './tool-intake.service.ts';
import { ValueIntake } from './value-intake.service.ts';

/** Projects and rights come from the design domain, whose module is global. */
@Module({
  imports: [AssetsModule, CredentialsModule, IdentityModule, ProceduresModule, RoomsModule],
  controllers: [BoardController, EvidenceController, GuidanceController, OfflineController, SimulatedToolsController],
  providers: [
    OfflinePacks,
    ChangesOfInstructions,
    Evidence,
    JobRooms,
    Jobs,
    LineHolder,
    Plans,
    SampleJobsSeed,
    ShownSkills,
    SimulatedTools,
    Stations,
    TakenJobs,
    ToolIntake,
    ValueIntake,
  ],
  exports: [Evidence, Jobs, Plans],
})
export class JobsModule {}
