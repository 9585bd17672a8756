import { expect, it } from 'vitest';
import { JobJournal } from '../../../../test/support/jobs.ts';
import { Speaker } from '../../procedures/model/words.ts';
import { procedureStrings } from '../../procedures/strings.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { sayDeviation } from './said.ts';

it('says of a torque that was not taken which screw it was, what was found and what is expected', () => {
  const job = new JobJournal().begin();
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  job.tool(18);
  const say = new Speaker(job.procedure, 'en', procedureStrings.text);
  expect(sayDeviation(job.deviations[0]!, say, guidanceRoomStrings.text)).toBe(
    'Result out of range · Thing screw-1 · found 18 N·m · expected 23–27 N·m',
  );
});
