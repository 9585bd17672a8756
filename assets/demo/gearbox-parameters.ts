/** Everything that can be changed about the demo gearbox; the other dimensions follow. Millimetres, degrees. */
export interface GearboxParameters {
  readonly moduleMm: number;
  readonly sunTeeth: number;
  readonly planetTeeth: number;
  readonly planets: number;
  readonly faceWidthMm: number;
  readonly pressureAngleDeg: number;
  /** Screws that clamp the covers to the ring. */
  readonly flangeBolts: number;
  /** A trade-fair model: the housing opened so that the gears show. */
  readonly isCutaway: boolean;
}

export const DEFAULTS: GearboxParameters = {
  moduleMm: 2,
  sunTeeth: 18,
  planetTeeth: 27,
  planets: 3,
  faceWidthMm: 20,
  pressureAngleDeg: 20,
  flangeBolts: 12,
  isCutaway: false,
};

export interface Mesh {
  readonly ringTeeth: number;
  readonly ratio: number;
  readonly centreDistanceMm: number;
  /** Turn of each planet about its own axis, and of the ring, so that all teeth meet spaces. */
  readonly planetTurnDeg: readonly number[];
  readonly ringTurnDeg: number;
}

/** @throws Error when the gears cannot be assembled: the planets must meet both sun and ring in phase, and must not touch. */
export function meshOf(p: GearboxParameters): Mesh {
  const ringTeeth = p.sunTeeth + 2 * p.planetTeeth;
  if ((p.sunTeeth + ringTeeth) % p.planets !== 0)
    throw new Error(`${p.planets} planets cannot be spaced evenly: ${p.sunTeeth} + ${ringTeeth} teeth are no multiple`);
  const centreDistanceMm = (p.moduleMm * (p.sunTeeth + p.planetTeeth)) / 2;
  if (2 * centreDistanceMm * Math.sin(Math.PI / p.planets) <= p.moduleMm * (p.planetTeeth + 2))
    throw new Error('neighbouring planets would touch');
  const pitchDeg = 360 / p.planetTeeth;
  // At the line of centres a tooth of one gear meets a space of the other: the phases add up to half a pitch.
  const planetTurnDeg = Array.from({ length: p.planets }, (_, index) => {
    const atDeg = (360 * index) / p.planets;
    const sunPhase = (atDeg * p.sunTeeth) / 360;
    return atDeg + 180 - (0.5 - sunPhase) * pitchDeg;
  });
  // A ring space and a planet tooth run the same way: equal phases at the outer end of the first planet.
  const ringTurnDeg = planetTurnDeg[0]! * (p.planetTeeth / ringTeeth);
  return { ringTeeth, ratio: 1 + ringTeeth / p.sunTeeth, centreDistanceMm, planetTurnDeg, ringTurnDeg };
}
