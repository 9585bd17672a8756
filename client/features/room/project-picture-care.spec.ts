import { describe, expect, it } from 'vitest';
import { DEFAULT_MATERIAL, initialShape } from '#protocol/design/index';
import { PartId, ProjectId } from '#protocol/ids';
import { IDENTITY_POSE } from '#protocol/spatial/index';
import { LocalSession } from '../../scene/local-session.ts';
import { beginPictureCare, isPictureDue, takePublishedPicture } from './project-picture-care.ts';

const info = { purpose: 'project', project: ProjectId.parse('project-1') } as const;
const add = (session: LocalSession, name: string) =>
  session.submit('parts.add', {
    parts: [
      {
        ...{ id: PartId.parse(name), parent: null, name, order: `a${name}`, hidden: false },
        ...{ material: DEFAULT_MATERIAL, poseInParent: IDENTITY_POSE, shape: initialShape('cylinder') },
      },
    ],
  });
const enter = () => {
  const session = new LocalSession({ name: 'Ada', color: 0 });
  add(session, 'shaft');
  beginPictureCare(session);
  return session;
};

describe("the project's picture after a visit", () => {
  it('is due when the product was changed, and not when one only looked and commented', () => {
    const session = enter();
    expect(isPictureDue(session, info)).toBe(false);
    session.submit('comment.add', {
      id: 'c1' as never,
      anchor: { part: PartId.parse('shaft'), face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
      text: 'Longer?',
    });
    expect(isPictureDue(session, info)).toBe(false);
    add(session, 'gear');
    expect(isPictureDue(session, info)).toBe(true);
  });

  it('is left alone in the rooms of briefs and submissions, and by people who may not edit the project', () => {
    const session = enter();
    add(session, 'gear');
    expect(isPictureDue(session, { ...info, purpose: 'submission' })).toBe(false);
    const guest = Object.assign(enter(), { me: { ...session.me, role: 'reviewer' as const } });
    add(guest, 'gear');
    expect(isPictureDue(guest, info)).toBe(false);
  });

  it('is that of the revision after publishing, until something is changed again', async () => {
    const session = enter();
    add(session, 'gear');
    const patches: unknown[] = [];
    const api = { updateProject: async (id: string, patch: unknown) => patches.push([id, patch]) };
    await takePublishedPicture(session, info, api as never, { cid: 'bafypicture', of: session.document.get() });
    expect(patches).toEqual([['project-1', { picture: 'bafypicture' }]]);
    expect(isPictureDue(session, info)).toBe(false);
    add(session, 'key');
    expect(isPictureDue(session, info)).toBe(true);
  });
});
