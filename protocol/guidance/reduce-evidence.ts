import type { Problem } from '../errors.ts';
import { isInRange } from '../procedures/measure.ts';
import type { Leaf } from '../procedures/condition.ts';
import type { RunEvent } from '../procedures/event.ts';
import { errorAt, targetInProduct } from './alignment.ts';
import { skillsIn, type ResultRow } from './document.ts';
import { isOwnVariable } from './gated.ts';
import type { GuidancePayload, ToolResult } from './ops.ts';
import { say, type Work } from './work.ts';

/** The tool's clock and the hall's may differ by this much, ms. */
const CLOCKS_MS = 2_000;

/** What a person does. What is not let happen, and is held against the job, is in the record as well. */
export function act(work: Work, event: RunEvent): Problem | null {
  const { job } = work;
  if ('by' in event && event.by !== work.by)
    return say('by_another', 'Everybody acts for themselves.', { by: event.by });
  if (event.type === 'toolUsed' && job.plan.tools.some(({ tool }) => tool === event.tool))
    return say('tool_speaks', 'This tool reports its results by itself.', { tool: event.tool }, 'Use the tool.');
  const missing = runningSteps(work)
    .map((step) => work.skillMissing(step, work.by))
    .find((one) => one !== null);
  if (missing) return missing;
  if (event.type === 'approved') {
    const own = runningSteps(work).some((step) => work.visitOf(step)?.by.includes(work.by));
    if (own)
      return say('same_person', 'Somebody who did nothing in this step has to check it.', {}, 'Ask a second person.');
  }
  const coarse = event.type === 'placed' ? tooFine(work, event.thing) : null;
  if (coarse) return coarse;
  const before = work.job.counts['deviations'] ?? 0;
  const [wasUndecided, wasSame] = [
    job.undecided.length,
    JSON.stringify(job.undecided.map((id) => work.get('deviations', id)!.count)),
  ];
  const note = byHand(work, event);
  const problem = work.happen(event);
  if (!problem) {
    note(false);
    return null;
  }
  const isHeld =
    (job.counts['deviations'] ?? 0) > before ||
    job.undecided.length > wasUndecided ||
    JSON.stringify(job.undecided.map((id) => work.get('deviations', id)!.count)) !== wasSame;
  if (!isHeld) return problem;
  note(true);
  job.refused = { op: work.entry.id, problem };
  return null;
}

/** The device of a result that no device reported. */
export const BY_HAND = 'by hand';

/** The value of a tool that somebody tapped in is in the record like those that tools report, and says that it was tapped. */
function byHand(work: Work, event: RunEvent): (isRefused: boolean) => void {
  const waiting = event.type === 'toolUsed' && event.result ? waitingFor(work, event.tool) : null;
  const visit = waiting && work.visitOf(waiting.step);
  if (event.type !== 'toolUsed' || !event.result || !waiting || !visit) return () => {};
  const { tool, thing, isOk, result } = event;
  const isRight = isOk && (!waiting.range || isInRange(result.value, result.unit, waiting.range));
  return (isRefused) =>
    void work.add('results', {
      ...{ step: waiting.step, visit: visit.n, by: work.by, atMs: work.entry.at, thing, tool },
      result: {
        ...{ key: `hand:${work.entry.id}`, device: BY_HAND, value: result.value, unit: result.unit, isOk },
        ...{ angleRad: null, atMs: work.entry.at, serial: null, calibratedUntilMs: null, programme: null },
      },
      verdict: isRight && !isRefused ? 'counted' : 'failed',
    });
}

const runningSteps = (work: Work): string[] =>
  work.state?.active.filter(({ phase }) => phase === 'active').map(({ step }) => step) ?? [];

/** Put down by eye: nothing was measured, and the overlay claims no place. */
const BY_EYE: ReadonlySet<string> = new Set(['hitTest', 'manual']);

/**
 * Where a measured overlay is worse than what a placing asks for, what it says about the place is worth nothing. One that was put down by
 * eye says nothing about it: then it is the person's word, as without an overlay, and the record has the error. Where that is not
 * enough, the plan has a gate for the alignment, which no eye meets.
 */
function tooFine(work: Work, thing: string): Problem | null {
  const { alignment } = work;
  if (!alignment || BY_EYE.has(alignment.how)) return null;
  for (const leaf of leaves(work)) {
    if (leaf.kind !== 'placed' || leaf.thing !== thing) continue;
    const expectedErrorM = errorAt(alignment, targetInProduct(leaf, work.index, work.state?.world ?? null));
    if (expectedErrorM <= leaf.toleranceM) continue;
    return say(
      'finer_than_alignment',
      'The place is asked for more finely than the alignment knows it.',
      { thing, toleranceM: leaf.toleranceM, expectedErrorM },
      'Align again with more markers, or from nearer.',
    );
  }
  return null;
}

const leaves = (work: Work): Leaf[] =>
  runningSteps(work).flatMap((step) => work.index.steps.get(step)?.leaves.map(({ leaf }) => leaf) ?? []);

/** A tightening goes to the first fastener that waits for this tool. Nothing is counted twice, and nothing is lost. */
export function tighten(work: Work, result: ToolResult): Problem | null {
  const { job } = work;
  for (let n = (job.counts['results'] ?? 0) - 1; n >= 0; n--) {
    const { result: known } = work.get('results', n)!;
    if (known.key === result.key && known.device === result.device)
      return say('counted_already', 'This result is in the record already.', { key: result.key });
  }
  const tool = job.plan.tools.find(({ device }) => device === result.device)?.tool ?? null;
  const by = job.atWork ?? job.crew[0]!.id;
  const waiting = tool === null ? null : waitingFor(work, tool);
  const visit = waiting && work.visitOf(waiting.step);
  const note = (verdict: ResultRow['verdict']) =>
    work.add('results', {
      step: waiting?.step ?? null,
      visit: visit?.n ?? null,
      by,
      atMs: work.entry.at,
      result,
      thing: waiting?.thing ?? null,
      tool,
      verdict,
    });
  const keep = (verdict: ResultRow['verdict']): null => {
    note(verdict);
    return null;
  };
  if (job.status !== 'running') return keep('job_not_running');
  if (!waiting || !visit || tool === null) return keep('not_waited_for');
  if (result.atMs < visit.enteredAtMs - CLOCKS_MS) return keep('too_late');
  const facts = { tool, thing: waiting.thing, value: result.value, unit: result.unit, device: result.device };
  if (result.calibratedUntilMs !== null && result.calibratedUntilMs < result.atMs) {
    work.deviate('calibration_expired', { step: waiting.step, by, facts });
    work.settle();
    return keep('calibration_expired');
  }
  const unskilled = work.skillMissing(waiting.step, by);
  if (unskilled) {
    work.deviate('unskilled', { step: waiting.step, by, facts: { ...facts, why: unskilled.key } });
    work.settle();
    return keep('not_allowed');
  }
  const { value, unit, isOk } = result;
  const before = job.counts['deviations'] ?? 0;
  const counted = note('counted');
  const problem = work.happen({
    type: 'toolUsed',
    by,
    tool: tool as never,
    thing: waiting.thing as never,
    isOk,
    result: { value, unit },
  });
  const isRight = isOk && (!waiting.range || isInRange(value, unit, waiting.range));
  if (problem || !isRight) {
    work.put('results', counted, { ...work.get('results', counted)!, verdict: problem ? 'not_allowed' : 'failed' });
    // The engine has noted it; where it could not, the job does.
    const isNoted = (job.counts['deviations'] ?? 0) > before || hasOpen(work, waiting.step);
    if (!isNoted) {
      work.deviate('wrong_result', { step: waiting.step, by, facts });
      work.settle();
    }
  }
  return null;
}

const hasOpen = (work: Work, step: string): boolean =>
  work.job.undecided.some((id) => work.get('deviations', id)!.step === step);

/** The first fastener that waits for this tool. */
export function waitingFor(work: Work, tool: string) {
  for (const { step, phase, seen } of work.state?.active ?? []) {
    if (phase !== 'active') continue;
    for (const { leaf, path, isNegated } of work.index.steps.get(step)!.leaves)
      if (leaf.kind === 'toolUsed' && leaf.tool === tool && !isNegated && !seen.includes(path))
        return { step: step as string, thing: leaf.thing as string, range: leaf.result };
  }
  return null;
}

export function measure(work: Work, { variable, value, instrument }: GuidancePayload<'value.measure'>): Problem | null {
  if (isOwnVariable(variable)) return say('own_variable', 'This is not a value that is measured.', { variable });
  const missing = runningSteps(work)
    .map((step) => work.skillMissing(step, work.by))
    .find((one) => one !== null);
  if (missing) return missing;
  const unit = work.index.variables.get(variable)?.unit ?? null;
  let asked: { step: string; isRight: boolean } | null = null;
  for (const step of runningSteps(work))
    for (const { leaf } of work.index.steps.get(step)?.leaves ?? [])
      if (leaf.kind === 'number' && leaf.variable === variable)
        asked = { step, isRight: isInRange(value, unit ?? leaf.range.unit, leaf.range) };
  if (!asked) return say('not_asked', 'No step asks for this value now.', { variable }, 'Do what the step asks for.');
  const { step, isRight } = asked;
  const visit = work.visitOf(step)?.n ?? null;
  const isOld = (instrument?.calibratedUntilMs ?? Infinity) < work.entry.at;
  work.add('measures', {
    step,
    visit,
    by: work.by,
    atMs: work.entry.at,
    variable,
    value,
    unit,
    isInRange: isRight,
    instrument,
  });
  const facts = { variable, value, device: instrument?.device ?? null };
  if (isOld) {
    work.deviate('calibration_expired', { step, facts });
    work.settle();
    return null;
  }
  if (!isRight) work.deviate('value_out_of_range', { step, facts });
  return work.happen({ type: 'entered', by: work.by, variable, value });
}

/** A wrong part is caught here: another part number, a piece that was not laid out, one that is in the product already. */
export function scan(work: Work, { thing, code }: GuidancePayload<'part.scan'>): Problem | null {
  const { job } = work;
  const item = job.plan.kit.find((one) => one.thing === thing);
  if (!item) return say('not_in_kit', 'The kit has no such part.', { thing });
  const steps = runningSteps(work);
  const gate = job.plan.gates.find((one) => one.kind === 'scan' && one.thing === thing && steps.includes(one.step));
  const step = gate?.step ?? steps.at(-1) ?? null;
  const visit = step === null ? null : work.visitOf(step);
  const facts = { thing, part: code.part, serial: code.serial, lot: code.lot, expected: item.part };
  const piece = code.serial ?? code.lot;
  const isTraced = item.traced === 'none' || (item.traced === 'serial' ? code.serial !== null : code.lot !== null);
  const isAllowed = item.allowed === null || (piece !== null && item.allowed.includes(piece));
  let isTwice = false;
  for (let n = 0; code.serial !== null && n < (job.counts['scans'] ?? 0); n++) {
    const other = work.get('scans', n)!;
    if (other.isRight && other.thing !== thing && other.code.part === code.part && other.code.serial === code.serial)
      isTwice = true;
  }
  const isRight = code.part === item.part && isTraced && isAllowed && !isTwice;
  if (visit && !visit.by.includes(work.by)) work.changeVisit(visit, { by: [...visit.by, work.by] });
  work.add('scans', { step, visit: visit?.n ?? null, by: work.by, atMs: work.entry.at, thing, code, isRight });
  if (!isRight) work.deviate(isTwice ? 'serial_twice' : 'wrong_part', { step, facts });
  else if (gate && visit) work.meet(visit, gate.id);
  work.settle();
  return null;
}

export function photo(work: Work, { gate: id, cid, kind }: GuidancePayload<'photo.add'>): Problem | null {
  const gate = work.job.plan.gates.find((one) => one.id === id && one.kind === 'photo');
  const visit = gate && work.visitOf(gate.step);
  if (gate?.kind !== 'photo' || !visit) return say('not_asked', 'No step asks for this picture now.', { gate: id });
  const { evidence = kind } = gate;
  if (kind !== evidence)
    return say(
      'other_evidence',
      evidence === 'clip' ? 'This step asks for a clip.' : 'This step asks for a picture.',
      { gate: id, kind, evidence },
      evidence === 'clip' ? 'Record what it asks for.' : 'Take a picture of what it asks for.',
    );
  work.add('photos', { step: gate.step, visit: visit.n, by: work.by, atMs: work.entry.at, gate: id, cid, kind });
  if (!visit.by.includes(work.by)) work.changeVisit(visit, { by: [...visit.by, work.by] });
  work.meet(visit, id);
  work.settle();
  return null;
}

export function check(work: Work, { gate: id, isOk, note }: GuidancePayload<'check.second'>): Problem | null {
  const gate = work.job.plan.gates.find((one) => one.id === id);
  const visit = gate && work.visitOf(gate.step);
  if (gate?.kind !== 'secondPerson' || !visit)
    return say('not_asked', 'No step asks for this check now.', { gate: id });
  if (visit.by.includes(work.by))
    return say(
      'same_person',
      'Somebody who did nothing in this step has to check it.',
      { gate: id },
      'Ask a second person.',
    );
  if (visit.by.length === 0) return say('nothing_done', 'Nobody has done anything in this step yet.', { gate: id });
  const person = work.job.crew.find((one) => one.id === work.by)!;
  if (gate.role !== null && !person.roles.includes(gate.role))
    return say('wrong_role', 'This check is for another role.', { gate: id, role: gate.role });
  work.add('checks', { step: gate.step, visit: visit.n, by: work.by, atMs: work.entry.at, gate: id, isOk, note });
  if (isOk) work.meet(visit, id);
  else work.deviate('check_failed', { step: gate.step, facts: { gate: id }, text: note });
  work.settle();
  return null;
}

export function align(work: Work, payload: GuidancePayload<'align.set'>): Problem | null {
  if (work.job.status === 'waiting' && !work.job.crew.some(({ id }) => id === work.by))
    return say('not_in_crew', 'Only the crew of the job can do this.', {});
  work.add('alignments', { ...payload, step: null, visit: null, by: work.by, atMs: work.entry.at });
  work.job.alignedWithinM = payload.expectedErrorM;
  work.settle();
  return null;
}

/** Whether a certificate lets a person do what a step asks for; for clients that want to say so beforehand. */
export const hasSkill = (
  document: Parameters<typeof skillsIn>[0],
  person: string,
  { code, level }: { code: string; level: number },
  atMs: number,
): boolean =>
  skillsIn(document, person).some(
    (one) => one.code === code && one.level >= level && (one.validUntilMs === null || one.validUntilMs >= atMs),
  );
