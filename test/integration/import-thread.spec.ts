import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkhallError } from '#protocol/errors';
import { runInThread } from '../../server/assets/import/import-thread.ts';
import { findGltfErrors } from '../../server/assets/import/gltf-check.ts';
import { ImportLimits } from '../../server/assets/import/import-limits.ts';
import { meshoptIO } from '../../server/assets/import/shape-writer.ts';
import { cubeStl, pyramidGlb } from '../support/import-samples.ts';
import type { PipelineInput, PipelineOutput } from '../../server/assets/import/pipeline.ts';

/** The CAx-IF assembly as the CAD kernel's package ships it for its own tests. */
const SAMPLES = join(dirname(createRequire(import.meta.url).resolve('occt-import-js/package.json')), 'test/testfiles');
const AS1 = join(SAMPLES, 'cax-if/as1-oc-214.stp');
const GEARBOX = fileURLToPath(new URL('../../assets/demo/planetary-gearbox.step', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workhall-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (input: Omit<PipelineInput, 'fileName'> & { fileName?: string }, limits = {}) =>
  runInThread(
    { fileName: 'sample', ...input },
    { ...new ImportLimits(), ...limits },
    AbortSignal.timeout(60_000),
    () => undefined,
  );

async function runBytes(
  bytes: Uint8Array | string,
  options: Partial<PipelineInput> = {},
  limits = {},
): Promise<PipelineOutput> {
  const filePath = join(folder, `${Math.random()}`);
  await writeFile(filePath, bytes);
  return run({ filePath, ...options }, limits);
}

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => 'imported',
    (thrown: unknown) =>
      thrown instanceof WorkhallError ? `${thrown.problem.scope}.${thrown.problem.key}` : String(thrown),
  );

describe('a STEP assembly', { timeout: 60_000 }, () => {
  let output: PipelineOutput;
  const stages: string[] = [];
  beforeAll(async () => {
    output = await runInThread(
      { fileName: 'as1.stp', filePath: AS1 },
      new ImportLimits(),
      AbortSignal.timeout(60_000),
      (stage) => {
        if (stages.at(-1) !== stage) stages.push(stage);
      },
    );
  }, 60_000);

  it('places eighteen parts from five shapes', () => {
    expect(output.shapes.map((shape) => shape.name)).toEqual(['nut', 'rod', 'bolt', 'l-bracket', 'plate']);
    expect(output.nodes.filter((node) => node.kind === 'part')).toHaveLength(18);
    expect(output.warnings).toEqual([]);
  });
  it('keeps names, tree and colours', () => {
    const tree = output.nodes.map((node) => {
      const parent = output.nodes.find((other) => other.id === node.parent);
      return `${parent?.name ?? ''}/${node.name} ${node.color ?? ''}`.trim();
    });
    expect(tree.slice(0, 6)).toEqual([
      '/as1',
      'as1/rod-assembly',
      'rod-assembly/nut #ff0000',
      'rod-assembly/nut #ff0000',
      'rod-assembly/rod #ff8000',
      'as1/l-bracket-assembly',
    ]);
  });
  it('stands in metres with its Z axis turned up to Y', () => {
    expect(output.nodes[0]!.poseInParent.rotation[0]).toBeCloseTo(-Math.SQRT1_2);
    const plate = output.shapes.find((shape) => shape.name === 'plate')!;
    expect(plate.boundsM.max.map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.18, 0.15, 0.02]);
  });
  it('gives every shape a GLB without validator errors, with pinnable faces and drawn edges', async () => {
    const io = await meshoptIO();
    for (const shape of output.shapes) {
      expect(await findGltfErrors(shape.glb)).toEqual([]);
      const root = (await io.readBinary(shape.glb)).getRoot();
      const part = root
        .listNodes()
        .find((node) => node.getName() === 'part')!
        .getMesh()!;
      const { faces } = part.getExtras() as { faces: [number, number][] };
      expect(faces).toHaveLength(shape.faces);
      expect(faces.reduce((next, [first, count]) => (first === next ? next + count : NaN), 0)).toBe(
        shape.triangleCount,
      );
      expect(
        root
          .listNodes()
          .find((node) => node.getName() === 'edges')!
          .getMesh()!
          .listPrimitives()[0]!
          .getMode(),
      ).toBe(1);
    }
  });
  it('gives the same ids and the same bytes when imported again', async () => {
    const again = await run({ fileName: 'renamed.step', filePath: AS1 });
    expect(again.nodes.map((node) => node.id)).toEqual(output.nodes.map((node) => node.id));
    expect(again.shapes.map((shape) => Buffer.from(shape.glb).toString('hex').length)).toEqual(
      output.shapes.map((shape) => shape.glb.length * 2),
    );
    expect(again.shapes.every((shape, index) => Buffer.compare(shape.glb, output.shapes[index]!.glb) === 0)).toBe(true);
  });
  it('reports its stages in their order', () => {
    expect(stages).toEqual(['reading', 'tessellating', 'recovering_instances', 'optimising', 'validating']);
  });
});

describe('the demo gearbox', { timeout: 60_000 }, () => {
  it('has its tree, one shape per design, and every ball, needle and screw as an instance', async () => {
    const output = await run({ filePath: GEARBOX });
    const placed = (name: string) => output.nodes.filter((node) => node.name === name);
    expect(output.nodes.filter((node) => node.kind === 'part').length).toBe(143);
    expect(output.shapes.length).toBe(32);
    expect([
      placed('Needle 4 x 17').length,
      placed('Ball 12').length,
      placed('Socket screw M6 x 60').length,
      placed('Planet').length,
    ]).toEqual([45, 18, 12, 3]);
    expect(new Set(placed('Needle 4 x 17').map((node) => node.shape)).size).toBe(1);
    expect(output.nodes[0]).toMatchObject({ name: 'Planetary gearbox', parent: null, kind: 'assembly' });
    expect(placed('Sun shaft')[0]!.color).toBe('#e07b39');
  });
});

describe('files of other programs', { timeout: 60_000 }, () => {
  it.each([
    ['cax-if/as1-tu-203.stp', 18, 5],
    ['cax-if/as1_pe_203.stp', 18, 5],
    ['cax-if/dm1-id-214.stp', 7, 3],
    ['cube-10x10mm/Cube 10x10.igs', 1, 1],
  ])('%s: %i parts from %i shapes', async (file, parts, shapes) => {
    const output = await run({ filePath: join(SAMPLES, file) });
    expect([output.nodes.filter((node) => node.kind === 'part').length, output.shapes.length]).toEqual([parts, shapes]);
  });
  it.each(['cube-in.step', 'cube-m.step', 'cube-mm.step'])(
    'the cube of one metre in %s is one metre wide',
    async (file) => {
      const output = await run({ filePath: join(SAMPLES, 'cube-units', file) });
      const { min, max } = output.shapes[0]!.boundsM;
      expect(max[0] - min[0]).toBeCloseTo(1, 6);
    },
  );
  it('STL: millimetres are assumed and said to be, another unit can be chosen', async () => {
    const assumed = await runBytes(cubeStl(10));
    expect(assumed.unit).toEqual({ name: 'millimetre', isStated: false });
    expect(assumed.warnings.map((warning) => warning.key)).toEqual(['unit_assumed', 'up_axis_assumed']);
    expect(assumed.shapes[0]).toMatchObject({ faces: 6, triangleCount: 12 });
    expect(assumed.shapes[0]!.boundsM.max[0]).toBeCloseTo(0.01);
    const chosen = await runBytes(cubeStl(10), { unit: 'inch', upAxis: 'y' });
    expect(chosen.shapes[0]!.volumeM3).toBeCloseTo(0.254 ** 3, 6);
    expect(chosen.nodes[0]!.poseInParent.rotation).toEqual([0, 0, 0, 1]);
  });
  it('OBJ: objects become parts', async () => {
    const output = await runBytes(
      'mtllib x.mtl\no lower\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\no upper\nv 0 0 1\nf 1//1 2 -1\n',
    );
    expect(output.nodes.map((node) => node.name)).toEqual(['sample', 'lower', 'upper']);
    expect(output.warnings.map((warning) => warning.key)).toContain('materials_not_opened');
  });
  it('GLB: a mesh used twice is one shape, a scaled use is another, poses have no scale', async () => {
    const output = await runBytes(await pyramidGlb());
    expect(output.nodes.map((node) => [node.name, node.shape])).toEqual([
      ['sample', undefined],
      ['one', 0],
      ['two', 0],
      ['doubled', 1],
    ]);
    const [one, doubled] = output.shapes;
    expect(doubled!.volumeM3 / one!.volumeM3).toBeCloseTo(8, 4);
    for (const shape of output.shapes) expect(await findGltfErrors(shape.glb)).toEqual([]);
  });
});

describe('what cannot be imported', { timeout: 60_000 }, () => {
  it.each<[string, Uint8Array | string, string]>([
    ['an empty file', '', 'import.file_empty'],
    ['a zip', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0), 'import.format_unknown'],
    ['prose', 'Dear sirs, please find attached our drawing.', 'import.format_unknown'],
    ['a STEP header alone', 'ISO-10303-21;\nHEADER;', 'import.file_broken'],
    ['a STEP file that says nothing', 'ISO-10303-21;HEADER;ENDSEC;DATA;ENDSEC;END-ISO-10303-21;', 'import.file_broken'],
    ['an STL whose count lies', lyingStl(), 'import.file_broken'],
    [
      'a glTF that names another file',
      gltf({ buffers: [{ uri: '/etc/passwd', byteLength: 8 }] }),
      'import.external_files',
    ],
    ['a glTF that names an address', gltf({ images: [{ uri: 'http://169.254.169.254/' }] }), 'import.external_files'],
    [
      'a glTF that needs Draco',
      gltf({ extensionsUsed: ['KHR_draco_mesh_compression'], extensionsRequired: ['KHR_draco_mesh_compression'] }),
      'import.needs_extension',
    ],
    ['a glTF accessor beyond its buffer', reachingGltf(), 'import.file_broken'],
    [
      'a glTF that promises gigabytes',
      gltf({ accessors: Array.from({ length: 4 }, () => ({ count: 2 ** 30, type: 'SCALAR', componentType: 5126 })) }),
      'import.out_of_memory',
    ],
    [
      'a glTF whose nodes are their own children',
      gltf({ nodes: [{ children: [0] }], scenes: [{ nodes: [0] }] }),
      'import.file_broken',
    ],
    ['a glTF without a mesh', gltf({ scenes: [{}], scene: 0 }), 'import.nothing_inside'],
    ['an OBJ face without its vertex', 'v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n', 'import.file_broken'],
    ['an assembly that opens out to 2^40 parts', nestedStep(40), 'import.too_many_parts'],
  ])('%s', async (_, bytes, problem) => {
    expect(await problemOf(runBytes(bytes))).toBe(problem);
  });
  it('a file that takes longer than it may', async () => {
    expect(await problemOf(run({ filePath: AS1 }, { timeoutMs: 60 }))).toBe('import.took_too_long');
  });
  it('a file that needs more memory than it may', async () => {
    expect(await problemOf(run({ filePath: GEARBOX }, { wasmBytes: 40_000_000 }))).toBe('import.out_of_memory');
  });
  it('an import that is cancelled', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 150);
    expect(
      await problemOf(
        runInThread({ fileName: 'as1', filePath: AS1 }, new ImportLimits(), abort.signal, () => undefined),
      ),
    ).toBe('import.cancelled');
  });
});

function gltf(parts: object): string {
  return JSON.stringify({ asset: { version: '2.0' }, ...parts });
}

function reachingGltf(): string {
  return gltf({
    buffers: [{ byteLength: 12, uri: 'data:application/octet-stream;base64,AAAAAAAAAAAAAAAA' }],
    bufferViews: [{ buffer: 0, byteLength: 12 }],
    accessors: [{ bufferView: 0, count: 500, type: 'VEC3', componentType: 5126, min: [0, 0, 0], max: [1, 1, 1] }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    nodes: [{ mesh: 0 }],
    scenes: [{ nodes: [0] }],
  });
}

function lyingStl(): Uint8Array {
  const bytes = cubeStl(10);
  new DataView(bytes.buffer).setUint32(80, 0xffffffff, true);
  return bytes;
}

/** Each level holds the one below twice. */
function nestedStep(levels: number): string {
  const lines = [
    "#1=CARTESIAN_POINT('',(0.,0.,0.));",
    "#2=AXIS2_PLACEMENT_3D('',#1,$,$);",
    "#3=MANIFOLD_SOLID_BREP('',$);",
  ];
  for (let level = 0; level < levels; level++) {
    const at = 100 + level * 20;
    lines.push(
      `#${at}=PRODUCT('p${level}','p${level}','',());`,
      `#${at + 1}=PRODUCT_DEFINITION_FORMATION('','',#${at});`,
      `#${at + 2}=PRODUCT_DEFINITION('','',#${at + 1},$);`,
      `#${at + 3}=PRODUCT_DEFINITION_SHAPE('','',#${at + 2});`,
      `#${at + 4}=SHAPE_REPRESENTATION('',(${level === 0 ? '#3' : '#2'}),$);`,
      `#${at + 5}=SHAPE_DEFINITION_REPRESENTATION(#${at + 3},#${at + 4});`,
    );
    for (const twin of level === 0 ? [] : [0, 1])
      lines.push(
        `#${at + 6 + twin * 6}=NEXT_ASSEMBLY_USAGE_OCCURRENCE('','','',#${at + 2},#${at - 18},$);`,
        `#${at + 7 + twin * 6}=PRODUCT_DEFINITION_SHAPE('','',#${at + 6 + twin * 6});`,
        `#${at + 8 + twin * 6}=ITEM_DEFINED_TRANSFORMATION('','',#2,#2);`,
        `#${at + 9 + twin * 6}=(REPRESENTATION_RELATIONSHIP('','',#${at - 16},#${at + 4})REPRESENTATION_RELATIONSHIP_WITH_TRANSFORMATION(#${at + 8 + twin * 6})SHAPE_REPRESENTATION_RELATIONSHIP());`,
        `#${at + 10 + twin * 6}=CONTEXT_DEPENDENT_SHAPE_REPRESENTATION(#${at + 9 + twin * 6},#${at + 7 + twin * 6});`,
      );
  }
  return `ISO-10303-21;HEADER;ENDSEC;DATA;\n${lines.join('\n')}\nENDSEC;END-ISO-10303-21;`;
}
