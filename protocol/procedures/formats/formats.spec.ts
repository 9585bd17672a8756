import { describe, expect, it } from 'vitest';
import { aChapter, aProcedure, aStep, aThing, en, to, WORKBENCH } from '../../../test/support/procedures.ts';
import { IDENTITY_POSE } from '../../spatial/index.ts';
import { Procedure } from '../procedure.ts';
import { poiOf, mirageXrPoiOf, poseOfPoi } from './arlem-pose.ts';
import { ArlemActivity, ArlemWorkplace, readArlem, readVrBuilder, writeArlem, writeVrBuilder } from './index.ts';
import { objectsIn, type JsonObject } from './loss.ts';

const every = { stage: 'enter', isBlocking: false, durationMs: 0, modes: null };
const guid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('a VR Builder process', () => {
  const grabbed = (thing: string) => ({ kind: 'grabbed', thing });
  const things = [1, 2, 3].map((n) => aThing(guid(n)));
  const snapped = {
    kind: 'placed',
    thing: guid(1),
    frame: null,
    reference: { kind: 'thing', thing: guid(2), frame: null },
    target: IDENTITY_POSE,
    toleranceM: 0.05,
    toleranceRad: Math.PI,
    symmetry: null,
  };
  const confetti = {
    $type: 'VRBuilder.Core.Behaviors.ConfettiBehavior, VRBuilder.Core',
    Data: {
      $type: 'VRBuilder.Core.Behaviors.ConfettiBehavior+EntityData, VRBuilder.Core',
      AreaRadius: 1.5,
      nested: [null, { a: 'b' }],
    },
  };
  const procedure = aProcedure(
    [
      aStep(guid(11), {
        position: { x: 10, y: 20 },
        behaviours: [
          { ...every, kind: 'speech', text: en('Take the cube.') },
          { kind: 'opaque', format: 'vr-builder', type: confetti.$type, json: JSON.stringify(confetti) },
          { ...every, kind: 'setEnabled', targets: [{ kind: 'thing', thing: guid(3), frame: null }], isEnabled: false },
        ] as never,
        unlocks: { needed: true, things: [guid(3)], tools: [], controls: [] },
        transitions: [
          to(guid(12), { kind: 'any', of: [grabbed(guid(1)), grabbed(guid(2))] }, { kind: 'timeout', afterMs: 4000 }),
          to(null, snapped, { kind: 'touched', thing: guid(3) }, { kind: 'used', thing: guid(3) }),
        ],
      }),
      aStep(guid(12), { body: { kind: 'parallel', branches: [guid(21), guid(22)], needed: 1 } as never }),
    ],
    {
      subchapters: [21, 22].map((n) =>
        aChapter(guid(n), [aStep(guid(n + 10), { transitions: [to(null, { kind: 'released', thing: guid(1) })] })]),
      ),
      workplace: { things },
    },
  );

  it('comes back as it went, with foreign nodes as they were', () => {
    const { file } = writeVrBuilder(procedure);
    const text = JSON.stringify(file);
    expect(text).toContain(JSON.stringify(confetti));
    const { procedure: back, losses } = readVrBuilder(JSON.parse(text));
    expect(back.chapters.map(({ steps }) => steps)).toEqual(procedure.chapters.map(({ steps }) => steps));
    expect(back.subchapters.map(({ steps }) => steps)).toEqual(procedure.subchapters.map(({ steps }) => steps));
    expect(losses.map(({ key, what }) => `${key} ${what}`)).toContain('kept_opaque ConfettiBehavior');
    expect(writeVrBuilder(back).file).toEqual(
      JSON.parse(text, (key, value) => (key === 'Name' || key === 'Guid' ? expect.anything() : value)),
    );
  });

  it('has the shape that VR Builder reads: version, ids that are met before they are referred to, lists with $values', () => {
    const { file } = writeVrBuilder(procedure);
    expect(file['$serializerVersion']).toBe(4);
    const seen = new Set<string>();
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) return value.forEach(walk);
      if (typeof value !== 'object' || value === null) return;
      const node = value as JsonObject;
      if (node['$ref'] !== undefined) expect(seen, 'defined before').toContain(node['$ref']);
      if (node['$id'] !== undefined) {
        expect(seen, 'unique').not.toContain(node['$id']);
        seen.add(node['$id'] as string);
      }
      Object.values(node).forEach(walk);
    };
    walk(JSON.parse(JSON.stringify(file)));
    expect(seen.size).toBeGreaterThan(5);
  });

  it('accepts newer runtimes’ names, references and groups', () => {
    const text = JSON.stringify(writeVrBuilder(procedure).file).replaceAll('"TargetStep":', '"TargetStepReference":');
    expect(readVrBuilder(JSON.parse(text)).procedure.chapters[0]!.steps[0]!.transitions[0]!.to).toBe(guid(12));
  });

  it('says what it cannot take', () => {
    const rich = aProcedure([
      aStep('a', {
        role: 'fitter',
        timeLimitMs: 1000,
        behaviours: [{ ...every, kind: 'arrow', target: { kind: 'place', place: 'bench' } } as never],
        transitions: [to(null, { kind: 'confirmed' }, { ...snapped, thing: 'a', reference: { kind: 'room' } })],
      }),
    ]);
    const told = writeVrBuilder(rich).losses.map(({ where, what }) => `${where}: ${what}`);
    expect(told).toEqual(
      expect.arrayContaining([
        'steps.a: time limit',
        'steps.a: role or station',
        'steps.a.behaviours.0: arrow',
        'steps.a.transitions.0.0: confirmed',
        'steps.a.transitions.0.1: placed',
        'rubric: scoring',
      ]),
    );
  });

  it('never fails on what is not one', () => {
    for (const file of [null, 7, {}, { Process: { Data: { Chapters: { $values: [{}] } } } }]) {
      const read = () => readVrBuilder(file).procedure;
      if (file && typeof file === 'object' && 'Process' in file) expect(Procedure.safeParse(read()).success).toBe(true);
      else expect(read).toThrow();
    }
  });
});

describe('an ARLEM activity with its workplace', () => {
  const frames = [{ id: 'top', poseInThing: { position: [0.1, 0.02, -0.3], rotation: [0.5, 0.5, 0.5, 0.5] } }];
  const cid = 'bafybeiauyeyyzbtlzntblwiwrlus4emu6xiveuv5v7oio73muwfd5uipre';
  const procedure = aProcedure(
    [
      aStep('one', {
        instruction: en('Do it.'),
        behaviours: [
          { ...every, kind: 'highlight', targets: [{ kind: 'thing', thing: 'a', frame: null }] },
          { ...every, kind: 'arrow', target: { kind: 'place', place: 'bench' } },
          { ...every, kind: 'text', text: en('Here'), at: { kind: 'thing', thing: 'a', frame: null } },
          { ...every, kind: 'picture', media: cid.slice(-40), at: null },
        ] as never,
        transitions: [
          to('two', { kind: 'confirmed' }),
          to('two', { kind: 'spoken', command: 'go', phrases: en('go') }),
          to('two', { kind: 'gaze', thing: 'a', durationMs: 3000 }),
        ],
      }),
      aStep('two', {
        transitions: [
          to(null, { kind: 'value', sensor: 'gauge', range: { minimum: 2, maximum: 3, unit: '1' }, holdMs: 0 }),
          to(null, { kind: 'dwell', place: 'bench', durationMs: 2000 }),
        ],
      }),
    ],
    {
      workplace: {
        ...WORKBENCH,
        things: [aThing('a', { frames: frames as never })],
        tools: [],
        media: [{ id: cid.slice(-40), kind: 'picture', cid, description: en('picture') }],
      },
    },
  );

  it('is valid by the standard’s schema', () => {
    const { activity, workplace } = writeArlem(procedure);
    expect(ArlemActivity.safeParse(activity).error).toBeUndefined();
    expect(ArlemWorkplace.safeParse(workplace).error).toBeUndefined();
    expect(ArlemActivity.safeParse({ ...activity, extra: 1 }).success, 'the schema allows nothing else').toBe(false);
  });

  it.each(['standard', 'miragexr'] as const)('comes back as it went in the %s dialect', (dialect) => {
    const { activity, workplace } = writeArlem(procedure, dialect);
    const { procedure: back, losses } = readArlem(
      JSON.parse(JSON.stringify(activity)),
      JSON.parse(JSON.stringify(workplace)),
    );
    const steps = ({ chapters }: Procedure) =>
      chapters[0]!.steps.map(({ transitions, ...step }) => ({
        ...step,
        position: null,
        transitions: transitions.map(({ conditions, to: next }) => ({ conditions, next })),
      }));
    expect(steps(back)).toEqual(steps(procedure));
    const [was, is] = [procedure, back].map(({ workplace: { things } }) => things[0]!.frames[0]!.poseInThing);
    for (const axis of [0, 1, 2]) expect(is!.position[axis]).toBeCloseTo(was!.position[axis]!, 6);
    const likeness = was!.rotation.reduce((sum, x, i) => sum + x * is!.rotation[i]!, 0);
    expect(Math.abs(likeness)).toBeCloseTo(1, 6);
    expect(losses.some(({ key }) => key === 'dangling')).toBe(false);
  });

  it('keeps what it does not know, and gives it back', () => {
    const { activity, workplace } = writeArlem(procedure, 'miragexr');
    const [first] = objectsIn(activity['actions']);
    const ghost = {
      id: 'a',
      type: 'tangible',
      predicate: 'ghosttracks',
      poi: 'top',
      option: 'x:y',
      url: 'resources://g.xml',
    };
    objectsIn([first!['enter']])[0]!['activates'] = [ghost];
    const { procedure: read, losses } = readArlem(activity, workplace);
    expect(losses).toContainEqual({ key: 'kept_opaque', where: 'actions.one.enter.activates.0', what: 'ghosttracks' });
    expect(JSON.stringify(writeArlem(read, 'miragexr').activity)).toContain(JSON.stringify(ghost));
  });

  it('warns of a reference to nothing, and reads on', () => {
    const { activity, workplace } = writeArlem(procedure);
    const [first] = objectsIn(activity['actions']);
    objectsIn([first!['exit']])[0]!['deactivates'] = [{ target: 'gone', type: 'predicate', augmentation: 'point' }];
    const { losses } = readArlem(activity, workplace);
    expect(losses).toContainEqual({ key: 'dangling', where: 'actions.one', what: 'gone' });
    expect(readArlem({}, null).procedure.chapters[0]!.steps).toHaveLength(1);
  });

  it('says what it cannot take', () => {
    const rich = aProcedure([
      aStep('a', { transitions: [to(null, { kind: 'confirmed' }, { kind: 'worn', things: ['gloves'] })] }),
    ]);
    const told = writeArlem(rich).losses.map(({ where, what }) => `${where}: ${what}`);
    expect(told).toContain('steps.a.transitions.0.1: worn');
    expect(told).toContain('steps.a.transitions.0: conditions that must hold together: now any of them');
  });

  it('carries poses of points of interest both ways, in centimetres and in Unity’s metres', () => {
    const s = Math.sqrt(0.5);
    for (const rotation of [
      [0, 0, 0, 1],
      [s, 0, 0, s],
      [0, s, 0, s],
      [0, 0, s, s],
      [0.1, -0.7, 0.1, 0.7],
    ] as const) {
      const length = Math.hypot(...rotation);
      const pose = {
        position: [1, -2, 3] as [number, number, number],
        rotation: rotation.map((x) => x / length) as never,
      };
      for (const write of [poiOf, mirageXrPoiOf]) {
        const back = poseOfPoi(write('p', pose));
        expect(Math.abs(back.rotation.reduce((sum, x, i) => sum + (x * rotation[i]!) / length, 0))).toBeCloseTo(1, 6);
        expect(back.position).toEqual(pose.position);
      }
    }
  });
});
