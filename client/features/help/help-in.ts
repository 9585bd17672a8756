import type { GuidanceSession, Readable } from '#net/index';
import type { MarkRow } from '#protocol/guidance/index';
import { noticeProblem } from '../../ui/index.ts';
import { HelpCall } from './model/help-call.ts';

const known = new WeakMap<GuidanceSession, HelpCall>();

/** Help in the room of this session: one for all that show it, for as long as the session lives. */
export function helpIn(session: GuidanceSession): HelpCall {
  let help = known.get(session);
  if (!help) known.set(session, (help = new HelpCall(session, noticeProblem)));
  return help;
}

/** What experts have left on the product, for a `MarksLayer`. */
export const marksOf = (session: GuidanceSession): Readable<readonly MarkRow[]> => helpIn(session).marks;
