/**
 * Asks the other side to send next to nothing while it is silent (RFC 7587, 6.1: `usedtx` tells what the receiver
 * prefers, so it goes into the description that comes from there).
 */
export function withDtx(sdp: string): string {
  const opus = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (!opus) return sdp;
  return sdp.replaceAll(new RegExp(`^(a=fmtp:${opus} )(?!.*usedtx)(.*)$`, 'gm'), '$1usedtx=1;$2');
}
