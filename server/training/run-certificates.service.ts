import { Injectable, Logger } from '@nestjs/common';
import { textIn, type Procedure, type ScoreSheet } from '#protocol/procedures/index';
import type { RoomId } from '#protocol/ids';
import type { RunRecord } from '#protocol/training/index';
import { AssetStore } from '../assets/index.ts';
import { Credentials } from '../credentials/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Standings } from './standings.service.ts';

const READ_BATCH = 500;
const DAY_MS = 86_400_000;
/** An exam on a machine that is not there says that somebody may begin at the real one, beside somebody who can. */
const LEVEL_OF_EXAM = 2;
/** Until somebody has to show it again, where no course of the project says when. */
const GOOD_FOR_MS = 730 * DAY_MS;

/** An exam that was passed gives its people a certificate, with the room's journal as evidence on IPFS. */
@Injectable()
export class RunCertificates {
  private readonly logger = new Logger('Certificates');

  constructor(
    private readonly credentials: Credentials,
    private readonly assets: AssetStore,
    private readonly host: RoomHost,
    private readonly clock: Clock,
    private readonly standings: Standings,
  ) {}

  /** Again and again gives the same certificates. A result stands also where none can be issued. */
  async certify(place: { room: RoomId; project: string }, record: RunRecord, sheet: Sheet): Promise<void> {
    const { run, procedure } = record;
    if (run.mode !== 'exam' || !sheet.isPassed) return;
    try {
      await this.storeJournal(place.room, record.length);
      for (const { id } of run.participants)
        await this.credentials.issue({
          occasion: `run ${run.id} ${id}`,
          project: place.project,
          recipient: id,
          achievement: achievementOf(run.procedure, procedure),
          skills: [{ code: procedure.id.slice(0, 60), name: titleOf(procedure), level: LEVEL_OF_EXAM }],
          score: { value: sheet.points, max: sheet.full, required: sheet.passMark },
          evidenceCid: record.head,
          // The courses' own word, so that the skills matrix and where people stand say the same.
          validUntil:
            (await this.standings.goodUntilMs(place.project, id, run.procedure)) ?? this.clock.nowMs() + GOOD_FOR_MS,
        });
    } catch (thrown) {
      this.logger.error(`No certificate for run ${run.id}`, thrown);
    }
  }

  private async storeJournal(room: RoomId, length: number): Promise<void> {
    for (let from = 0; from < length; from += READ_BATCH)
      await this.assets.putBlocks(await this.host.entries(room, from, Math.min(READ_BATCH, length - from)));
  }
}

type Sheet = Pick<ScoreSheet, 'points' | 'full' | 'passMark' | 'isPassed'>;

const titleOf = ({ title, languages: [first] }: Procedure): string =>
  textIn(title, 'en', first!).trim().slice(0, 120) || 'Procedure';

/** The document that was run names the achievement: whoever passes another version has achieved something else. */
function achievementOf(document: string, procedure: Procedure) {
  const name = titleOf(procedure);
  const description = textIn(procedure.description, 'en', procedure.languages[0]!).trim().slice(0, 2000) || name;
  const { passMark, full, version } = procedure.rubric;
  const criteria = `Passed in exam mode on virtual equipment: at least ${passMark} of ${full} points (rubric ${version}), and nothing done that must not be done.`;
  return { id: `ipfs://${document}`, name, description, criteria };
}
