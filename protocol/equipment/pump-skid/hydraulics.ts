import { PA_PER_M } from '../water.ts';
import { headM, PUMP } from './pump-curve.ts';

/** Pipes and valves of the skid. Heads in metres above the atmosphere at the pump's centre line. */
export const SKID = {
  tankAreaM2: 2.5,
  tankHeightM: 2.4,
  /** Bottom of the tank above the pump. */
  tankAboveM: 0.5,
  /** The header that the pump delivers to. */
  staticM: 20,
  suctionLine: 3110,
  dischargeLine: (12 * 3600 * 3600) / (50 * 50),
  kv: { suction: 250, discharge: 60, bypass: 6, relief: 20, leak: 0.6 },
  reliefSetM: 650_000 / PA_PER_M,
  /** Fully open 10 % above its set pressure. */
  reliefAccumulation: 0.1,
} as const;

/** Resistance k in `head = k Q2` of a valve with this flow coefficient: `Q [m3/h] = Kv sqrt(dp [bar])` (IEC 60534-2-1). */
export function resistanceOf(kv: number): number {
  const perKv = 3600 / Math.max(kv, 0.001);
  return (100_000 / PA_PER_M) * perKv * perKv;
}

export interface Network {
  /** Speed times diameter, shares of the rated ones. */
  readonly speed: number;
  /** What cavitation and gas leave of the head. */
  readonly headLeft: number;
  /** Surface of the tank. */
  readonly surfaceM: number;
  /** Resistances; a shut valve has a very large one. */
  readonly suction: number;
  readonly discharge: number;
  readonly bypass: number;
  readonly leak: number;
  /** More than this the suction cannot give: the water boils. m3/s. */
  readonly mostM3s: number;
}

export interface Flows {
  /** At the pump's outlet. */
  readonly headM: number;
  readonly dischargeM3s: number;
  readonly bypassM3s: number;
  readonly reliefM3s: number;
  readonly leakM3s: number;
}

const HALVINGS = 40;
/** Below this opening a valve is shut. */
const SHUT = 0.003;

/** Kv by opening: gate and butterfly straight, globe by its square (between linear and equal percentage). */
export const kvOf = (most: number, opening: number, isGlobe: boolean): number =>
  opening < SHUT ? 0 : most * (isGlobe ? opening * opening : opening);

export const flowThrough = (differenceM: number, resistance: number): number =>
  differenceM > 0 ? Math.sqrt(differenceM / resistance) : 0;

export function reliefLift(head: number): number {
  const over = (head - SKID.reliefSetM) / (SKID.reliefSetM * SKID.reliefAccumulation);
  return over < 0 ? 0 : over > 1 ? 1 : over;
}

/**
 * The head at which what the pump gives is what the branches take: both are monotone, so halving the interval always
 * gets there, in the same number of steps everywhere. The check valve lets nothing back.
 */
export function balance(net: Network): Flows {
  const shutOff = PUMP.shutOffHeadM * net.speed * net.speed * net.headLeft;
  const resistance = PUMP.slope * net.headLeft + net.suction;
  let [low, high] = [net.surfaceM - 12, net.surfaceM + shutOff];
  for (let i = 0; i < HALVINGS; i++) {
    const head = (low + high) / 2;
    const given = Math.min(net.mostM3s, flowThrough(net.surfaceM + shutOff - head, resistance));
    if (given > total(branches(net, head))) low = head;
    else high = head;
  }
  return branches(net, (low + high) / 2);
}

function branches(net: Network, head: number): Flows {
  const lift = reliefLift(head);
  return {
    headM: head,
    dischargeM3s: flowThrough(head - SKID.staticM, net.discharge),
    bypassM3s: flowThrough(head - net.surfaceM, net.bypass),
    reliefM3s: lift > 0 ? flowThrough(head - net.surfaceM, resistanceOf(SKID.kv.relief * lift)) : 0,
    leakM3s: flowThrough(head, net.leak),
  };
}

export const total = (flows: Omit<Flows, 'headM'>): number =>
  flows.dischargeM3s + flows.bypassM3s + flows.reliefM3s + flows.leakM3s;

/** Where pump and system meet without waiting for anything to settle: for tests and for the guide's picture. */
export const steadyHeadM = (net: Network): { head: number; flowM3s: number } => {
  const flows = balance(net);
  return { head: headM(total(flows), net.speed) * net.headLeft, flowM3s: total(flows) };
};
