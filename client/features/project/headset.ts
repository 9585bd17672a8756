import { useEffect, useState } from 'react';

interface XrSystem {
  isSessionSupported(mode: 'immersive-vr'): Promise<boolean>;
}

/** Whether this browser runs in, or is wired to, a headset (WebXR, isSessionSupported). */
export function useHeadset(): boolean {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    const xr = (navigator as { xr?: XrSystem }).xr;
    let isMounted = true;
    xr?.isSessionSupported('immersive-vr').then(
      (supported) => {
        if (isMounted) setThere(supported);
      },
      () => setThere(false), // a permission policy may forbid asking
    );
    return () => {
      isMounted = false;
    };
  }, []);
  return isThere;
}
