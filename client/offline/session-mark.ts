/** Written on each kept answer: whose session asked for it. Others on this device do not get it. */
export const MARK_HEADER = 'x-workhall-session';

/** Of a session token, without keeping it: hex of its SHA-256. Only where the page is secure, as service workers are. */
export async function sessionMark(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Files by content, the same for everybody who knows their address. */
export const FILES_CACHE = 'workhall.files';
/** Answers of the hall to the pages of jobs that were taken along. */
export const PAGES_CACHE = 'workhall.pages';
/** Parts of the page that are not needed by everybody: fonts of other scripts, controllers of headsets. */
export const PARTS_CACHE = 'workhall.parts';
/** Held by every page that is in a room: no new version takes over under somebody's hands. */
export const IN_ROOM_LOCK = 'workhall.in-room';
export const TAKE_OVER = 'workhall.take-over';
