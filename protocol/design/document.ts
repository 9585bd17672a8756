import { table, type Document } from '../document/document.ts';
import type { CommentId, PartId, SubmissionId } from '../ids.ts';
import { composePose, IDENTITY_POSE, type Pose } from '../spatial/pose.ts';
import type { Brief, Rating, Submission } from './brief.ts';
import type { Comment } from './comment.ts';
import type { Part } from './part.ts';

/** Typed reading of a design document. Tables: parts, comments, brief (one row), submissions, ratings. */
export const BRIEF_ROW = 'brief';
export const ratingRow = (submission: string, rater: string) => `${submission}:${rater}`;

const rows = <T>(document: Document, name: string) =>
  table(document, name) as unknown as import('immutable').Map<string, T>;

export const partsOf = (document: Document) => rows<Part>(document, 'parts');
export const commentsOf = (document: Document) => rows<Comment>(document, 'comments');
export const submissionsOf = (document: Document) => rows<Submission>(document, 'submissions');
export const ratingsOf = (document: Document) => rows<Rating>(document, 'ratings');
export const briefOf = (document: Document) => rows<Brief>(document, 'brief').get(BRIEF_ROW);

export const partOf = (document: Document, id: PartId) => partsOf(document).get(id);
export const commentOf = (document: Document, id: CommentId) => commentsOf(document).get(id);
export const submissionOf = (document: Document, id: SubmissionId) => submissionsOf(document).get(id);

/** Children of a group (null: the top), in the order people gave them. */
export function childrenOf(document: Document, parent: PartId | null): Part[] {
  const ids = document.children.get(parent ?? '');
  if (!ids) return [];
  const parts = partsOf(document);
  return [...ids.keys()]
    .map((id) => parts.get(id)!)
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1));
}

/** The part and everything below it, parents first. */
export function subtreeOf(document: Document, id: PartId): Part[] {
  const root = partOf(document, id);
  if (!root) return [];
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...childrenOf(document, found[i]!.id));
  return found;
}

/** From the part up to the top, the part first. */
export function ancestryOf(document: Document, id: PartId): Part[] {
  const chain: Part[] = [];
  for (let part = partOf(document, id); part; part = part.parent === null ? undefined : partOf(document, part.parent))
    chain.push(part);
  return chain;
}

export function poseInRoom(document: Document, id: PartId): Pose {
  return ancestryOf(document, id).reduceRight((pose, part) => composePose(pose, part.poseInParent), IDENTITY_POSE);
}
