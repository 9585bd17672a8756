/**
 * The product structure written in a STEP file (ISO 10303-44): products, which product stands where in which, and how
 * many bodies each has. The CAD kernel's reader bakes the placements into the meshes; here they are read from the text.
 *
 * Placement of an occurrence (part 43, `item_defined_transformation`): the frame `transform_item_1` of the child's
 * representation comes to lie on `transform_item_2` of the parent's.
 */
import { StepEntities, StepEnum, StepRef, StepTyped } from './step-entities.ts';
import type { StepValue } from './step-entities.ts';
import { fromAxes, invertTransform, multiplyTransforms } from './rigid.ts';
import type { Rigid } from './rigid.ts';

export interface StepOccurrence {
  readonly name: string;
  readonly product: StepProduct;
  /** Millimetres, in the parent product's frame. */
  readonly placement: Rigid;
}
export interface StepProduct {
  /** Entity ids of its PRODUCT_DEFINITION and its PRODUCT. */
  readonly definition: number;
  readonly entity: number | undefined;
  readonly id: string;
  readonly name: string;
  readonly children: StepOccurrence[];
  /** Solids and free shells of its own shape, each of which the kernel's reader turns into one mesh. */
  bodies: number;
}

const TYPES = new Set([
  'PRODUCT_DEFINITION',
  'PRODUCT_DEFINITION_WITH_ASSOCIATED_DOCUMENTS',
  'NEXT_ASSEMBLY_USAGE_OCCURRENCE',
  'CONTEXT_DEPENDENT_SHAPE_REPRESENTATION',
  'SHAPE_DEFINITION_REPRESENTATION',
  'SHAPE_REPRESENTATION_RELATIONSHIP',
  'OVER_RIDING_STYLED_ITEM',
  'CONTEXT_DEPENDENT_OVER_RIDING_STYLED_ITEM',
]);
const SHAPE_TYPES = [
  'SHAPE_REPRESENTATION',
  'ADVANCED_BREP_SHAPE_REPRESENTATION',
  'FACETED_BREP_SHAPE_REPRESENTATION',
  'MANIFOLD_SURFACE_SHAPE_REPRESENTATION',
  'GEOMETRICALLY_BOUNDED_SURFACE_SHAPE_REPRESENTATION',
  'GEOMETRICALLY_BOUNDED_WIREFRAME_SHAPE_REPRESENTATION',
  'TESSELLATED_SHAPE_REPRESENTATION',
  'REPRESENTATION',
];
const SOLID_TYPES = ['MANIFOLD_SOLID_BREP', 'BREP_WITH_VOIDS', 'FACETED_BREP'];
const MAX_LEVELS = 64;

export interface StepStructure {
  readonly entities: StepEntities;
  readonly roots: StepProduct[];
  readonly all: StepProduct[];
}

/** The product structure, or undefined where the text has none that can be used. */
export function readStepProducts(bytes: Uint8Array): StepStructure | undefined {
  const entities = new StepEntities(bytes, TYPES);
  const definitions = [
    ...entities.ofType('PRODUCT_DEFINITION'),
    ...entities.ofType('PRODUCT_DEFINITION_WITH_ASSOCIATED_DOCUMENTS'),
  ];
  if (definitions.length === 0) return undefined;
  const products = new Map(definitions.map((id) => [id, readProduct(entities, id)]));
  const shapes = new Shapes(entities);
  for (const [id, product] of products) product.bodies = shapes.countBodies(id);

  const placements = readPlacements(entities, shapes);
  const isChild = new Set<number>();
  for (const usage of [...entities.ofType('NEXT_ASSEMBLY_USAGE_OCCURRENCE')].sort((a, b) => a - b)) {
    const [id, name, , above, below] = entities.params(usage, 'NEXT_ASSEMBLY_USAGE_OCCURRENCE') ?? [];
    const parent = above instanceof StepRef ? products.get(above.id) : undefined;
    const child = below instanceof StepRef ? products.get(below.id) : undefined;
    const placement = placements.get(usage);
    if (!parent || !child || !placement || !(below instanceof StepRef)) return undefined;
    parent.children.push({ name: text(name) || text(id), product: child, placement });
    isChild.add(below.id);
  }
  const roots = definitions.filter((id) => !isChild.has(id)).map((id) => products.get(id)!);
  const used = roots.filter((root) => root.bodies > 0 || root.children.length > 0);
  return used.length > 0 ? { entities, roots: used, all: [...products.values()] } : undefined;
}

function readProduct(entities: StepEntities, definition: number): StepProduct {
  const formation = entities.params(
    definition,
    'PRODUCT_DEFINITION',
    'PRODUCT_DEFINITION_WITH_ASSOCIATED_DOCUMENTS',
  )?.[2];
  const product =
    formation instanceof StepRef
      ? entities.params(
          formation.id,
          'PRODUCT_DEFINITION_FORMATION',
          'PRODUCT_DEFINITION_FORMATION_WITH_SPECIFIED_SOURCE',
        )?.[2]
      : undefined;
  const [id, name] = product instanceof StepRef ? (entities.params(product.id, 'PRODUCT') ?? []) : [];
  const entity = product instanceof StepRef ? product.id : undefined;
  return {
    definition,
    entity,
    id: text(id) || text(name) || `#${definition}`,
    name: text(name) || text(id),
    children: [],
    bodies: 0,
  };
}

/** Which representations belong to which product definition, and the bodies in them. */
class Shapes {
  readonly #entities: StepEntities;
  readonly #ofDefinition = new Map<number, number[]>();
  readonly #linked = new Map<number, number[]>();

  constructor(entities: StepEntities) {
    this.#entities = entities;
    for (const id of entities.ofType('SHAPE_DEFINITION_REPRESENTATION')) {
      const [shape, representation] = entities.params(id, 'SHAPE_DEFINITION_REPRESENTATION') ?? [];
      const definition =
        shape instanceof StepRef ? entities.params(shape.id, 'PRODUCT_DEFINITION_SHAPE')?.[2] : undefined;
      if (definition instanceof StepRef && representation instanceof StepRef)
        add(this.#ofDefinition, definition.id, representation.id);
    }
    for (const id of entities.ofType('SHAPE_REPRESENTATION_RELATIONSHIP')) {
      const records = entities.records(id);
      if (records.some((record) => record.type === 'REPRESENTATION_RELATIONSHIP_WITH_TRANSFORMATION')) continue;
      const ends = records.find((record) => record.values.length >= 4)?.values;
      const [one, two] = [ends?.[2], ends?.[3]];
      if (!(one instanceof StepRef) || !(two instanceof StepRef)) continue;
      add(this.#linked, one.id, two.id);
      add(this.#linked, two.id, one.id);
    }
  }

  /** Representations of a product: its own and those that simply stand for the same shape. */
  of(definition: number): ReadonlySet<number> {
    const found = new Set(this.#ofDefinition.get(definition));
    for (const id of found) for (const other of this.#linked.get(id) ?? []) found.add(other);
    return found;
  }

  countBodies(definition: number): number {
    let count = 0;
    for (const id of this.of(definition)) count += this.#countIn(id, 0);
    return count;
  }

  #countIn(representation: number, level: number): number {
    const items = this.#entities.params(representation, ...SHAPE_TYPES)?.[1];
    if (!Array.isArray(items) || level > MAX_LEVELS) return 0;
    return (items as StepValue[]).reduce<number>(
      (sum, item) => sum + (item instanceof StepRef ? this.#countItem(item.id, level) : 0),
      0,
    );
  }

  #countItem(id: number, level: number): number {
    for (const record of this.#entities.records(id)) {
      if (SOLID_TYPES.includes(record.type)) return 1;
      if (record.type === 'SHELL_BASED_SURFACE_MODEL')
        return Array.isArray(record.values[1]) ? record.values[1].length : 0;
      if (record.type !== 'MAPPED_ITEM' || !(record.values[1] instanceof StepRef)) continue;
      const mapped = this.#entities.params(record.values[1].id, 'REPRESENTATION_MAP')?.[1];
      return mapped instanceof StepRef ? this.#countIn(mapped.id, level + 1) : 0;
    }
    return 0;
  }
}

/** Usage occurrence -> placement of the child in its parent, millimetres. */
function readPlacements(entities: StepEntities, shapes: Shapes): Map<number, Rigid> {
  const placements = new Map<number, Rigid>();
  const units = new Map<number, number>();
  for (const id of entities.ofType('CONTEXT_DEPENDENT_SHAPE_REPRESENTATION')) {
    const [relation, shape] = entities.params(id, 'CONTEXT_DEPENDENT_SHAPE_REPRESENTATION') ?? [];
    if (!(relation instanceof StepRef) || !(shape instanceof StepRef)) continue;
    const usage = entities.params(shape.id, 'PRODUCT_DEFINITION_SHAPE')?.[2];
    const records = entities.records(relation.id);
    const ends = records.find(
      (r) =>
        r.type === 'REPRESENTATION_RELATIONSHIP' ||
        (r.type === 'SHAPE_REPRESENTATION_RELATIONSHIP' && r.values.length >= 4),
    )?.values;
    const how = records.find((r) => r.type === 'REPRESENTATION_RELATIONSHIP_WITH_TRANSFORMATION')?.values.at(-1);
    if (!(usage instanceof StepRef) || !ends || !(how instanceof StepRef)) continue;
    const [, , itemOne, itemTwo] = entities.params(how.id, 'ITEM_DEFINED_TRANSFORMATION') ?? [];
    const [one, two] = [ends[2], ends[3]];
    if (
      !(itemOne instanceof StepRef) ||
      !(itemTwo instanceof StepRef) ||
      !(one instanceof StepRef) ||
      !(two instanceof StepRef)
    )
      continue;
    const first = readAxes(entities, itemOne.id, unitOf(entities, one.id, units));
    const second = readAxes(entities, itemTwo.id, unitOf(entities, two.id, units));
    if (!first || !second) continue;
    const parent = entities.params(usage.id, 'NEXT_ASSEMBLY_USAGE_OCCURRENCE')?.[3];
    // Some programs write the relation from parent to child: the parent's representation then stands first.
    const isReversed =
      parent instanceof StepRef && shapes.of(parent.id).has(one.id) && !shapes.of(parent.id).has(two.id);
    placements.set(
      usage.id,
      isReversed
        ? multiplyTransforms(first, invertTransform(second))
        : multiplyTransforms(second, invertTransform(first)),
    );
  }
  return placements;
}

function readAxes(entities: StepEntities, id: number, unitMm: number): Rigid | undefined {
  const [, location, axis, reference] = entities.params(id, 'AXIS2_PLACEMENT_3D') ?? [];
  const origin = location instanceof StepRef ? triple(entities.params(location.id, 'CARTESIAN_POINT')?.[1]) : undefined;
  if (!origin) return undefined;
  const direction = (ref: StepValue | undefined) =>
    ref instanceof StepRef ? triple(entities.params(ref.id, 'DIRECTION')?.[1]) : undefined;
  return fromAxes(
    [origin[0] * unitMm, origin[1] * unitMm, origin[2] * unitMm],
    direction(axis) ?? [0, 0, 1],
    direction(reference) ?? [1, 0, 0],
  );
}

const SI_PREFIX: Readonly<Record<string, number>> = { MICRO: 1e-3, MILLI: 1, CENTI: 10, DECI: 100, KILO: 1e6 };

/** Length unit of a representation in millimetres. */
function unitOf(entities: StepEntities, representation: number, cache: Map<number, number>): number {
  const context = entities.params(representation, ...SHAPE_TYPES)?.[2];
  if (!(context instanceof StepRef)) return 1;
  const known = cache.get(context.id);
  if (known !== undefined) return known;
  const units = entities.params(context.id, 'GLOBAL_UNIT_ASSIGNED_CONTEXT')?.[0];
  const lengths = (Array.isArray(units) ? (units as StepValue[]) : []).map((unit) =>
    unit instanceof StepRef ? lengthUnitMm(entities, unit.id, 0) : undefined,
  );
  const unitMm = lengths.find((unit) => unit !== undefined) ?? 1;
  cache.set(context.id, unitMm);
  return unitMm;
}

function lengthUnitMm(entities: StepEntities, id: number, level: number): number | undefined {
  const records = entities.records(id);
  if (!records.some((record) => record.type === 'LENGTH_UNIT') || level > 8) return undefined;
  const si = records.find((record) => record.type === 'SI_UNIT');
  if (si) return si.values[0] instanceof StepEnum ? SI_PREFIX[si.values[0].name] : 1000;
  const measure = records.find((record) => record.type === 'CONVERSION_BASED_UNIT')?.values[1];
  const [value, base] =
    measure instanceof StepRef
      ? (entities.params(measure.id, 'LENGTH_MEASURE_WITH_UNIT', 'MEASURE_WITH_UNIT') ?? [])
      : [];
  const factor = value instanceof StepTyped ? value.values[0] : value;
  const baseMm = base instanceof StepRef ? lengthUnitMm(entities, base.id, level + 1) : undefined;
  return typeof factor === 'number' && baseMm !== undefined ? factor * baseMm : undefined;
}

/** The unit a person would name: that of the first representation with one. */
export function readStepUnitMm(bytes: Uint8Array): number {
  const head = new TextDecoder('latin1').decode(bytes);
  if (/CONVERSION_BASED_UNIT\s*\(\s*'INCH'/i.test(head)) return 25.4;
  if (/CONVERSION_BASED_UNIT\s*\(\s*'FOOT'/i.test(head)) return 304.8;
  const si =
    /LENGTH_UNIT\s*\(\s*\)\s*NAMED_UNIT\s*\([^)]*\)\s*SI_UNIT\s*\(\s*(?:\.(\w+)\.|\$)\s*,\s*\.METRE\.\s*\)/.exec(head);
  return si ? (si[1] ? (SI_PREFIX[si[1]] ?? 1) : 1000) : 1;
}

/** Parts a product places when all its assemblies are opened out; Infinity where it contains itself. */
export function countPlacedBodies(product: StepProduct, known = new Map<StepProduct, number>()): number {
  const count = known.get(product);
  if (count !== undefined) return count;
  known.set(product, Infinity);
  const total = product.children.reduce((sum, child) => sum + countPlacedBodies(child.product, known), product.bodies);
  known.set(product, total);
  return total;
}

function text(value: StepValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function triple(value: StepValue | undefined): [number, number, number] | undefined {
  if (!Array.isArray(value) || value.length < 3) return undefined;
  const [x, y, z] = value as StepValue[];
  return typeof x === 'number' && typeof y === 'number' && typeof z === 'number' ? [x, y, z] : undefined;
}

function add(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
