import type { JobSummary } from '#protocol/guidance/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage } from '../../ui/strings/language.ts';
import { withUnit } from '../procedures/model/words.ts';
import type { guidanceStrings } from './strings.ts';

type Facts = JobSummary['deviations'][number]['facts'];

/** Of a part or a tool. */
export const nameIn = ({ names }: Pick<JobSummary, 'names'>, id: string): string =>
  textIn(names[id] ?? {}, currentLanguage(), 'en') || id;

/** What a decision needs of it: which tool and part, what was found and what was expected. Ids are for machines. */
export function sayFacts(summary: Pick<JobSummary, 'names'>, facts: Facts, t: typeof guidanceStrings.text): string[] {
  const { tool, thing, value, unit, part, serial, lot, expected } = facts;
  const said = [tool, thing].flatMap((id) => (typeof id === 'string' && id ? [nameIn(summary, id)] : []));
  if (typeof value === 'number' || typeof value === 'string')
    said.push(t('found', { what: typeof unit === 'string' ? withUnit(Number(value), unit) : String(value) }));
  if (typeof part === 'string') {
    // With the kind of number: a part of the right kind is wrong, too, with a serial number in the place of its lot.
    const numbers = [
      typeof serial === 'string' && t('serialNamed', { serial }),
      typeof lot === 'string' && t('lotNamed', { lot }),
    ];
    said.push(t('found', { what: [part, ...numbers].filter(Boolean).join(', ') }));
  }
  if (typeof expected === 'string') said.push(t('expected', { what: expected }));
  return said;
}
