import type { Participant, ServerMessages } from '#protocol/room/index';

/** The roster after news: everybody keeps their place, newcomers stand at the end. */
export function withNews(
  roster: readonly Participant[],
  { now, gone }: ServerMessages['roster.news'],
): readonly Participant[] {
  const news = new Map(now.map((one) => [one.session, one]));
  const kept = roster.filter(({ session }) => !gone.includes(session));
  const sessions = new Set(kept.map(({ session }) => session));
  return [...kept.map((one) => news.get(one.session) ?? one), ...now.filter(({ session }) => !sessions.has(session))];
}
