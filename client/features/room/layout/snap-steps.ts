const RAD = Math.PI / 180;

/** Steps of snapping as people read and write them: mm to a thousandth, degrees to a thousandth. */
export const millimetresOf = (stepM: number): number => Math.round(stepM * 1e6) / 1e3;
export const degreesOf = (stepRad: number): number => Math.round((stepRad / RAD) * 1e3) / 1e3;
export const radOf = (degrees: number): number => degrees * RAD;
