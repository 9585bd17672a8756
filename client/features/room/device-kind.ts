import type { Device } from '#protocol/room/index';

/** What the roster shows of this device. Browsers in headsets name themselves; phones have a coarse pointer only. */
export function deviceKind(
  agent: string = navigator.userAgent,
  isCoarse: boolean = matchMedia('(pointer: coarse) and (hover: none)').matches,
): Device {
  if (/OculusBrowser|PicoBrowser|Quest|Wolvic|VisionOS/i.test(agent)) return 'headset';
  if (/MagicLeap|HoloLens|XREAL|Spectacles/i.test(agent)) return 'glasses';
  return isCoarse ? 'phone' : 'desktop';
}
