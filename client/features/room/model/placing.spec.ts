import { describe, expect, it } from 'vitest';
import { applyChanges, EMPTY_DOCUMENT, type Document, type Entity } from '#protocol/document/index';
import { childrenOf, DEFAULT_MATERIAL, initialShape, poseInRoom, type Part } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { IDENTITY_POSE, type Pose } from '#protocol/spatial/index';
import { quatFromDegrees } from './angles.ts';
import { dropPlaceAt, placeParts } from './placing.ts';
import { countInstances, flattenTree, selectRow, topmost } from './tree-rows.ts';

const id = (text: string) => PartId.parse(text);

function part(name: string, order: string, parent: string | null, isGroup: boolean, pose: Pose = IDENTITY_POSE): Part {
  return {
    id: id(name),
    parent: parent === null ? null : id(parent),
    name,
    order,
    poseInParent: pose,
    hidden: false,
    material: DEFAULT_MATERIAL,
    shape: isGroup ? null : initialShape('box'),
  };
}

const build = (parts: Part[]): Document =>
  applyChanges(
    EMPTY_DOCUMENT,
    parts.map((row) => ({ table: 'parts', id: row.id, after: row as unknown as Entity })),
  );

const pump = build([
  part('housing', 'a0', null, true, { position: [1, 2, 3], rotation: quatFromDegrees([0, 90, 0]) }),
  part('cover', 'a0', 'housing', false, { position: [0.1, 0, 0], rotation: quatFromDegrees([30, 0, 0]) }),
  part('seal', 'a1', 'housing', false),
  part('rotor', 'a1', null, true, { position: [-1, 0, 0], rotation: quatFromDegrees([0, 0, 45]) }),
  part('shaft', 'a0', 'rotor', false),
  part('bolt', 'a2', null, false),
]);

const names = (document: Document, parent: string | null) =>
  childrenOf(document, parent === null ? null : id(parent)).map((row) => row.name);

function apply(document: Document, payloads: ReturnType<typeof placeParts>): Document {
  return applyChanges(
    document,
    (payloads ?? []).map((payload) => {
      const before = document.tables.get('parts')!.get(payload.id)!;
      return { table: 'parts', id: payload.id, before, after: { ...before, ...payload } };
    }),
  );
}

describe('dropping parts in the product tree', () => {
  it('keeps where the part stands in the room when its group changes', () => {
    const before = poseInRoom(pump, id('cover'));
    const next = apply(pump, placeParts(pump, [id('cover')], { target: id('rotor'), where: 'inside' }));
    const after = poseInRoom(next, id('cover'));
    expect(names(next, 'rotor')).toEqual(['shaft', 'cover']);
    before.position.forEach((value, axis) => expect(after.position[axis]).toBeCloseTo(value, 9));
    before.rotation.forEach((value, axis) => expect(Math.abs(after.rotation[axis]!)).toBeCloseTo(Math.abs(value), 9));
  });

  it('puts several parts in the order in which they stood, before the row they were dropped on', () => {
    const next = apply(pump, placeParts(pump, [id('bolt'), id('seal')], { target: id('rotor'), where: 'before' }));
    expect(names(next, null)).toEqual(['housing', 'seal', 'bolt', 'rotor']);
  });

  it('keeps the numbers of a part that only changes its order', () => {
    const place = placeParts(pump, [id('seal')], { target: id('cover'), where: 'before' });
    expect(place?.[0]?.poseInParent).toEqual(IDENTITY_POSE);
    expect(names(apply(pump, place), 'housing')).toEqual(['seal', 'cover']);
  });

  it('refuses a group into itself, and a part into a part', () => {
    expect(placeParts(pump, [id('housing')], { target: id('housing'), where: 'inside' })).toBeNull();
    expect(placeParts(pump, [id('housing')], { target: id('cover'), where: 'after' })).toBeNull();
    expect(placeParts(pump, [id('bolt')], { target: id('cover'), where: 'inside' })).toBeNull();
  });

  it('finds a place among siblings whose orders are equal or were made by another program', () => {
    const odd = build([
      part('one', 'x!', null, false),
      part('two', 'x!', null, false),
      part('three', 'a0', null, true),
    ]);
    expect(placeParts(odd, [id('three')], { target: id('one'), where: 'after' })).toHaveLength(1);
    expect(placeParts(odd, [id('one')], { target: id('two'), where: 'after' })?.[0]?.order).toMatch(/./);
  });

  it('offers the inside of groups only', () => {
    const group = part('g', 'a0', null, true);
    const solid = part('s', 'a0', null, false);
    expect([0.1, 0.5, 0.9].map((at) => dropPlaceAt(group, at).where)).toEqual(['before', 'inside', 'after']);
    expect([0.1, 0.49, 0.51, 0.9].map((at) => dropPlaceAt(solid, at).where)).toEqual([
      'before',
      'before',
      'after',
      'after',
    ]);
  });
});

describe('the product tree as lines', () => {
  it('shows closed groups as one line and open ones with what is inside', () => {
    expect(flattenTree(pump, new Set(), '').map((row) => row.part.name)).toEqual(['housing', 'rotor', 'bolt']);
    const open = flattenTree(pump, new Set([id('housing')]), '');
    expect(open.map((row) => `${row.depth}${row.part.name}`)).toEqual([
      '0housing',
      '1cover',
      '1seal',
      '0rotor',
      '0bolt',
    ]);
    expect(open[2]).toMatchObject({ position: 2, siblings: 2, isExpandable: false });
  });

  it('finds parts in closed groups by any of their words, and marks what only leads there', () => {
    const rows = flattenTree(pump, new Set(), 'SEA');
    expect(rows.map((row) => [row.part.name, row.isMatch])).toEqual([
      ['housing', false],
      ['seal', true],
    ]);
    expect(flattenTree(pump, new Set(), 'nothing like this')).toEqual([]);
  });

  it('stays under 250 ms with 10 000 parts in open groups, on a machine that is busy with other things', () => {
    const many: Part[] = [];
    for (let g = 0; g < 100; g++) {
      many.push(part(`group${g}`, `a${String(g).padStart(3, '0')}`, null, true));
      for (let p = 0; p < 99; p++) many.push(part(`p${g}-${p}`, `b${String(p).padStart(3, '0')}`, `group${g}`, false));
    }
    const document = build(many);
    const expanded = new Set(many.filter((row) => row.shape === null).map((row) => row.id));
    flattenTree(document, expanded, '');
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      expect(flattenTree(document, expanded, '')).toHaveLength(10_000);
      return performance.now() - start;
    });
    expect(Math.min(...times)).toBeLessThan(250);
  });

  it('selects a range with shift, one more with ctrl, and never both a group and what is in it for a move', () => {
    const rows = flattenTree(pump, new Set([id('housing')]), '');
    const range = selectRow(rows, new Set(), id('cover'), id('rotor'), { isRange: true, isToggle: false });
    expect([...range]).toEqual(['cover', 'seal', 'rotor']);
    const toggled = selectRow(rows, range, id('cover'), id('seal'), { isRange: false, isToggle: true });
    expect([...toggled]).toEqual(['cover', 'rotor']);
    expect(topmost(pump, [id('housing'), id('seal'), id('bolt')]).map((row) => row.name)).toEqual(['housing', 'bolt']);
  });

  it('counts instances of the same file', () => {
    const cid = `b${'a'.repeat(58)}`;
    const shape = {
      kind: 'asset' as const,
      cid,
      boundsM: { min: [0, 0, 0], max: [1, 1, 1] } as never,
      triangleCount: 12,
    };
    const document = build([
      { ...part('one', 'a0', null, false), shape },
      { ...part('two', 'a1', null, false), shape },
      part('box', 'a2', null, false),
    ]);
    expect([...countInstances(document)]).toEqual([[cid, 2]]);
  });
});
