import { useEffect, useState } from 'react';

/** Whether this device opens such a session; with `?xr=emulate` an emulated one does (`&device=phone|glasses`). */
export function useSupportsXr(mode: 'immersive-vr' | 'immersive-ar'): boolean {
  const [isSupported, setSupported] = useState(false);
  useEffect(() => {
    let isOver = false;
    const look = async () => {
      const search = new URLSearchParams(location.search);
      if (search.get('xr') === 'emulate') {
        const { installEmulator, isEmulatedDevice } = await import('../../xr/emulator.ts');
        const wanted = search.get('device');
        if (!('__workhallXr' in window)) installEmulator(isEmulatedDevice(wanted) ? wanted : 'headset');
      }
      const answer = (await navigator.xr?.isSessionSupported(mode).catch(() => false)) ?? false;
      if (!isOver) setSupported(answer);
    };
    void look();
    return () => void (isOver = true);
  }, [mode]);
  return isSupported;
}
