import { metaQuest3, XRDevice } from 'iwer';

/**
 * A headset without a headset: IWER's runtime in place of the browser's, for tests and for `npm run dev`. Loaded only
 * when the page is opened with `?xr=emulate`. Poses are metres in the emulated room, floor at 0.
 */
export function installEmulator(): XRDevice {
  const device = new XRDevice(metaQuest3, { stereoEnabled: false });
  device.installRuntime({ forceInstall: true });
  device.position.set(0, 1.6, 0);
  Object.assign(window, { __workhallXr: { device } });
  return device;
}
