import { describe, expect, it } from 'vitest';
import type { UserId } from '#protocol/ids';
import { procedureIn } from '#protocol/procedures/index';
import { ann, ben, JobJournal, valve, valvePlan } from '../../../../test/support/jobs.ts';
import { aThing, en } from '../../../../test/support/procedures.ts';
import { nextTask, stepsNow, type StepNow } from './tasks.ts';

const stepsOf = (journal: JobJournal, me: UserId = ann): StepNow[] => {
  const { document } = journal.state;
  const procedure = procedureIn(document, journal.job.procedure)!;
  return stepsNow(document, journal.job, procedure, journal.engine!, me, journal.atMs);
};
const openOf = (journal: JobJournal, me: UserId = ann) =>
  stepsOf(journal, me).flatMap(({ tasks }) => tasks.filter(({ isDone }) => !isDone).map(({ need }) => need.kind));
const nextOf = (journal: JobJournal, me: UserId = ann) => nextTask(stepsOf(journal, me))?.task.need.kind ?? null;

describe('what a step asks for', () => {
  it('is listed in the order in which one does it, and gets shorter as one does it', () => {
    const journal = new JobJournal().begin();
    expect(openOf(journal)).toEqual(['scan', 'press', 'photo']);
    journal.scan('6208-2RS');
    expect(openOf(journal)).toEqual(['press', 'photo']);
    journal.act('mounted', { thing: 'bearing' });
    expect(openOf(journal)).toEqual(['photo']);
    journal.photo();
    expect(openOf(journal)).toEqual(['tool', 'tool']);
  });

  it('leads from act to act by "next" alone, but waits for a tool that speaks for itself', () => {
    const journal = new JobJournal().begin();
    expect(nextOf(journal)).toBe('scan');
    journal.scan('6208-2RS');
    expect(nextOf(journal)).toBe('press');
    journal.act('mounted', { thing: 'bearing' });
    expect(nextOf(journal)).toBe('photo');
    journal.photo();
    expect(nextOf(journal)).toBeNull();
    journal.tool(25);
    journal.tool(25);
    expect(nextOf(journal)).toBe('fill');
  });

  it('stands still while a deviation of it waits for a decision', () => {
    const journal = new JobJournal().begin();
    journal.scan('6204-2RS');
    expect(stepsOf(journal)[0]!.held).toEqual(['0']);
    expect(nextOf(journal)).toBeNull();
    journal.dispose('rework', 'ann');
    expect(nextOf(journal)).toBe('scan');
  });

  it('shows a missing skill to who has not got it, and not to who has', () => {
    const journal = new JobJournal().begin();
    journal.scan('6208-2RS');
    journal.photo();
    journal.act('mounted', { thing: 'bearing' });
    expect(openOf(journal, ann)).not.toContain('skill');
    expect(openOf(journal, ben)).toContain('skill');
  });

  it('lets a second person look, and nobody check their own work', () => {
    const journal = new JobJournal().begin();
    journal.scan('6208-2RS');
    journal.photo();
    journal.act('mounted', { thing: 'bearing' });
    journal.tool(25);
    journal.tool(25);
    journal.gap(0.2);
    journal.act('confirmed');
    journal.press(25);
    journal.act('confirmed');
    expect(journal.step).toBe('inspect');
    expect(openOf(journal, ann)).toEqual(['wait']);
    expect(openOf(journal, ben)).toEqual(['second']);
  });

  it('asks to read off what a tool shows that does not report by itself', () => {
    const journal = new JobJournal(valve(), valvePlan({ tools: [] })).begin();
    journal.scan('6208-2RS');
    journal.photo();
    journal.act('mounted', { thing: 'bearing' });
    expect(openOf(journal)).toEqual(['readOff', 'readOff']);
  });

  it('puts a part where the procedure has it by one press, and the room takes it as placed', () => {
    const seat = { position: [0.1, 0, 0.2], rotation: [0, 0, 0, 1] };
    const placed = {
      kind: 'placed',
      thing: 'bearing',
      frame: null,
      reference: { kind: 'room' },
      target: seat,
      toleranceM: 0.002,
      toleranceRad: 0.05,
      symmetry: null,
    };
    const procedure = valve((steps) =>
      steps.map((step) =>
        step['id'] === 'insert'
          ? { ...step, transitions: [{ id: 't0', interrupts: false, to: 'tighten', conditions: [placed] }] }
          : step,
      ),
    );
    expect(procedure.workplace.things.map(({ id }) => id)).toContain(aThing('bearing').id);
    expect(procedure.title).toEqual(en('Valve'));
    const journal = new JobJournal(procedure, valvePlan({ gates: [] })).begin();
    const next = nextTask(stepsOf(journal))!.task.need;
    if (next.kind !== 'press') throw new Error('no press');
    const { type, ...rest } = next.act;
    expect(journal.act(type, rest)).toBeNull();
    expect(journal.step).toBe('tighten');
  });
});
