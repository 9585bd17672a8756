import { describe, expect, test } from 'vitest';
import { encodeBlock } from '../journal/block.ts';
import { MAX_OP_BYTES } from '../journal/entry.ts';
import { EMPTY_DOCUMENT, type Document } from '../document/index.ts';
import { ProductStructure } from '../assets/product-structure.ts';
import { OpId, PartId, UserId, type CidText } from '../ids.ts';
import { childrenOf, partsOf, poseInRoom } from './document.ts';
import { importParts, productBoundsM, type ImportPlacement } from './import-parts.ts';
import { nearestMaterial } from './nearest-material.ts';
import { designModel } from './model.ts';
import type { Part } from './part.ts';

const cid = (n: number) => `bafkrei${'a'.repeat(50)}${'bcdefghij'[n]!}` as CidText;
const original = { cid: cid(0), size: 1 };
const quarterTurnX: [number, number, number, number] = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];
const id = (text: string) => PartId.parse(text);
const shape = (name: string, index: number, size: number) => ({
  name,
  cid: cid(index),
  size: 100,
  triangleCount: 12,
  boundsM: { min: [0, 0, 0] as [number, number, number], max: [size, size, 2 * size] as [number, number, number] },
  volumeM3: 1,
  areaM2: 1,
  faces: 6,
  hasOwnColours: false,
});
const node = (
  name: string,
  parent: string | null,
  kind: 'assembly' | 'part',
  shapeIndex?: number,
  color: string | null = '#b8bec6',
) => ({
  id: id(name),
  name,
  parent: parent === null ? null : id(parent),
  poseInParent: {
    position: [0.1, 0, 0] as [number, number, number],
    rotation: [0, 0, 0, 1] as [number, number, number, number],
  },
  kind,
  ...(shapeIndex === undefined ? {} : { shape: shapeIndex }),
  color,
});
/** A Z-up file: its root is turned, two bolts share one shape. */
const gearbox = ProductStructure.parse({
  unit: 'metre',
  up: 'y',
  nodes: [
    { ...node('gearbox', null, 'assembly'), poseInParent: { position: [0, 0, 0], rotation: quarterTurnX } },
    node('housing', 'gearbox', 'part', 0, null),
    node('bolts', 'gearbox', 'assembly'),
    node('bolt-2', 'bolts', 'part', 1, '#1a1a1c'),
    node('bolt-1', 'bolts', 'part', 1),
  ],
  shapes: [shape('housing', 1, 0.1), shape('bolt', 2, 0.01)],
});
const placement: ImportPlacement = { group: OpId.parse('import-1'), parent: null, after: null, standAt: [0, 0, 0] };
const imported = { structure: gearbox, fileName: 'gearbox.step', original };

function build(batches: Part[][], document: Document = EMPTY_DOCUMENT): Document {
  for (const [index, parts] of batches.entries()) {
    const op = { id: OpId.parse(`op-${index}`), type: 'parts.add', payload: { parts }, group: placement.group };
    const valid = designModel.validate(op.type, op.payload);
    if (!valid.ok) throw new Error(valid.problem.message);
    const applied = designModel.apply(document, {
      ...op,
      payload: valid.payload,
      author: { id: UserId.parse('ada'), name: 'Ada' },
      at: 1,
    });
    if (!applied.ok) throw new Error(applied.problem.message);
    document = applied.document;
  }
  return document;
}

describe('a product that comes in', () => {
  test('keeps its tree, its names, and the sequence of the file', () => {
    const document = build(importParts(imported, placement));
    const [root] = childrenOf(document, null);
    expect(root).toMatchObject({ name: 'gearbox', shape: null });
    expect(childrenOf(document, root!.id).map((part) => part.name)).toEqual(['housing', 'bolts']);
    const bolts = childrenOf(document, root!.id)[1]!;
    expect(childrenOf(document, bolts.id).map((part) => part.name)).toEqual(['bolt-2', 'bolt-1']);
  });

  test('stores a repeated part once: both bolts name the same file', () => {
    const parts = [...partsOf(build(importParts(imported, placement))).values()];
    const files = parts
      .filter((part) => part.name.startsWith('bolt-'))
      .map((part) => (part.shape?.kind === 'asset' ? part.shape.cid : null));
    expect(files).toEqual([cid(2), cid(2)]);
    expect(parts.find((part) => part.name === 'bolt-1')!.source).toEqual({ file: cid(0), node: 'bolt-1' });
  });

  test('stands on the floor, centred, whatever the origin of its file', () => {
    const before = productBoundsM(gearbox)!;
    const document = build(importParts(imported, placement));
    const root = childrenOf(document, null)[0]!;
    const moved = poseInRoom(document, root.id).position;
    expect(moved[0] + (before.min[0] + before.max[0]) / 2).toBeCloseTo(0);
    expect(moved[1] + before.min[1]).toBeCloseTo(0);
    expect(moved[2] + (before.min[2] + before.max[2]) / 2).toBeCloseTo(0);
    const asInFile = build(importParts(imported, { ...placement, standAt: null }));
    expect(poseInRoom(asInFile, childrenOf(asInFile, null)[0]!.id).position).toEqual([0, 0, 0]);
  });

  test('takes the file’s own colours where it has them, else the nearest material', () => {
    const parts = [...partsOf(build(importParts(imported, placement))).values()];
    const presetOf = (name: string) => parts.find((part) => part.name === name)!.material.preset;
    expect([presetOf('housing'), presetOf('bolt-1'), presetOf('bolt-2')]).toEqual(['original', 'aluminium', 'rubber']);
    expect(nearestMaterial('#d02020')).toEqual({ preset: 'paint', color: '#d02020' });
  });

  test('can come in twice, into a group and behind what is there', () => {
    const first = build(importParts(imported, placement));
    const [root] = childrenOf(first, null);
    const again = importParts(imported, { ...placement, group: OpId.parse('import-2'), after: root!.order });
    const both = build(again, first);
    expect(partsOf(both).size).toBe(2 * gearbox.nodes.length);
    expect(childrenOf(both, null)[0]!.id).toBe(root!.id);
    expect(importParts(imported, placement)).toEqual(importParts(imported, placement));
  });

  test('with several roots becomes one thing to grab, named like the file', () => {
    const loose = ProductStructure.parse({
      ...gearbox,
      nodes: [node('a', null, 'part', 0), node('b', null, 'part', 1)],
    });
    const document = build(importParts({ structure: loose, fileName: 'two parts.stp', original }, placement));
    const tops = childrenOf(document, null);
    expect(tops.map((part) => part.name)).toEqual(['two parts']);
    expect(childrenOf(document, tops[0]!.id)).toHaveLength(2);
  });

  test('with thousands of parts and long names goes into ops that all fit the wire', () => {
    const name = 'N'.repeat(200);
    const nodes = [{ ...node('root', null, 'assembly'), name }];
    for (let i = 0; i < 3000; i++) nodes.push({ ...node(`n${i}`, 'root', 'part', 0), name });
    const large = ProductStructure.parse({ ...gearbox, nodes });
    const batches = importParts({ structure: large, fileName: 'large.step', original }, placement);
    expect(batches.length).toBeGreaterThan(6);
    for (const parts of batches) {
      expect(parts.length).toBeLessThanOrEqual(500);
      expect(encodeBlock({ payload: { parts } }).bytes.length).toBeLessThan(MAX_OP_BYTES - 2048);
    }
    expect(partsOf(build(batches)).size).toBe(3001);
  });
});
