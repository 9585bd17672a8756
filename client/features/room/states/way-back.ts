import type { RoomInfo } from '#protocol/api/index';

/** The page one came from: the brief of a brief or submission room, else the project, else the hall. */
export function wayBack(info: Pick<RoomInfo, 'id' | 'purpose' | 'project' | 'brief'>): string {
  if (info.purpose === 'brief') return `/brief/${info.id}`;
  if (info.purpose === 'submission' && info.brief) return `/brief/${info.brief}`;
  return info.project ? `/project/${info.project}` : '/';
}
