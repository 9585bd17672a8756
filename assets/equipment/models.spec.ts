import { NodeIO } from '@gltf-transform/core';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { equipmentById } from '#protocol/equipment/index';
import { lockoutGlb } from './lockout-station.ts';
import { pumpSkidGlb } from './pump-skid.ts';

interface Validator {
  validateBytes(bytes: Uint8Array): Promise<{ issues: { numErrors: number; numWarnings: number; messages: object[] } }>;
}
const validator = createRequire(import.meta.url)('gltf-validator') as Validator;

describe.each([
  ['pump-skid', pumpSkidGlb],
  ['lockout-station', lockoutGlb],
] as const)('the 3D model %s', (id, generate) => {
  const { about } = equipmentById(id)!;
  const file = readFile(new URL(`../${about.model}`, import.meta.url));

  it('is what its generator writes today', async () => {
    expect(Buffer.compare(await generate(), await file), 'run npm run generate:demo').toBe(0);
  });

  it('is valid glTF without a warning, and below 3 MB', async () => {
    const { issues } = await validator.validateBytes(new Uint8Array(await file));
    expect(issues.messages.filter((one) => (one as { severity: number }).severity < 2)).toEqual([]);
    expect((await file).byteLength).toBeLessThan(3_000_000);
  });

  it('has a node for every control, instrument, thing and motion, with its joint where it moves', async () => {
    const document = await new NodeIO().readBinary(new Uint8Array(await file));
    const nodes = new Map(
      document
        .getRoot()
        .listNodes()
        .map((node) => [node.getName(), node]),
    );
    for (const { id: control, joint } of about.controls) {
      const extras = nodes.get(joint.node)?.getExtras()['workhall'];
      expect(extras, control).toMatchObject({ control, joint: JSON.parse(JSON.stringify(joint)) as object });
      expect(nodes.get(joint.node)!.getMesh(), control).not.toBe(null);
    }
    const named = [...about.things, ...about.shown].filter(({ node }) => node !== null);
    for (const { node } of named) expect(nodes.has(node!), node!).toBe(true);
  });

  it('stands on the floor, no larger than a workplace', async () => {
    const document = await new NodeIO().readBinary(new Uint8Array(await file));
    const { getBounds } = await import('@gltf-transform/core');
    const { min, max } = getBounds(document.getRoot().listScenes()[0]!);
    expect(min[1]).toBeGreaterThan(-0.01);
    for (const axis of [0, 1, 2]) expect(max[axis]! - min[axis]!).toBeLessThan(8);
  });
});
