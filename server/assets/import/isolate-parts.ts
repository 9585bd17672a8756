/**
 * Rewrites a STEP file so that the kernel sees each product once and by itself.
 *
 * The kernel's reader bakes every occurrence of a part, and looks up the colour of each of its faces among all labels: 2 000 parts
 * from 40 designs took 90 s. Without the occurrences (NEXT_ASSEMBLY_USAGE_OCCURRENCE, CONTEXT_DEPENDENT_SHAPE_REPRESENTATION
 * and the relation it names) every product is a root, and the 40 designs take under a second; the places come from
 * the text. Products are renamed to keys, so that the meshes find their way back.
 */
import { StepRef } from './step-entities.ts';
import type { StepProduct, StepStructure } from './step-products.ts';

export interface IsolatedParts {
  readonly bytes: Uint8Array;
  readonly productOf: ReadonlyMap<string, StepProduct>;
}

/** Undefined where the parts cannot be told apart without their occurrences. */
export function isolateParts({ entities, all }: StepStructure): IsolatedParts | undefined {
  const usages = entities.ofType('NEXT_ASSEMBLY_USAGE_OCCURRENCE');
  // A colour given to one occurrence of a part is lost when the occurrence is.
  const hasOwnStyles =
    entities.ofType('CONTEXT_DEPENDENT_OVER_RIDING_STYLED_ITEM').length +
      entities.ofType('OVER_RIDING_STYLED_ITEM').length >
    0;
  if (usages.length === 0 || hasOwnStyles) return undefined;

  const edits = new Map<number, string>();
  for (const id of usages) edits.set(id, '');
  for (const id of entities.ofType('CONTEXT_DEPENDENT_SHAPE_REPRESENTATION')) {
    edits.set(id, '');
    for (const value of entities.params(id, 'CONTEXT_DEPENDENT_SHAPE_REPRESENTATION') ?? [])
      if (value instanceof StepRef) edits.set(value.id, '');
  }
  const productOf = new Map<string, StepProduct>();
  for (const product of all) {
    if (product.entity === undefined || edits.has(product.entity)) return undefined;
    const contexts = entities.params(product.entity, 'PRODUCT')?.[3];
    if (!Array.isArray(contexts)) return undefined;
    const key = `WH${product.definition}`;
    const references = contexts.filter((context) => context instanceof StepRef).map((context) => `#${context.id}`);
    edits.set(product.entity, `#${product.entity}=PRODUCT('${key}','${key}','',(${references.join()}));`);
    productOf.set(key, product);
  }
  return { bytes: entities.rewrite(edits), productOf };
}
