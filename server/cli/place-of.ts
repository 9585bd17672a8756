/**
 * An endpoint as it may stand in a terminal or a bug report: scheme, host and port. Providers put keys into the user
 * part, the path and the query, so of those it is only said that there is more.
 */
export function placeOf(url: string): string {
  const { protocol, host, pathname, search, username } = new URL(url);
  const isMore = username !== '' || search !== '' || pathname.length > 1;
  return `${protocol}//${host}${isMore ? '/…' : ''}`;
}
