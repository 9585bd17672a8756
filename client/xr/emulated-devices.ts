import { metaQuest3, type XRDeviceConfig } from 'iwer';

/** The library keeps its enumerations to itself: these are the standard's own words (WebXR AR Module 1, 2.3 and 2.5). */
type Blends = XRDeviceConfig['environmentBlendModes'];
const blending = (mode: 'alpha-blend' | 'additive'): Blends => ({ 'immersive-ar': mode }) as Blends;

/** Raw camera access is not among the library's words. */
const features = (...names: string[]) => names as XRDeviceConfig['supportedFeatures'];

/** A telephone that shows the place on its screen, with the page's own buttons over it (WebXR DOM Overlays). */
const phone: XRDeviceConfig = {
  name: 'AR phone',
  controllerConfig: undefined,
  supportedSessionModes: ['inline', 'immersive-ar'] as XRDeviceConfig['supportedSessionModes'],
  supportedFeatures: [
    ...features('viewer', 'local', 'local-floor', 'hit-test', 'anchors', 'dom-overlay'),
    ...features('camera-access', 'depth-sensing'),
  ],
  supportedFrameRates: [60],
  isSystemKeyboardSupported: true,
  internalNominalFrameRate: 60,
  environmentBlendModes: blending('alpha-blend'),
  interactionMode: 'screen-space' as XRDeviceConfig['interactionMode'],
  userAgent:
    'Mozilla/5.0 (Linux; Android 15; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36',
};

/** One small see-through display before one eye: black is transparent, no hands, no controllers, a narrow view. */
const glasses: XRDeviceConfig = {
  name: 'Monocular glasses',
  controllerConfig: undefined,
  supportedSessionModes: ['inline', 'immersive-ar'] as XRDeviceConfig['supportedSessionModes'],
  supportedFeatures: ['viewer', 'local', 'local-floor', 'hit-test', 'anchors'],
  supportedFrameRates: [60],
  isSystemKeyboardSupported: false,
  internalNominalFrameRate: 60,
  environmentBlendModes: blending('additive'),
  interactionMode: 'world-space' as XRDeviceConfig['interactionMode'],
  userAgent:
    'Mozilla/5.0 (Linux; Android 14; Glasses) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36',
};

/** By the name in the address (`?xr=emulate&device=phone`), with the height of the view, radians. */
export const EMULATED_DEVICES = {
  headset: { config: metaQuest3, fovy: 1.25 },
  phone: { config: phone, fovy: 0.95 },
  glasses: { config: glasses, fovy: 0.42 },
} as const;
export type EmulatedDevice = keyof typeof EMULATED_DEVICES;

export const isEmulatedDevice = (name: string | null): name is EmulatedDevice =>
  name !== null && Object.hasOwn(EMULATED_DEVICES, name);
