import type { HallCommand } from '../command.ts';
import { backupCommand } from './backup.command.ts';
import { doctorCommand } from './doctor.command.ts';
import { replayCommand } from './replay.command.ts';
import { restoreCommand } from './restore.command.ts';
import { issuerKeyCommand } from './issuer-key.command.ts';
import { jobCommand } from './job.command.ts';
import { scoreCommand } from './score.command.ts';
import { seedCommand } from './seed.command.ts';
import { startCommand } from './start.command.ts';
import { verifyCommand } from './verify.command.ts';
import { verifyCredentialCommand } from './verify-credential.command.ts';
import { voiceCommand } from './voice.command.ts';
import { xapiKeyCommand } from './xapi-key.command.ts';
import { xapiOutboxCommand } from './xapi-outbox.command.ts';

/** In the order in which `npx workhall --help` tells them. */
export const commands: readonly HallCommand[] = [
  startCommand,
  seedCommand,
  doctorCommand,
  backupCommand,
  restoreCommand,
  replayCommand,
  jobCommand,
  scoreCommand,
  verifyCommand,
  verifyCredentialCommand,
  issuerKeyCommand,
  voiceCommand,
  xapiKeyCommand,
  xapiOutboxCommand,
];
