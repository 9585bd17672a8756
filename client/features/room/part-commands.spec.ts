import { describe, expect, it } from 'vitest';
import { DEFAULT_MATERIAL, initialShape, partOf, type ParametricKind } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { IDENTITY_POSE, type Pose } from '#protocol/spatial/index';
import { LocalSession } from '../../scene/local-session.ts';
import { boundsInRoom } from './model/part-bounds.ts';
import { PartCommands } from './part-commands.ts';

const ID = PartId.parse('part');
const GROUP = PartId.parse('group');
const QUARTER = Math.SQRT1_2;

function room(kind: ParametricKind, poseInParent: Pose, groupPose: Pose = IDENTITY_POSE) {
  const session = new LocalSession({ name: 'Ada', color: 0 });
  const rest = { hidden: false, material: DEFAULT_MATERIAL };
  const outcome = session.submit('parts.add', {
    parts: [
      { ...rest, id: GROUP, parent: null, name: 'Group', order: 'a0', poseInParent: groupPose, shape: null },
      { ...rest, id: ID, parent: GROUP, name: 'Part', order: 'a0', poseInParent, shape: initialShape(kind) },
    ],
  });
  expect(outcome).not.toHaveProperty('problem');
  const bounds = () => boundsInRoom(session.document.get(), [ID])!;
  return { session, commands: new PartCommands(session), bounds };
}

describe('a dimension that is changed', () => {
  it.each([
    ['box', 'heightM'],
    ['cylinder', 'heightM'],
    ['plate', 'thicknessM'],
  ] as const)('lets a %s grow upwards from what it stands on', (kind, name) => {
    const { commands, bounds } = room(kind, { position: [0.3, 0.25, 0], rotation: [0, 0, 0, 1] });
    const before = bounds();
    expect(commands.setDimension(ID, name, 0.3)).toBeNull();
    expect(bounds().min[1]).toBeCloseTo(before.min[1], 9);
    expect(bounds().max[1]).toBeCloseTo(before.min[1] + 0.3, 9);
    expect(bounds().min[0]).toBeCloseTo(before.min[0], 9);
  });

  it('keeps a lying shaft on the floor when it gets thicker, and its middle when it gets longer', () => {
    const lying: Pose = { position: [0, 0.5, 0], rotation: [0, 0, QUARTER, QUARTER] };
    const { commands, bounds, session } = room('cylinder', lying);
    const before = bounds();
    commands.setDimension(ID, 'radiusM', 0.2);
    expect(bounds().min[1]).toBeCloseTo(before.min[1], 9);
    const { poseInParent } = partOf(session.document.get(), ID)!;
    commands.setDimension(ID, 'heightM', 0.9);
    expect(partOf(session.document.get(), ID)!.poseInParent).toEqual(poseInParent);
  });

  it('works in a group that is turned and moved', () => {
    const turned: Pose = { position: [1, 2, 3], rotation: [QUARTER, 0, 0, QUARTER] };
    const { commands, bounds } = room('box', { position: [0.1, 0.2, 0.3], rotation: [0, 0, 0, 1] }, turned);
    const before = bounds();
    commands.setDimension(ID, 'depthM', 0.7);
    expect(bounds().min[1]).toBeCloseTo(before.min[1], 9);
    expect(bounds().max[1]).toBeCloseTo(before.min[1] + 0.7, 9);
  });

  it('leaves the part where it is when the underside does not move, and sends both changes as one step of undo', () => {
    const { commands, session } = room('box', { position: [0, 0.5, 0], rotation: [0, 0, 0, 1] });
    const groups: (string | undefined)[] = [];
    const submit = session.submit.bind(session);
    session.submit = (type, payload, options) => {
      groups.push(`${type} ${options?.group ?? ''}`);
      return submit(type, payload, options);
    };
    commands.setDimension(ID, 'widthM', 0.7);
    expect(groups).toEqual(['part.setDimensions ']);
    commands.setDimension(ID, 'heightM', 0.7);
    expect(groups.slice(1).map((one) => one!.split(' ')[0])).toEqual(['part.setDimensions', 'part.move']);
    expect(session.undoable.get()).toBe('part.setDimensions');
    session.undo();
    expect(partOf(session.document.get(), ID)).toMatchObject({
      poseInParent: { position: [0, 0.5, 0] },
      shape: { dimensions: { ...initialShape('box').dimensions, widthM: 0.7 } },
    });
  });
});
