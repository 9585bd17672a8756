/** A drawn machine on its way to glTF: named nodes, each with shapes by material; what moves carries its joint in `extras`. */
import { Document, NodeIO, type Material, type Node } from '@gltf-transform/core';
import type { EquipmentModel } from '#protocol/equipment/index';
import type { Vec3 } from '#protocol/spatial/index';
import { ball, box, cylinder, hollow, merged, pipe, placed, ring, turned, type Shape } from './shapes.ts';

export const Q = Math.PI / 2;

/** Colour (sRGB), metalness, roughness, opacity. */
const MATERIALS = {
  steel: ['#b8bec4', 0.9, 0.35, 1],
  castIron: ['#46525e', 0.25, 0.6, 1],
  blue: ['#1f5f94', 0.15, 0.45, 1],
  grey: ['#8d969e', 0.1, 0.55, 1],
  dark: ['#22282e', 0.1, 0.6, 1],
  frame: ['#39444e', 0.2, 0.6, 1],
  panel: ['#d9dde0', 0.05, 0.5, 1],
  yellow: ['#f2b705', 0.05, 0.5, 1],
  red: ['#c62828', 0.05, 0.4, 1],
  green: ['#2e8b57', 0.05, 0.4, 1],
  white: ['#f5f6f7', 0, 0.5, 1],
  black: ['#111417', 0, 0.6, 1],
  brass: ['#b9923a', 0.9, 0.35, 1],
  copper: ['#b5652f', 0.9, 0.4, 1],
  wood: ['#b08a5a', 0, 0.8, 1],
  rubber: ['#1b1d1f', 0, 0.9, 1],
  orange: ['#e07b39', 0.05, 0.5, 1],
  glass: ['#cfe6f2', 0, 0.05, 0.28],
  water: ['#3b8fc4', 0, 0.1, 0.7],
  oil: ['#2a2416', 0.1, 0.08, 1],
  hot: ['#8a3b2a', 0.4, 0.5, 1],
} as const;
export type Paint = keyof typeof MATERIALS;

const linear = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const rounded = (value: number): number => Math.round(value * 1e5) / 1e5 || 0;

/** A node in the making. */
export class Part {
  constructor(
    readonly station: Station,
    readonly node: Node,
  ) {}

  add(paint: Paint, ...shapes: readonly Shape[]): this {
    this.station.shapesOf(this.node, paint).push(...shapes);
    return this;
  }
  part(name: string, at: Vec3 = [0, 0, 0], turn: Vec3 = [0, 0, 0]): Part {
    return this.station.part(name, at, turn, this.node);
  }
  /** How what is shown moves it: `spin` at so many turns a second, `slide` or `scale` along the axis by the value, `dial` over the sensor's range. */
  moves(kind: 'spin' | 'slide' | 'scale' | 'dial', axis: Vec3, per: number): this {
    const { workhall } = this.node.getExtras() as { workhall: object };
    this.node.setExtras({ workhall: { ...workhall, moves: { kind, axis, per } } });
    return this;
  }
}

export class Station {
  readonly #document = new Document();
  readonly #scene = this.#document.createScene('scene');
  readonly #buffer = this.#document.createBuffer();
  readonly #shapes = new Map<Node, Map<Paint, Shape[]>>();
  readonly #materials = new Map<Paint, Material>();
  readonly #names = new Set<string>();
  readonly root: Part;

  constructor(readonly model: EquipmentModel) {
    this.#document.getRoot().getAsset().generator = 'Workhall';
    this.root = this.part(model.about.id, [0, 0, 0]);
  }

  /** Names are unique: clients find what to move by them. */
  part(name: string, at: Vec3, turn: Vec3 = [0, 0, 0], parent: Node | null = null): Part {
    if (this.#names.has(name)) throw new Error(`two nodes are called ${name}`);
    this.#names.add(name);
    const node = this.#document.createNode(name).setTranslation([...at]);
    if (turn.some((angle) => angle !== 0)) node.setRotation(quaternionOf(turn));
    const { about } = this.model;
    const control = about.controls.find((one) => one.joint.node === name);
    const sensor = about.sensors.find((one) => one.node === name);
    const thing = about.things.find((one) => one.node === name);
    const moved = about.shown.find((one) => one.what === 'motion' && one.node === name);
    const extras = {
      ...(control ? { control: control.id, joint: control.joint } : {}),
      ...(sensor ? { sensor: sensor.id, minimum: sensor.minimum, maximum: sensor.maximum } : {}),
      ...(thing ? { thing: thing.id } : {}),
      ...(moved ? { motion: moved.id, unit: moved.unit } : {}),
    };
    if (Object.keys(extras).length > 0) node.setExtras({ workhall: extras });
    if (parent) parent.addChild(node);
    else if (name === this.model.about.id) this.#scene.addChild(node);
    else this.root.node.addChild(node);
    return new Part(this, node);
  }

  shapesOf(node: Node, paint: Paint): Shape[] {
    const own = this.#shapes.get(node) ?? new Map<Paint, Shape[]>();
    this.#shapes.set(node, own);
    const list = own.get(paint) ?? [];
    own.set(paint, list);
    return list;
  }

  async glb(): Promise<Uint8Array> {
    for (const id of this.#wanted()) if (!this.#names.has(id)) throw new Error(`nobody drew ${id}`);
    for (const [node, byPaint] of this.#shapes) {
      const mesh = this.#document.createMesh(node.getName());
      for (const [paint, shapes] of byPaint) mesh.addPrimitive(this.#primitive(merged(...shapes), paint));
      node.setMesh(mesh);
    }
    return new NodeIO().writeBinary(this.#document);
  }

  /** All nodes that the model speaks of. */
  #wanted(): string[] {
    const { controls, things, shown } = this.model.about;
    const nodes = [
      ...controls.map(({ joint }) => joint.node),
      ...things.map(({ node }) => node),
      ...shown.map(({ node }) => node),
    ];
    return nodes.filter((node) => node !== null);
  }

  #primitive({ positions, normals, indices }: Shape, paint: Paint) {
    const document = this.#document;
    const accessor = (
      type: 'VEC3' | 'SCALAR',
      array: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
    ) => document.createAccessor().setType(type).setArray(array).setBuffer(this.#buffer);
    const unitNormals = new Float32Array(normals.length);
    for (let k = 0; k < normals.length; k += 3) {
      const length = Math.hypot(normals[k]!, normals[k + 1]!, normals[k + 2]!) || 1;
      for (let i = 0; i < 3; i++) unitNormals[k + i] = Math.round((normals[k + i]! / length) * 1e4) / 1e4 || 0;
    }
    const isSmall = positions.length / 3 < 65_536;
    return document
      .createPrimitive()
      .setAttribute('POSITION', accessor('VEC3', Float32Array.from(positions, rounded)))
      .setAttribute('NORMAL', accessor('VEC3', unitNormals))
      .setIndices(accessor('SCALAR', isSmall ? Uint16Array.from(indices) : Uint32Array.from(indices)))
      .setMaterial(this.#material(paint));
  }

  #material(paint: Paint): Material {
    const known = this.#materials.get(paint);
    if (known) return known;
    const [hex, metallic, roughness, alpha] = MATERIALS[paint];
    const rgb = [1, 3, 5].map((at) => rounded(linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)));
    const material = this.#document
      .createMaterial(paint)
      .setBaseColorFactor([rgb[0]!, rgb[1]!, rgb[2]!, alpha])
      .setMetallicFactor(metallic)
      .setRoughnessFactor(roughness)
      .setAlphaMode(alpha < 1 ? 'BLEND' : 'OPAQUE')
      .setDoubleSided(alpha < 1);
    this.#materials.set(paint, material);
    return material;
  }
}

/** About x, then y, then z. */
function quaternionOf([x, y, z]: Vec3): [number, number, number, number] {
  const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((angle) => [Math.cos(angle / 2), Math.sin(angle / 2)]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return [
    sx * cy * cz - cx * sy * sz,
    cx * sy * cz + sx * cy * sz,
    cx * cy * sz - sx * sy * cz,
    cx * cy * cz + sx * sy * sz,
  ];
}

/** Things that many machines have. */

export function flange(radius: number, bolts = 8): Shape {
  const screws = Array.from({ length: bolts }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.5)) / bolts;
    const [x, z] = [radius * 0.8 * Math.cos(angle), radius * 0.8 * Math.sin(angle)];
    return placed(cylinder(radius * 0.085, 0.034, 6), [x, -0.006, z]);
  });
  return merged(cylinder(radius, 0.022, 36, 0.002), ...screws);
}

/** Hand wheel on a spindle, turning about the part's Y. */
export function handWheel(part: Part, radius: number, paint: Paint = 'red'): void {
  const spoke = placed(cylinder(0.007, radius, 10), [0, 0, 0], [0, 0, -Q]);
  const spokes = [0, 1, 2].map((k) => placed(spoke, [0, 0, 0], [0, (2 * Math.PI * k) / 3, 0]));
  part.add(paint, ring(radius, 0.011), ...spokes, placed(cylinder(0.026, 0.03, 20), [0, -0.015, 0]));
  part.add('steel', placed(cylinder(0.011, 0.16, 14), [0, -0.15, 0]), placed(cylinder(0.013, 0.014, 6), [0, 0.014, 0]));
}

/** A valve's body for a pipe along X, its bonnet up; the wheel sits at the returned height. */
export function valveBody(part: Part, at: Vec3, bore: number, paint: Paint = 'castIron'): number {
  const r = bore * 1.75;
  const bonnet = turned([
    [0, 0],
    [bore * 1.3, 0],
    [bore * 1.3, bore * 0.9],
    [bore * 1.7, bore * 0.95],
    [bore * 1.7, bore * 1.3],
    [bore * 0.7, bore * 1.4],
    [bore * 0.55, bore * 2.6],
    [bore * 0.3, bore * 2.7],
    [0, bore * 2.7],
  ]);
  part.add(
    paint,
    placed(ball(bore * 1.45), at),
    placed(bonnet, [at[0], at[1] + bore * 0.5, at[2]]),
    placed(cylinder(bore * 1.15, 3.6 * bore, 28), [at[0] - 1.8 * bore, at[1], at[2]], [0, 0, -Q]),
    placed(flange(r), [at[0] - 1.8 * bore - 0.011, at[1], at[2]], [0, 0, -Q]),
    placed(flange(r), [at[0] + 1.8 * bore - 0.011, at[1], at[2]], [0, 0, -Q]),
  );
  return bore * 3.2 + 0.14;
}

/** A dial that looks along +Z; its needle is the node. Zero at seven o'clock, full at five. */
export function gauge(parent: Part, needle: string, at: Vec3, radius = 0.06): void {
  const face = parent.station.part(`${needle}-dial`, at, [0, 0, 0], parent.node);
  face.add('dark', placed(hollow(radius, radius * 0.9, 0.03), [0, 0, -0.025], [Q, 0, 0]));
  face.add('dark', placed(cylinder(radius * 0.95, 0.012), [0, 0, -0.025], [Q, 0, 0]));
  face.add('white', placed(cylinder(radius * 0.91, 0.004, 32, 0), [0, 0, -0.015], [Q, 0, 0]));
  for (let k = 0; k <= 10; k++) {
    const angle = ((225 - 27 * k) * Math.PI) / 180;
    const long = k % 5 === 0 ? 0.2 : 0.11;
    const mid = radius * (0.86 - long / 2);
    const mark = placed(box(radius * long, radius * 0.035, 0.001, 0), [0, 0, 0], [0, 0, angle]);
    face.add('black', placed(mark, [mid * Math.cos(angle), mid * Math.sin(angle), -0.0105]));
  }
  const hand = face.part(needle, [0, 0, -0.007]).moves('dial', [0, 0, 1], -1.5 * Math.PI);
  // Drawn at its zero: seven o'clock.
  const angle = (225 * Math.PI) / 180;
  const bar = placed(box(radius * 0.95, radius * 0.05, 0.0015, 0), [radius * 0.3, 0, 0]);
  hand.add('red', placed(bar, [0, 0, 0], [0, 0, angle]));
  hand.add('dark', placed(cylinder(radius * 0.1, 0.004, 16), [0, 0, -0.001], [Q, 0, 0]));
  face.add('glass', placed(cylinder(radius * 0.9, 0.001, 32, 0), [0, 0, 0.003], [Q, 0, 0]));
}

/** A push button that looks along +Z. */
export function button(parent: Part, name: string, at: Vec3, paint: Paint): void {
  parent.add('steel', placed(hollow(0.021, 0.016, 0.006), [at[0], at[1], at[2]], [Q, 0, 0]));
  parent.part(name, at).add(paint, placed(cylinder(0.0155, 0.014, 24), [0, 0, 0], [Q, 0, 0]));
}

export function mushroom(parent: Part, name: string, at: Vec3): void {
  parent.add('yellow', placed(cylinder(0.042, 0.006, 32), [at[0], at[1], at[2]], [Q, 0, 0]));
  const cap = turned([
    [0.012, 0],
    [0.012, 0.02],
    [0.026, 0.022],
    [0.028, 0.03],
    [0.022, 0.04],
    [0, 0.043],
  ]);
  parent.part(name, at).add('red', placed(cap, [0, 0, 0.006], [Q, 0, 0]));
}

export function lamp(parent: Part, name: string, at: Vec3, paint: Paint): void {
  parent.add('steel', placed(hollow(0.017, 0.0125, 0.006), [at[0], at[1], at[2]], [Q, 0, 0]));
  parent.part(name, at).add(paint, placed(ball(0.0125, 18), [0, 0, 0.004]));
}

/** A padlock with its tag, hanging; shown by clients while somebody's lock is on. Looks along +Z. */
export function padlock(parent: Part, name: string, at: Vec3): void {
  const lock = parent.part(name, at);
  lock.add('red', placed(box(0.042, 0.036, 0.02, 0.003), [0, -0.045, 0]));
  lock.add(
    'steel',
    pipe(
      [
        [-0.014, -0.03, 0],
        [-0.014, 0.004, 0],
        [0.014, 0.004, 0],
        [0.014, -0.03, 0],
      ],
      0.0035,
      0.013,
      10,
    ),
  );
  lock.add('brass', placed(cylinder(0.006, 0.004, 14), [0, -0.064, 0]));
  lock.add('white', placed(box(0.05, 0.085, 0.001, 0), [0.028, -0.115, 0.002], [0, 0, 0.12]));
  lock.add('red', placed(box(0.05, 0.02, 0.0014, 0), [0.032, -0.083, 0.002], [0, 0, 0.12]));
}

/** A lever about the part's Z, drawn pointing along `way` at its first position. */
export function lever(part: Part, way: 'up' | 'right', length = 0.16, paint: Paint = 'yellow'): void {
  const turn = way === 'up' ? 0 : -Q;
  const along = (shape: Shape) => placed(shape, [0, 0, 0], [0, 0, turn]);
  part.add('steel', placed(cylinder(0.014, 0.03, 18), [0, 0, -0.015], [Q, 0, 0]));
  part.add('steel', along(placed(box(0.018, length * 0.6, 0.006, 0.001), [0, length * 0.3, 0.012])));
  part.add(paint, along(placed(box(0.026, length * 0.5, 0.014, 0.004), [0, length * 0.75, 0.012])));
}

/** A rotary handle (isolator) that looks along +Z. */
/** A switch whose handle is upright where it is on; `rest`: how it stands when nothing turned it. */
export function rotary(parent: Part, name: string, at: Vec3, rest: 'on' | 'off' = 'on'): void {
  parent.add('yellow', placed(cylinder(0.055, 0.008, 36), [at[0], at[1], at[2]], [Q, 0, 0]));
  const handle = parent.part(name, at);
  handle.add('red', placed(cylinder(0.03, 0.025, 28), [0, 0, 0.006], [Q, 0, 0]));
  handle.add(
    'red',
    placed(rest === 'on' ? box(0.022, 0.085, 0.028, 0.005) : box(0.085, 0.022, 0.028, 0.005), [0, 0, 0.028]),
  );
}
