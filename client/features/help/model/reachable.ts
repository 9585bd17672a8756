import type { ExpertView } from '#protocol/api/help';

/** Whether a page of the hall is open for somebody. Of oneself one knows: this one is; the hall hears of it a moment later. */
export const isReachable = (expert: Pick<ExpertView, 'person' | 'isReachable'>, me: string): boolean =>
  expert.person === me || expert.isReachable;
