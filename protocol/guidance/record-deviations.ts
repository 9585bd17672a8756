import { rangeText, withUnit } from '../procedures/unit-words.ts';
import type { Range, Unit } from '../procedures/measure.ts';
import type { Deviation } from './document.ts';
import { torqueLimits } from './limits.ts';
import type { RecordTerms } from './record-terms.ts';

/** What was found in the place of what, as far as it was noted. */
export interface Finding {
  /** Of which screw, with which tool; which value. */
  readonly about: string | null;
  readonly found: string | null;
  readonly expected: string | null;
}
const NOTHING: Finding = { about: null, found: null, expected: null };
const KINDS = { thing: 'things', tool: 'tools', control: 'controls' } as const;

export function findingOf({ kind, facts, step }: Deviation, terms: RecordTerms): Finding {
  const { say } = terms;
  const { thing, tool, value, unit, part, serial, lot, expected, variable, positionM, toleranceM } = facts;
  const about = [
    typeof thing === 'string' ? terms.named('things', thing) : '',
    typeof tool === 'string' ? terms.named('tools', tool) : '',
  ]
    .filter(Boolean)
    .join(say.comma);
  if (typeof part === 'string' && typeof thing === 'string') {
    const asked = terms.askedPart(thing, textOf(expected));
    return {
      about,
      found: terms.code({ part, serial: textOf(serial), lot: textOf(lot) }),
      expected: kind === 'serial_twice' ? say.otherPiece : asked,
    };
  }
  if (typeof variable === 'string') {
    const row = terms.record.measurements.find((one) => one.step === step && one.variable === variable);
    return {
      about: variable,
      found: typeof value === 'number' ? quantity(value, row?.unit ?? row?.limits?.unit ?? null) : null,
      expected: rangeOf(row?.limits ?? null),
    };
  }
  if (typeof positionM === 'number' && typeof toleranceM === 'number')
    return { about, found: say.off(mm(positionM)), expected: say.within(mm(toleranceM)) };
  if (typeof tool === 'string' && typeof thing === 'string' && kind !== 'wrong_tool')
    return {
      about,
      found: typeof value === 'number' ? quantity(value, textOf(unit)) : say.toolSaysNo,
      expected: rangeOf(torqueLimits(terms.source.procedure, { step, tool, thing })),
    };
  if (kind === 'safety' && typeof facts['rule'] === 'string') return { ...NOTHING, about: terms.rule(facts['rule']) };
  if (kind === 'released') return { ...NOTHING, about: openGates(textOf(facts['open']), terms) };
  for (const which of ['tool', 'thing', 'control'] as const) {
    const id = facts[which];
    if (typeof id !== 'string') continue;
    const asked = terms.asks(step, which).filter((one) => one !== id);
    const names = asked.map((one) => terms.named(KINDS[which], one)).join(say.comma);
    return { about: null, found: terms.named(KINDS[which], id), expected: names || null };
  }
  return NOTHING;
}

const textOf = (fact: Deviation['facts'][string] | undefined): string | null =>
  typeof fact === 'string' ? fact : null;
const mm = (metres: number): string => (metres * 1000).toFixed(1);
export const quantity = (value: number, unit: string | null): string =>
  unit === null ? String(value) : withUnit(value, unit as Unit);
const rangeOf = (limits: Range | null): string | null => (limits && rangeText(limits)) || null;

/** Which checks a step was let pass without. */
function openGates(ids: string | null, terms: RecordTerms): string | null {
  const { say } = terms;
  const names = (ids ?? '').split(' ').flatMap((id) => {
    const gate = terms.source.plan?.gates.find((one) => one.id === id);
    switch (gate?.kind) {
      case 'scan':
        return say.codeOf(terms.named('things', gate.thing));
      case 'photo':
        return terms.text(gate.text);
      case 'skill':
        return say.skill(gate.code, gate.level);
      case 'secondPerson':
        return say.secondPerson;
      case 'alignment':
        return say.overlay(mm(gate.withinM));
      case undefined:
        return id;
    }
  });
  const told = names.filter(Boolean).join(say.comma);
  return told ? say.leftOpen(told) : null;
}
