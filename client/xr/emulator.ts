import { XRDevice, XRReferenceSpace, XRReferenceSpaceType, type XRRigidTransform } from 'iwer';
import { EMULATED_DEVICES, type EmulatedDevice } from './emulated-devices.ts';

export { isEmulatedDevice } from './emulated-devices.ts';

/**
 * A headset without a headset: IWER's runtime in place of the browser's, for tests and for `npm run dev`. Loaded only
 * when the page is opened with `?xr=emulate`. Poses are metres in the emulated room, floor at 0.
 */
export function installEmulator(kind: EmulatedDevice = 'headset'): XRDevice {
  offsetSpacesWork();
  const { config, fovy } = EMULATED_DEVICES[kind];
  const device = new XRDevice(config, { stereoEnabled: false, fovy });
  device.installRuntime({ forceInstall: true });
  if (config.supportedFeatures.includes('dom-overlay')) overlaysShow();
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

/**
 * IWER grants `dom-overlay` and shows nothing of it. The element that a page hands over stands over the picture, as on a
 * telephone (WebXR DOM Overlays 2.2), and the session says so.
 */
function overlaysShow(): void {
  const system = navigator.xr!;
  const request = system.requestSession.bind(system);
  system.requestSession = async (mode, init) => {
    const session = await request(mode, init);
    const root = (init as { domOverlay?: { root: HTMLElement } } | undefined)?.domOverlay?.root;
    if (root) {
      Object.assign(session, { domOverlayState: { type: 'screen' } });
      const { zIndex } = root.style;
      root.style.zIndex = '1000';
      session.addEventListener('end', () => (root.style.zIndex = zIndex));
    }
    return session;
  };
}
