import { describe, expect, it } from 'vitest';
import { DESIGN_OP_TYPES } from '#protocol/design/index';
import { ACTIONS, decide, isOwnRun, ROLES, type Action, type Role, type Situation } from '#protocol/permissions/index';

const SITUATIONS: Situation[] = [false, true].flatMap((own) =>
  (['nobody', 'me', 'another'] as const).flatMap((held) =>
    (['open', 'closed'] as const).map((room) => ({ own, held, room })),
  ),
);
const matrix = ROLES.flatMap((role) =>
  ACTIONS.flatMap((action) => SITUATIONS.map((situation) => ({ role, action, situation }))),
);
const allowed = (role: Role, action: Action, situation: Partial<Situation> = {}) =>
  decide(role, action, { own: false, held: 'nobody', room: 'open', ...situation }) === null;

/** Read by people: who may do what in an open room with things that are not theirs. o d i r t v s e = owner designer instructor reviewer trainee observer supervisor engineer. */
const TABLE: Record<Action, string> = {
  'room.enter': 'odirtvse',
  'history.read': 'odirtvse',
  'voice.listen': 'odirtvse',
  'voice.speak': 'odirtse',
  'parts.add': 'od',
  'parts.delete': 'od',
  'part.move': 'od',
  'part.place': 'od',
  'part.rename': 'od',
  'part.setMaterial': 'od',
  'part.setHidden': 'od',
  'part.setDimensions': 'od',
  'history.undo': 'odir',
  'history.redo': 'odir',
  'lease.take': 'od',
  'import.start': 'od',
  'comment.add': 'odirs',
  'comment.reply': 'odirs',
  'comment.resolve': 'od',
  'comment.delete': 'o',
  'revision.publish': 'od',
  'revision.mint': 'o',
  'project.edit': 'o',
  'member.invite': 'o',
  'member.setRole': 'o',
  'credential.list': 'ois',
  'credential.issue': 'oi',
  'credential.revoke': 'oi',
  'brief.open': 'o',
  'brief.set': 'o',
  'submission.start': 'odir',
  'submission.submit': 'o',
  'submission.rate': 'odir',
  'submission.withdraw': 'o',
  'submission.accept': 'o',
  'procedure.edit': 'odi',
  'procedure.review': 'odir',
  'training.open': 'odi',
  'training.freeze': 'odi',
  'training.observe': 'o',
  'run.start': 'odi',
  'run.act': 'o',
  'run.command': 'odi',
  'run.end': 'odi',
  'fault.inject': 'odi',
  'results.read': 'oi',
  'consent.give': 'odirtse',
  'recording.watch': 'oi',
  'course.edit': 'odi',
  'job.open': 'odirtse',
  'job.begin': 'odirtse',
  'job.act': 'odirtse',
  'job.signOff': 'odirtse',
  'job.supervise': 'ois',
  'job.concede': 'od',
  'job.plan': 'odis',
  'job.observe': 'o',
  'job.help': 'odirtse',
  'job.figures': 'ois',
};
const LETTER: Record<Role, string> = {
  owner: 'o',
  designer: 'd',
  instructor: 'i',
  reviewer: 'r',
  trainee: 't',
  observer: 'v',
  supervisor: 's',
  engineer: 'e',
};

describe('rights', () => {
  it('are what the table says, for every role and action', () => {
    for (const role of ROLES)
      for (const action of ACTIONS)
        expect(`${role} ${action} ${allowed(role, action)}`).toBe(
          `${role} ${action} ${TABLE[action].includes(LETTER[role])}`,
        );
  });

  it('know every op of a design room', () => {
    for (const type of DESIGN_OP_TYPES) expect(ACTIONS).toContain(type);
  });

  it('never let an observer change anything, whatever the situation', () => {
    const looking: readonly Action[] = ['room.enter', 'history.read', 'voice.listen'];
    const changing = matrix.filter(({ role, action }) => role === 'observer' && !looking.includes(action));
    expect(changing.length).toBe(SITUATIONS.length * (ACTIONS.length - looking.length));
    for (const { role, action, situation } of changing)
      expect(decide(role, action, situation)?.key).toBe('not_allowed');
  });

  it('never let anybody change a part that another person holds', () => {
    for (const { role, action, situation } of matrix)
      if (situation.held === 'another' && /^part(s\.delete|\.)|^lease|^history\.(un|re)do/.test(action))
        expect(decide(role, action, situation), `${role} ${action}`).not.toBeNull();
  });

  it('give people a say over what is their own, from reviewer up', () => {
    expect(allowed('reviewer', 'comment.delete', { own: true })).toBe(true);
    expect(allowed('reviewer', 'submission.submit', { own: true })).toBe(true);
    expect(allowed('trainee', 'comment.delete', { own: true })).toBe(false);
    expect(allowed('engineer', 'submission.submit', { own: true })).toBe(false);
    expect(allowed('observer', 'comment.delete', { own: true })).toBe(false);
  });

  it('let a trainee work on their own run and on nobody else’s', () => {
    for (const action of ['run.start', 'run.act', 'run.command', 'run.end', 'results.read'] as const)
      expect([allowed('trainee', action, { own: true }), allowed('trainee', action)]).toEqual([true, false]);
    expect(allowed('trainee', 'fault.inject', { own: true })).toBe(false);
  });

  it('keep what is about people from those who only design: results, recordings and certificates of others', () => {
    for (const action of ['results.read', 'recording.watch', 'credential.list', 'credential.issue'] as const)
      expect([allowed('owner', action), allowed('instructor', action), allowed('designer', action)]).toEqual([
        true,
        true,
        false,
      ]);
    expect(allowed('designer', 'results.read', { own: true })).toBe(true);
  });

  it('let who opened the room or started a run read its result, and no other designer', () => {
    const run = { participants: [{ id: 'tom' }], startedBy: 'ina' };
    const reads = (person: string) => allowed('designer', 'results.read', { own: isOwnRun(run, 'olga', person) });
    expect(['tom', 'ina', 'olga', 'dan'].map(reads)).toEqual([true, true, true, false]);
    expect(allowed('designer', 'fault.inject', { own: false })).toBe(true);
    expect(allowed('observer', 'results.read', { own: true })).toBe(false);
  });

  it('keep a closed room as it is, but let people look, talk, rate and settle it', () => {
    const open = ACTIONS.filter((action) => allowed('owner', action, { room: 'closed' }));
    expect(open).not.toContain('part.move');
    expect(open).toEqual(expect.arrayContaining(['room.enter', 'submission.rate', 'submission.accept', 'comment.add']));
  });

  it('say why, with the next step, whenever they refuse', () => {
    for (const { role, action, situation } of matrix) {
      const refused = decide(role, action, situation);
      if (refused) {
        expect(refused.message).not.toContain(action);
        expect(refused).toMatchObject({
          scope: 'permissions',
          facts: expect.objectContaining({ action }),
          next: expect.stringMatching(/./),
        });
      }
    }
  });
});
