import { metaQuest3, XRDevice, XRReferenceSpace, XRReferenceSpaceType, type XRRigidTransform } from 'iwer';

/**
 * A headset without a headset: IWER's runtime in place of the browser's, for tests and for `npm run dev`. Loaded only
 * when the page is opened with `?xr=emulate`. Poses are metres in the emulated room, floor at 0.
 */
export function installEmulator(): XRDevice {
  offsetSpacesWork();
  const device = new XRDevice(metaQuest3, { stereoEnabled: false, fovy: 1.25 });
  device.installRuntime({ forceInstall: true });
  device.position.set(0, 1.6, 0);
  Object.assign(window, { __workhallXr: { device } });
  return device;
}

/**
 * IWER 2.5 hands the whole transform on where the matrix is expected, and the offset is lost (WebXR 7.2,
 * getOffsetReferenceSpace). Without it nobody could be moved through the room.
 */
function offsetSpacesWork(): void {
  XRReferenceSpace.prototype.getOffsetReferenceSpace = function (this: XRReferenceSpace, originOffset: unknown) {
    return new XRReferenceSpace(XRReferenceSpaceType.LocalFloor, this, (originOffset as XRRigidTransform).matrix);
  };
}
