import type { LaunchMethod, MoveOn } from './vocabulary.ts';

/** Text in languages: RFC 5646 tag to words. */
export type Words = Readonly<Record<string, string>>;

/** An assignable unit: what an LMS launches (13.1.4). */
export interface AssignableUnit {
  readonly kind: 'au';
  /** The publisher's. */
  readonly id: string;
  readonly title: Words;
  readonly description: Words;
  /** Ids of objectives. */
  readonly objectives: readonly string[];
  readonly url: string;
  readonly launchParameters: string | null;
  readonly entitlementKey: string | null;
  readonly moveOn: MoveOn;
  /** 0 to 1. */
  readonly masteryScore: number | null;
  readonly launchMethod: LaunchMethod;
  readonly activityType: string | null;
}
export interface Block {
  readonly kind: 'block';
  readonly id: string;
  readonly title: Words;
  readonly description: Words;
  readonly objectives: readonly string[];
  readonly members: readonly Member[];
}
export type Member = AssignableUnit | Block;

export interface CourseStructure {
  readonly id: string;
  readonly title: Words;
  readonly description: Words;
  readonly objectives: readonly { readonly id: string; readonly title: Words; readonly description: Words }[];
  readonly members: readonly Member[];
}

/** In document order: the place in this list is the AU's number. */
export function unitsOf({ members }: Pick<CourseStructure, 'members'>): AssignableUnit[] {
  return members.flatMap((member) => (member.kind === 'au' ? [member] : unitsOf(member)));
}

/** In document order, an outer block before those in it: the place in this list is the block's number. */
export function blocksOf({ members }: Pick<CourseStructure, 'members'>): Block[] {
  return members.flatMap((member) => (member.kind === 'block' ? [member, ...blocksOf(member)] : []));
}

/** Activities of a course in an LMS: ids of its own, never the publisher's (8.1.5, 9.4). `base`: of the course there. */
export const activityIds = {
  course: (base: string): string => base,
  block: (base: string, block: number): string => `${base}/blocks/${block}`,
  unit: (base: string, unit: number): string => `${base}/units/${unit}`,
};
