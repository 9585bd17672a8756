import type { Document } from '#protocol/document/index';
import { commentsOf, type Comment } from '#protocol/design/index';

export interface NumberedComment {
  /** As on the pin in 3D: in the order of making, from 1. */
  readonly number: number;
  readonly comment: Comment;
}

export type CommentFilter = 'open' | 'resolved' | 'all';

/** Numbers stay what they are whatever is filtered. Newest first, because that is what one comes back for. */
export function numberedComments(document: Document, filter: CommentFilter): NumberedComment[] {
  return [...commentsOf(document).values()]
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map((comment, index) => ({ number: index + 1, comment }))
    .filter(({ comment }) => filter === 'all' || comment.resolved === (filter === 'resolved'))
    .reverse();
}
