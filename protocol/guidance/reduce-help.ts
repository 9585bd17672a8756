import type { Problem } from '../errors.ts';
import { expertsIn, distanceBetween, isSameFrame, missingConsents, summaryOfCall } from './help.ts';
import type { CallRow, HelpTables, Ring, RingState } from './help.ts';
import type { AnyHelpOp, HelpPayload, MarkBody } from './help-ops.ts';
import { HALL_AUTHOR } from '../training/ids.ts';
import { say, type Work } from './work.ts';

/** So many of each a job has at most: somebody who keeps a button down does not fill a journal. */
const MOST: Readonly<Record<keyof HelpTables, number>> = {
  calls: 200,
  marks: 3000,
  stills: 500,
  handed: 500,
  lines: 5000,
  recordings: 200,
};
/** A measured distance may differ by this much from what its two points say, metres. */
const SAME_M = 0.001;

/** What is said in a call. Who is in it may say it, and nobody else; who rang or works on the job may end it. */
export function help(work: Work, op: AnyHelpOp): Problem | null {
  switch (op.type) {
    case 'help.ring':
      return ring(work, op.payload);
    case 'help.settle':
      return withCall(work, op.payload.call, (call) => settle(work, call, op.payload));
    case 'help.answer':
      return withCall(work, op.payload.call, (call) => answer(work, call, op.payload.answer));
    case 'help.cancel':
      return withCall(work, op.payload.call, (call) => cancel(work, call));
    case 'help.leave':
      return withCall(work, op.payload.call, (call) => leave(work, call));
    case 'help.end':
      return withCall(work, op.payload.call, (call) => {
        if (call.status !== 'going') return say('call_not_going', 'This call does not go on.', { call: call.id });
        if (!isPresent(work, call) && !isHall(work)) return notInCall(call);
        finish(work, call, 'answered', op.payload.outcome);
        return null;
      });
    case 'help.consent':
      return withCall(work, op.payload.call, (call) => consent(work, call, op.payload.isGiven));
    case 'help.addMark':
      return inCall(work, op.payload.call, (call) => {
        const { mark: id, body } = op.payload;
        const wrong = wrongMark(work, body);
        if (wrong) return wrong;
        return insert(work, 'marks', { id, call: call.id, body, removedAtMs: null });
      });
    case 'help.moveMark':
      return changeMark(work, op.payload.mark, (mark) => {
        const { body } = op.payload;
        if (body.kind !== mark.body.kind)
          return say('other_kind', 'A mark stays what it is.', { mark: mark.id, kind: mark.body.kind });
        const wrong = wrongMark(work, body);
        if (wrong) return wrong;
        work.put('marks', mark.n, { ...mark, body });
        return null;
      });
    case 'help.removeMarks': {
      for (const id of op.payload.marks) {
        const problem = changeMark(work, id, (mark) => {
          work.put('marks', mark.n, { ...mark, removedAtMs: work.entry.at });
          return null;
        });
        if (problem) return problem;
      }
      return null;
    }
    case 'help.freeze':
      return inCall(work, op.payload.call, (call) => {
        const { still: id, cid, widthPx, heightPx } = op.payload;
        return insert(work, 'stills', { id, call: call.id, cid, widthPx, heightPx });
      });
    case 'help.hand':
      return inCall(work, op.payload.call, (call) => {
        const { document: id, title, cid, kind, page } = op.payload;
        return insert(work, 'handed', { id, call: call.id, title, cid, kind, page });
      });
    case 'help.say':
      return inCall(work, op.payload.call, (call) => {
        const { line: id, text, language, source, picture } = op.payload;
        const { name } = work.entry.author;
        return insert(work, 'lines', { id, call: call.id, name, text, language, source, picture, translations: {} });
      });
    case 'help.translate': {
      const line = find(work, 'lines', op.payload.line);
      if (!line) return say('no_such_line', 'There is no such line.', { line: op.payload.line });
      return inCall(work, line.call, () => {
        const { language, text } = op.payload;
        const translations = { ...line.translations, [language]: { text, by: work.by } };
        work.put('lines', line.n, { ...line, translations });
        return null;
      });
    }
    case 'help.record':
      return inCall(work, op.payload.call, (call) => record(work, call, op.payload));
    case 'help.stopRecording':
    case 'help.keepRecording':
    case 'help.eraseRecording':
      return changeRecording(work, op);
  }
}

function ring(work: Work, { call: id, to, how, escalateAfterS, text, step }: HelpPayload<'help.ring'>): Problem | null {
  const { job, entry } = work;
  if (new Set(to.map((one) => one.id)).size < to.length) return say('rung_twice', 'Somebody is rung twice.', {});
  const open = lastOpen(work);
  if (open && open.id !== id)
    return say(
      'call_open',
      'There is a call in this job already.',
      { call: open.id },
      'End it, or ask the expert into it.',
    );
  if (!open && find(work, 'calls', id)) return say('call_over', 'This call is over.', { call: id }, 'Ring again.');
  const isCrew = job.crew.some((one) => one.id === work.by);
  if (!isCrew && !(open && isExpert(work, open)))
    return say('not_in_crew', 'Only the crew of the job can ring, or who helps already.', {}, 'Join the job first.');
  const busy = open && to.find((one) => open.rings.some((ringing) => ringing.person === one.id && isOpen(ringing)));
  if (busy) return say('rings_already', 'This person is being rung, or here.', { person: busy.id });
  const own = to.find((one) => job.crew.some((member) => member.id === one.id));
  if (own) return say('rings_crew', 'Who works on the job cannot be rung for it.', { person: own.id });
  const batch = (open?.rings.at(-1)?.batch ?? -1) + 1;
  const rings = to.map(({ id: person, name }, at): Ring => {
    const isNow = how === 'all' || at === 0;
    const state: RingState = isNow ? 'ringing' : 'waiting';
    return { person, name, state, sinceMs: isNow ? entry.at : null, escalateAfterS, batch };
  });
  if (open) {
    work.put('calls', open.n, { ...open, rings: [...open.rings, ...rings] });
    return null;
  }
  const { name } = entry.author;
  return insert(work, 'calls', {
    ...{ id, name, text, step, rings },
    status: 'ringing',
    people: [{ id: work.by, name, as: 'crew', sinceMs: entry.at, untilMs: null }],
    consents: [],
    ...{ beganAtMs: null, endedAtMs: null, how: null, summary: null },
  });
}

function settle(work: Work, call: CallRow, { person, as }: HelpPayload<'help.settle'>): Problem | null {
  const found = call.rings.find((one) => one.person === person && one.state === 'ringing');
  if (!found) return say('does_not_ring', 'Nobody rings this person now.', { person });
  moveOn(work, call, found, as);
  return null;
}

function answer(work: Work, call: CallRow, given: 'accept' | 'decline'): Problem | null {
  const found = call.rings.find((one) => one.person === work.by && one.state === 'ringing');
  if (!found) {
    const taken = call.rings.find((one) => one.person === work.by && one.state === 'taken');
    return taken
      ? say('call_taken', 'Somebody else has taken this call.', { call: call.id })
      : say('does_not_ring', 'This call does not ring for you any more.', { call: call.id });
  }
  if (given === 'decline') {
    moveOn(work, call, found, 'declined');
    return null;
  }
  if (work.job.crew.some(({ id }) => id === work.by))
    return say('rings_crew', 'Who works on the job cannot be rung for it.', { person: work.by });
  const { at, author } = work.entry;
  const rings = call.rings.map((one): Ring => {
    if (one === found) return { ...one, state: 'accepted' };
    return one.batch === found.batch && isOpen(one) && one.state !== 'accepted' ? { ...one, state: 'taken' } : one;
  });
  const people = [
    ...call.people,
    { id: work.by, name: author.name, as: 'expert', sinceMs: at, untilMs: null } as const,
  ];
  work.put('calls', call.n, { ...call, rings, people, status: 'going', beganAtMs: call.beganAtMs ?? at });
  return null;
}

/** Somebody did not come: the next of their batch is rung, and with the last one the call is over. */
function moveOn(work: Work, call: CallRow, found: Ring, state: RingState): void {
  const rings = call.rings.map((one) => (one === found ? { ...one, state } : one));
  const next = rings.find((one) => one.batch === found.batch && one.state === 'waiting');
  const isStill = rings.some((one) => one.batch === found.batch && one.state === 'ringing');
  const moved =
    next && !isStill
      ? rings.map((one): Ring => (one === next ? { ...one, state: 'ringing', sinceMs: work.entry.at } : one))
      : rings;
  const after = { ...call, rings: moved };
  work.put('calls', call.n, after);
  if (call.status === 'ringing' && !moved.some(({ state: is }) => is === 'ringing' || is === 'waiting'))
    finish(work, after, 'unanswered', '');
}

function cancel(work: Work, call: CallRow): Problem | null {
  if (!isCrew(work) && !isExpert(work, call) && !isHall(work)) return notInCall(call);
  const rings = call.rings.map((one): Ring =>
    one.state === 'ringing' || one.state === 'waiting' ? { ...one, state: 'cancelled' } : one,
  );
  const after = { ...call, rings };
  work.put('calls', call.n, after);
  if (call.status === 'ringing') finish(work, after, 'cancelled', '');
  return null;
}

function leave(work: Work, call: CallRow): Problem | null {
  if (!isExpert(work, call)) return notInCall(call);
  const people = call.people.map((one) =>
    one.id === work.by && one.untilMs === null ? { ...one, untilMs: work.entry.at } : one,
  );
  const after = { ...call, people, consents: call.consents.filter((id) => id !== work.by) };
  work.put('calls', call.n, after);
  if (expertsIn(after).length === 0) finish(work, after, 'answered', '');
  return null;
}

function finish(work: Work, call: CallRow, how: NonNullable<CallRow['how']>, outcome: string): void {
  const { at } = work.entry;
  const rings = call.rings.map((one): Ring =>
    one.state === 'ringing' || one.state === 'waiting' ? { ...one, state: 'cancelled' } : one,
  );
  const people = call.people.map((one) => (one.untilMs === null ? { ...one, untilMs: at } : one));
  const ended: CallRow = { ...call, rings, people, status: 'over', endedAtMs: at, how };
  stopRecordings(work, call.id);
  const summary = how === 'answered' ? summaryOfCall(work.document, ended, at, outcome) : null;
  work.put('calls', call.n, { ...ended, summary });
}

function consent(work: Work, call: CallRow, isGiven: boolean): Problem | null {
  if (call.status === 'over') return say('call_over', 'This call is over.', { call: call.id });
  const others = call.consents.filter((id) => id !== work.by);
  work.put('calls', call.n, { ...call, consents: isGiven ? [...others, work.by] : others });
  // Who takes their word back is not recorded any longer.
  if (!isGiven) stopRecordings(work, call.id);
  return null;
}

function record(work: Work, call: CallRow, { recording: id, what }: HelpPayload<'help.record'>): Problem | null {
  const missing = missingConsents(call);
  if (missing.length > 0)
    return say(
      'consent_missing',
      'Not everybody has agreed to be recorded.',
      { people: missing.map(({ name }) => name) },
      'Ask them; each agrees for themselves.',
    );
  for (let n = 0; n < (work.job.counts['recordings'] ?? 0); n++)
    if (work.get('recordings', n)!.stoppedAtMs === null)
      return say('records_already', 'This call is being recorded already.', {});
  const consents = [...call.consents];
  return insert(work, 'recordings', {
    ...{ id, call: call.id, what, consents },
    ...{ stoppedAtMs: null, file: null, erased: null },
  });
}

function stopRecordings(work: Work, call: string): void {
  for (let n = 0; n < (work.job.counts['recordings'] ?? 0); n++) {
    const row = work.get('recordings', n)!;
    if (row.call === call && row.stoppedAtMs === null)
      work.put('recordings', n, { ...row, stoppedAtMs: work.entry.at });
  }
}

type OfRecording = Extract<AnyHelpOp, { type: 'help.stopRecording' | 'help.keepRecording' | 'help.eraseRecording' }>;
function changeRecording(work: Work, op: OfRecording): Problem | null {
  const row = find(work, 'recordings', op.payload.recording);
  if (!row) return say('no_such_recording', 'There is no such recording.', { recording: op.payload.recording });
  const call = find(work, 'calls', row.call)!;
  const { at } = work.entry;
  switch (op.type) {
    case 'help.stopRecording':
      if (!isHall(work) && !call.people.some(({ id }) => id === work.by)) return notInCall(call);
      if (row.stoppedAtMs === null) work.put('recordings', row.n, { ...row, stoppedAtMs: at });
      return null;
    case 'help.keepRecording': {
      if (row.by !== work.by) return say('by_another', 'Who recorded keeps the recording.', { by: row.by });
      if (row.file || row.erased) return say('kept_already', 'This recording is kept or erased already.', {});
      const { cid, bytes, type } = op.payload;
      const file = { cid, bytes, type };
      work.put('recordings', row.n, { ...row, stoppedAtMs: row.stoppedAtMs ?? at, file });
      return null;
    }
    case 'help.eraseRecording': {
      // Everybody who is on it may have it erased: they agreed, and may take their word back.
      if (!row.consents.includes(work.by) && !isHall(work))
        return say('not_on_it', 'Only who is on a recording has it erased.', {}, 'Ask one of them.');
      if (row.erased) return say('kept_already', 'This recording is kept or erased already.', {});
      const erased = { by: work.by, reason: op.payload.reason, atMs: at };
      work.put('recordings', row.n, { ...row, stoppedAtMs: row.stoppedAtMs ?? at, file: null, erased });
      return null;
    }
  }
}

function changeMark(work: Work, id: string, change: (mark: HelpTables['marks']) => Problem | null): Problem | null {
  const mark = find(work, 'marks', id);
  if (!mark || mark.removedAtMs !== null) return say('no_such_mark', 'There is no such mark.', { mark: id });
  const call = find(work, 'calls', mark.call)!;
  // After the call the engineer still tidies up.
  if (call.status === 'going' ? !isPresent(work, call) : !isCrew(work)) return notInCall(call);
  return change(mark);
}

function wrongMark(work: Work, body: MarkBody): Problem | null {
  const { things } = work.index;
  const named = 'at' in body ? [body.at.in] : body.kind === 'measure' ? [body.from.in, body.to.in] : [];
  if (body.kind === 'stroke') named.push(body.in);
  if (body.kind === 'ghost') named.push(body.thing);
  const stranger = named.find((thing) => thing !== null && !things.has(thing));
  if (stranger) return say('no_such_thing', 'The procedure has no such thing.', { thing: stranger });
  if (body.kind === 'sketch' && !find(work, 'stills', body.still))
    return say('no_such_still', 'There is no such picture to draw on.', { still: body.still });
  if (body.kind === 'measure' && isSameFrame(body.from, body.to)) {
    const distanceM = distanceBetween(body.from.point, body.to.point);
    if (Math.abs(distanceM - body.distanceM) > SAME_M)
      return say('wrong_distance', 'The points lie apart by another distance.', { distanceM: body.distanceM });
  }
  return null;
}

// ---- who, and which ---------------------------------------------------------------------------------------------

const isOpen = ({ state }: Ring): boolean => state === 'ringing' || state === 'waiting' || state === 'accepted';
const isCrew = (work: Work): boolean => work.job.crew.some(({ id }) => id === work.by);
const isHall = (work: Work): boolean => work.by === HALL_AUTHOR;
const isExpert = (work: Work, call: CallRow): boolean => expertsIn(call).some(({ id }) => id === work.by);
const isPresent = (work: Work, call: CallRow): boolean => isCrew(work) || isExpert(work, call);
const notInCall = (call: CallRow): Problem =>
  say('not_in_call', 'Only who works on the job or was called can do this.', { call: call.id });

function find<T extends keyof HelpTables>(work: Work, name: T, id: string): HelpTables[T] | null {
  for (let n = (work.job.counts[name] ?? 0) - 1; n >= 0; n--) {
    const row = work.get(name, n) as HelpTables[T] | undefined;
    if (row?.id === id) return row;
  }
  return null;
}

function lastOpen(work: Work): CallRow | null {
  const last = (work.job.counts['calls'] ?? 0) - 1;
  const call = last < 0 ? null : (work.get('calls', last) ?? null);
  return call?.status === 'over' ? null : call;
}

function withCall(work: Work, id: string, then: (call: CallRow) => Problem | null): Problem | null {
  const call = find(work, 'calls', id);
  if (!call) return say('no_such_call', 'There is no such call.', { call: id });
  return call.status === 'over' ? say('call_over', 'This call is over.', { call: id }) : then(call);
}

/** For what is said in a call that goes on; whoever of the crew says something is in it from then on. */
function inCall(work: Work, id: string, then: (call: CallRow) => Problem | null): Problem | null {
  return withCall(work, id, (call) => {
    if (call.status !== 'going') return say('call_not_going', 'This call does not go on.', { call: id });
    if (!isPresent(work, call)) return notInCall(call);
    const problem = then(call);
    if (problem || call.people.some((one) => one.id === work.by && one.untilMs === null)) return problem;
    const { at, author } = work.entry;
    const member = { id: work.by, name: author.name, as: 'crew', sinceMs: at, untilMs: null } as const;
    work.put('calls', call.n, { ...call, people: [...call.people, member] });
    return null;
  });
}

type New<T extends keyof HelpTables> = Omit<HelpTables[T], 'n' | 'by' | 'atMs'>;
function insert<T extends keyof HelpTables>(
  work: Work,
  name: T,
  row: New<T> & { readonly id: string },
): Problem | null {
  if ((work.job.counts[name] ?? 0) >= MOST[name])
    return say('too_many', 'There is no room for more of these in this job.', { what: name, limit: MOST[name] });
  if (find(work, name, row.id)) return say('known_already', 'This is in the journal already.', { id: row.id });
  work.add(name, { ...row, by: work.by, atMs: work.entry.at } as never);
  return null;
}
