import { textOf, type Json, type JsonObject } from './loss.ts';

/** Names of VR Builder's types as they stand in its files, and how its lists and references are written. */
const CORE = 'VRBuilder.Core';
const INTERACTION = 'VRBuilder.BasicInteraction';

/** A snap zone accepts what its collider touches; the file does not say how large that is. */
export const SNAP_TOLERANCE_M = 0.05;

/** `GrabbedCondition` for `VRBuilder.BasicInteraction.Conditions.GrabbedCondition, VRBuilder.BasicInteraction`. */
export const shortType = (node: JsonObject): string => textOf(node['$type']).split(',')[0]!.split('.').at(-1)!;

/** `Behaviors.PlayAudioBehavior` of the core, or `@Conditions.GrabbedCondition` of the interaction package. */
export function typeName(name: string, suffix = ''): string {
  const assembly = name.startsWith('@') ? INTERACTION : CORE;
  return `${assembly}.${name.replace('@', '')}${suffix}, ${assembly}`;
}

export const listOf = (type: string, values: Json[]): JsonObject => ({
  $type: `System.Collections.Generic.List\`1[[${type}]], mscorlib`,
  $values: values,
});

export const guidList = (guids: string[]): JsonObject => listOf('System.Guid, mscorlib', guids);

/** An entity of theirs: its data stand inside, with a type of their own. */
export const entity = (name: string, data: JsonObject): JsonObject => ({
  $type: typeName(name),
  Data: { $type: typeName(name, '+EntityData'), ...data },
});

export const objectReference = (kind: 'Single' | 'Multiple', guids: string[]): JsonObject => ({
  $type: typeName(`SceneObjects.${kind}SceneObjectReference`),
  guids: guidList(guids),
});

/** `property` as `@Properties.IGrabbableProperty`. */
export const propertyReference = (kind: 'Single' | 'Multiple', property: string, guids: string[]): JsonObject => ({
  $type: `${CORE}.SceneObjects.${kind}ScenePropertyReference\`1[[${typeName(property)}]], ${CORE}`,
  guids: guidList(guids),
});
