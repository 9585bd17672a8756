import type { Document } from '../document/document.ts';
import { runOf, sealOf } from './document.ts';
import type { TrainingPayload } from './ops.ts';
import { no, put, rewritten, type Changed, type OpEntry } from './outcome.ts';
import { commitmentOf, SEAL_LAG_MS } from './seal.ts';

/** What was hidden is committed to while the run goes on, and told when it is over. */
export function seal(
  document: Document,
  { run: id, slot, commitment }: TrainingPayload<'run.seal'>,
  { at }: OpEntry,
): Changed {
  const run = runOf(document, id);
  if (!run) return no('no_such_run', 'There is no such run.', { run: id });
  if (slot !== run.seals || run.isRevealed) return no('wrong_seal', 'Seals come in order.', { slot, next: run.seals });
  const row = { run: id, slot, commitment, atMs: at };
  return {
    ok: true,
    changes: [rewritten(document, run, { ...run, seals: slot + 1 }), put(document, 'seals', `${id}.${slot}`, row)],
  };
}

export function reveal(document: Document, { run: id, seals, machine }: TrainingPayload<'run.reveal'>): Changed {
  const run = runOf(document, id);
  if (!run) return no('no_such_run', 'There is no such run.', { run: id });
  if (run.outcome === null) return no('run_goes_on', 'The run is not over.', { run: id });
  if (run.isRevealed) return no('revealed', 'All is open already.', { run: id });
  if (seals.length !== run.seals) return no('wrong_seal', 'Not all seals are opened.', { expected: run.seals });
  let sinceMs = run.startedAtMs;
  for (const [slot, opened] of seals.entries()) {
    const sealed = sealOf(document, id, slot)!;
    if (commitmentOf(id, slot, opened) !== sealed.commitment)
      return no('wrong_seal', 'This is not what was sealed.', { run: id, slot });
    if (opened.facts.some(({ atMs }) => atMs > sealed.atMs || atMs < sinceMs - SEAL_LAG_MS))
      return no('wrong_seal', 'A sealed fact is of another time.', { run: id, slot });
    sinceMs = sealed.atMs;
  }
  return {
    ok: true,
    changes: [rewritten(document, run, { ...run, isRevealed: true }), put(document, 'truths', id, { seals, machine })],
  };
}
