import { Module } from '@nestjs/common';
import { AssetsModule } from '../assets/index.ts';
import { CredentialsModule } from '../credentials/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { ProceduresModule } from '../procedures/index.ts';
import { RoomsModule } from '../rooms/index.ts';
import { XapiModule } from '../xapi/index.ts';
import { AttemptLimits } from './attempt-limits.service.ts';
import { CourseStore } from './course.store.ts';
import { Courses } from './courses.service.ts';
import { CoursesController } from './courses.controller.ts';
import { Experts } from './experts.service.ts';
import { ExpertsController } from './experts.controller.ts';
import { Conductor } from './conductor.service.ts';
import { MachineStore } from './machine.store.ts';
import { Recordings } from './recordings.service.ts';
import { Results } from './results.service.ts';
import { RunCertificates } from './run-certificates.service.ts';
import { RunStatements } from './run-statements.service.ts';
import { Secrets } from './secrets.store.ts';
import { Standings } from './standings.service.ts';
import { RecordingsController } from './recordings.controller.ts';
import { TrainingRooms } from './training-rooms.service.ts';
import { TrainingController } from './training.controller.ts';

/** Projects and rights come from the design domain, whose module is global. */
@Module({
  imports: [AssetsModule, CredentialsModule, IdentityModule, ProceduresModule, RoomsModule, XapiModule],
  controllers: [CoursesController, ExpertsController, RecordingsController, TrainingController],
  providers: [
    AttemptLimits,
    Conductor,
    CourseStore,
    Courses,
    Experts,
    MachineStore,
    Recordings,
    Results,
    RunCertificates,
    RunStatements,
    Secrets,
    Standings,
    TrainingRooms,
  ],
  exports: [Courses, Results, Secrets, TrainingRooms],
})
export class TrainingModule {}
