import type { CameraStanding } from '#protocol/room/index';

export const WHY_NO_PICTURE = [
  'voiceOff',
  'noCall',
  'absent',
  'opening',
  'forbidden',
  'none',
  'busy',
  'insecure',
  'off',
  'muted',
  'lost',
  'blocked',
  'coming',
] as const;
export type WhyNoPicture = (typeof WHY_NO_PICTURE)[number];

/** A connection that has not come about in so long is blocked on its way, ms. */
export const BLOCKED_AFTER_MS = 12_000;

interface Facts {
  readonly isVoiceOff: boolean;
  readonly isGoing: boolean;
  /** Somebody of the crew has the job's page open. */
  readonly isCrewHere: boolean;
  /** What their page says of its camera; undefined: nothing yet. */
  readonly standing: CameraStanding | undefined;
  /** For a connection that does not stand yet, ms. */
  readonly waitedMs: number;
}

/** Why no picture comes, the reason that can be mended first. */
export function whyNoPicture({ isVoiceOff, isGoing, isCrewHere, standing, waitedMs }: Facts): WhyNoPicture {
  if (!isGoing) return 'noCall';
  if (isVoiceOff) return 'voiceOff';
  if (!isCrewHere) return 'absent';
  if (standing !== undefined && standing !== 'on') return standing;
  return waitedMs >= BLOCKED_AFTER_MS ? 'blocked' : 'coming';
}
