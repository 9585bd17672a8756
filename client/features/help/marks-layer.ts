import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import type { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreatePlane } from '@babylonjs/core/Meshes/Builders/planeBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { CreateTube } from '@babylonjs/core/Meshes/Builders/tubeBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Readable } from '#net/store';
import type { Anchor, MarkBody, MarkRow } from '#protocol/guidance/index';
import { composePose, IDENTITY_POSE, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { ShapeGeometry } from '../../scene/geometry.ts';
import { createPlain } from '../../scene/stage/plain.ts';
import { formatLength } from '../../tools/measure/measure-tool.ts';

/** What the layer asks of the place that it is shown in. */
export interface MarksPlace {
  /** Where a thing is now, in the product's frame; null: nowhere, and what is pinned to it is not shown. */
  readonly poseOf: (thing: string) => Pose | null;
  /** What a thing looks like, in its own frame; null while its shapes are on their way. */
  readonly lookOf: (
    thing: string,
  ) => readonly { readonly geometry: ShapeGeometry; readonly poseInThing: Pose }[] | null;
  /** Hex. */
  readonly colorOf: (person: string) => string;
  /** The picture is to be drawn again. */
  readonly changed: () => void;
}

/** An arrow is so long, metres: seen well at arm's length, and no larger than a hand. */
const ARROW_M = 0.07;
/** From here on marks have their own size, metres. */
const FULL_SIZE_M = 1;
const STROKE_RADIUS_M = 0.0016;
const MEASURE_RADIUS_M = 0.0008;
const DOT_M = 0.008;
/** Letters of a note: 12 mm at 1.5 m are 27 minutes of arc, well above the 20 that are read without effort. */
const LETTER_M = 0.012;
const LETTER_PX = 44;
const MOST_LABEL_PX = 1024;
/** Labels are drawn after everything else: what is written is read, whatever stands before it. */
const LABEL_GROUP = 1;

interface Shown {
  readonly row: MarkRow;
  readonly node: TransformNode;
  /** What it is pinned to; null: the product itself. */
  readonly pinnedTo: string | null;
  readonly things: readonly Mesh[];
  readonly textures: readonly { dispose(): void }[];
  /** Ends in two different things: drawn anew when they move. */
  readonly isLoose: boolean;
}

/**
 * What experts leave in the room, on the product: arrows, ghosts, strokes, notes, measurements. The same layer draws them over
 * the real product and at the expert's desk. Frames: everything hangs below `product`; metres, right-handed.
 */
export class MarksLayer {
  readonly #scene: Scene;
  readonly #product: TransformNode;
  readonly #marks: Readable<readonly MarkRow[]>;
  readonly #place: MarksPlace;
  readonly #shown = new Map<string, Shown>();
  readonly #materials = new Map<string, ShaderMaterial>();
  /** Nodes that keep their size to the eye nearer than arm's length. */
  readonly #sized = new Set<TransformNode>();
  readonly #stop: () => void;

  constructor(scene: Scene, product: TransformNode, marks: Readable<readonly MarkRow[]>, place: MarksPlace) {
    this.#scene = scene;
    this.#product = product;
    this.#marks = marks;
    this.#place = place;
    const looking = scene.onBeforeRenderObservable.add(() => this.#fitSizes());
    const stop = marks.subscribe(() => this.#show());
    this.#stop = () => {
      stop();
      scene.onBeforeRenderObservable.remove(looking);
    };
    this.#show();
  }

  /** Things have moved, or their shapes have come. */
  refresh(): void {
    for (const [id, shown] of this.#shown) {
      const isGhostWithoutLook = shown.row.body.kind === 'ghost' && shown.things.length === 0;
      if (shown.isLoose || isGhostWithoutLook) this.#drop(id);
      else this.#stand(shown);
    }
    this.#show();
  }

  /** Marks that are drawn now, for tests. */
  get count(): number {
    return [...this.#shown.values()].filter(({ node }) => node.isEnabled()).length;
  }

  dispose(): void {
    this.#stop();
    for (const id of this.#shown.keys()) this.#drop(id);
    for (const material of this.#materials.values()) material.dispose();
  }

  /** Marks that are near are as large to the eye as at arm's length, or they would hide what they speak of. */
  #fitSizes(): void {
    const eye = this.#scene.activeCamera?.globalPosition;
    if (!eye) return;
    for (const node of this.#sized) {
      const size = Math.min(1, Math.max(0.1, Vector3.Distance(eye, node.getAbsolutePosition()) / FULL_SIZE_M));
      node.scaling.setAll(size);
    }
  }

  #show(): void {
    const rows = new Map(this.#marks.get().map((row) => [row.id, row]));
    for (const [id, { row }] of this.#shown) if (rows.get(id) !== row) this.#drop(id);
    for (const row of rows.values()) {
      // What is drawn on a picture is shown with the picture.
      if (row.body.kind === 'sketch' || this.#shown.has(row.id)) continue;
      const shown = this.#draw(row);
      this.#shown.set(row.id, shown);
      this.#stand(shown);
    }
    this.#place.changed();
  }

  #drop(id: string): void {
    const shown = this.#shown.get(id);
    shown?.node.dispose(false, false);
    for (const one of shown?.textures ?? []) one.dispose();
    this.#shown.delete(id);
  }

  #stand({ node, pinnedTo }: Shown): void {
    const pose = pinnedTo === null ? IDENTITY_POSE : this.#place.poseOf(pinnedTo);
    node.setEnabled(pose !== null);
    if (pose) stand(node, pose);
  }

  #draw(row: MarkRow): Shown {
    const { body } = row;
    const node = new TransformNode(`mark ${row.id}`, this.#scene);
    node.parent = this.#product;
    const color = this.#place.colorOf(row.by);
    const things: Mesh[] = [];
    const textures: { dispose(): void }[] = [];
    /** What keeps its size to the eye: its origin is the point that it marks. */
    const sized = (point: Vec3) => {
      const at = new TransformNode('sized', this.#scene);
      at.parent = node;
      at.position.set(...point);
      this.#sized.add(at);
      textures.push({ dispose: () => void this.#sized.delete(at) });
      return at;
    };
    const add = (mesh: Mesh, opacity = 1, under: TransformNode = node) => {
      mesh.material = this.#material(color, opacity);
      this.#hang(mesh, under);
      things.push(mesh);
      return mesh;
    };
    const label = (text: string, at: Vec3) => {
      const made = this.#label(text, color);
      this.#hang(made.mesh, sized(at));
      textures.push(...made.disposables);
    };
    switch (body.kind) {
      case 'arrow':
        this.#arrow(body.towards).forEach((mesh) => add(mesh, 1, sized(body.at.point)));
        if (body.text) label(body.text, behind(body.at.point, body.towards, ARROW_M + LETTER_M));
        break;
      case 'ghost':
        for (const mesh of this.#ghost(body)) add(mesh, 0.4);
        break;
      case 'stroke':
        add(this.#tube('stroke', body.points, STROKE_RADIUS_M));
        break;
      case 'note':
        add(this.#dot(), 1, sized(body.at.point));
        label(body.text, [body.at.point[0], body.at.point[1] + 2.2 * LETTER_M, body.at.point[2]]);
        break;
      case 'measure': {
        const [from, to] = [this.#pointOf(body.from, body), this.#pointOf(body.to, body)];
        if (!from || !to) break;
        add(this.#tube('measure', [from, to], MEASURE_RADIUS_M));
        for (const end of [from, to]) add(this.#dot(), 1, sized(end));
        label(formatLength(body.distanceM), [
          (from[0] + to[0]) / 2,
          (from[1] + to[1]) / 2 + 1.4 * LETTER_M,
          (from[2] + to[2]) / 2,
        ]);
        break;
      }
      case 'sketch':
        break;
    }
    const isLoose = body.kind === 'measure' && body.from.in !== body.to.in;
    return { row, node, things, textures, pinnedTo: isLoose ? null : pinOf(body), isLoose };
  }

  /** An end of a measurement in the frame that the mark stands in: its thing's when both ends share it, else the product's. */
  #pointOf(end: Anchor, { from, to }: Extract<MarkBody, { kind: 'measure' }>): Vec3 | null {
    if (from.in === to.in || end.in === null) return end.point;
    const pose = this.#place.poseOf(end.in);
    return pose && composePose(pose, { position: end.point, rotation: [0, 0, 0, 1] }).position;
  }

  /** Its tip at the point, coming along the direction. */
  #arrow(towards: Vec3): Mesh[] {
    const tip = CreateCylinder('arrow', { diameterTop: 0, diameterBottom: 0.018, height: 0.024 }, this.#scene);
    const shaft = CreateCylinder('arrow', { diameter: 0.007, height: ARROW_M - 0.024 }, this.#scene);
    const turn = Quaternion.FromUnitVectorsToRef(Vector3.Up(), new Vector3(...towards), new Quaternion());
    for (const [mesh, backM] of [
      [tip, 0.012],
      [shaft, 0.024 + (ARROW_M - 0.024) / 2],
    ] as const) {
      // prettier-ignore
      mesh.rotationQuaternion = turn.clone();
      mesh.position.set(...behind([0, 0, 0], towards, backM));
    }
    return [tip, shaft];
  }

  #dot(): Mesh {
    return CreateSphere('dot', { diameter: DOT_M, segments: 8 }, this.#scene);
  }

  #tube(name: string, points: readonly Vec3[], radius: number): Mesh {
    const path = points.map((point) => new Vector3(...point));
    return CreateTube(name, { path, radius, tessellation: 6, cap: Mesh.CAP_ALL }, this.#scene);
  }

  #ghost({ thing, at }: Extract<MarkBody, { kind: 'ghost' }>): Mesh[] {
    return (this.#place.lookOf(thing) ?? []).map(({ geometry, poseInThing }) => {
      const mesh = new Mesh(`ghost ${thing}`, this.#scene);
      const data = new VertexData();
      const { positions, normals, indices } = geometry;
      Object.assign(data, { positions, normals, indices, uvs: new Float32Array((positions.length / 3) * 2) });
      data.applyToMesh(mesh);
      mesh.sideOrientation = Material.CounterClockWiseSideOrientation;
      stand(mesh, composePose(at.pose, poseInThing));
      return mesh;
    });
  }

  #label(text: string, color: string): { mesh: Mesh; disposables: { dispose(): void }[] } {
    const font = `600 ${LETTER_PX}px "Inter Variable", Inter, "Noto Sans SC Variable", system-ui, sans-serif`;
    const lines = wrapped(text);
    const probe = document.createElement('canvas').getContext('2d')!;
    probe.font = font;
    const widthPx = Math.min(
      MOST_LABEL_PX,
      Math.ceil(Math.max(...lines.map((line) => probe.measureText(line).width))) + 36,
    );
    const heightPx = Math.ceil(lines.length * LETTER_PX * 1.3) + 24;
    const texture = new DynamicTexture('label', { width: widthPx, height: heightPx }, this.#scene, true);
    const brush = texture.getContext() as unknown as CanvasRenderingContext2D;
    brush.fillStyle = '#14181dee';
    brush.beginPath();
    brush.roundRect(2, 2, widthPx - 4, heightPx - 4, 16);
    brush.fill();
    brush.lineWidth = 5;
    brush.strokeStyle = color;
    brush.stroke();
    brush.font = font;
    brush.fillStyle = '#ffffff';
    brush.textBaseline = 'top';
    lines.forEach((line, at) => brush.fillText(line, 18, 14 + at * LETTER_PX * 1.3, widthPx - 36));
    texture.hasAlpha = true;
    texture.update();
    const material = createPlain(this.#scene, 'label', '#ffffff', 1, texture);
    const metresPerPx = LETTER_M / LETTER_PX;
    const mesh = CreatePlane('label', { width: widthPx * metresPerPx, height: heightPx * metresPerPx }, this.#scene);
    mesh.billboardMode = Mesh.BILLBOARDMODE_ALL;
    mesh.material = material;
    mesh.renderingGroupId = LABEL_GROUP;
    return { mesh, disposables: [texture, material] };
  }

  #hang(mesh: Mesh, node: TransformNode): void {
    mesh.parent = node;
    mesh.isPickable = false;
    mesh.alwaysSelectAsActiveMesh = true;
  }

  #material(color: string, opacity: number): ShaderMaterial {
    const key = `${color} ${opacity}`;
    let material = this.#materials.get(key);
    if (!material) this.#materials.set(key, (material = createPlain(this.#scene, `mark ${key}`, color, opacity)));
    return material;
  }
}

const pinOf = (body: MarkBody): string | null => {
  if (body.kind === 'stroke') return body.in;
  if (body.kind === 'measure') return body.from.in;
  return body.kind === 'sketch' ? null : body.at.in;
};

const behind = (point: Vec3, towards: Vec3, byM: number): Vec3 => [
  point[0] - towards[0] * byM,
  point[1] - towards[1] * byM,
  point[2] - towards[2] * byM,
];

/** Lines of a length that is read at a glance. */
function wrapped(text: string, most = 26): string[] {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const pieces = word.length > most ? (word.match(new RegExp(`.{1,${most}}`, 'gu')) ?? []) : [word];
    for (const piece of pieces) {
      const line = lines.at(-1)!;
      if (line && line.length + piece.length + 1 > most) lines.push(piece);
      else lines[lines.length - 1] = line ? `${line} ${piece}` : piece;
    }
  }
  return lines.slice(0, 6);
}

function stand(node: TransformNode, { position, rotation }: Pose): void {
  node.position.set(...position);
  node.rotationQuaternion ??= Quaternion.Identity();
  node.rotationQuaternion.set(...rotation);
}
