import { gate, lying, part, standing, type SampleJob } from './sample-job.ts';

/** Isolation with pictures, values measured by hand, a torque, a clip of the seal under pressure, and a second person who looks at it before the pump goes back. */
export const PUMP_SEAL_JOB: SampleJob = {
  procedure: 'pump-seal',
  productType: 'PUMP-SKID-50',
  title: 'New shaft seal, pump skid',
  gates: [
    gate.photo('lock', 'Main switch off, with padlock and tag', '主开关断开并已上锁挂牌', 'breaker-locked'),
    gate.photo('inspect', 'The seat of the seal, cleaned', '清洁后的密封座', null),
    gate.aligned('take-out', 0.02),
    gate.scan('fit-ring', 'o-ring'),
    gate.scan('fit-seal', 'seal-cartridge'),
    gate.photo('guard-on', 'The guard with its screws', '装好的护罩及螺钉', 'guard-on'),
    gate.clip('leak', 'The seal under pressure, some seconds', '带压状态下的机封，数秒'),
    gate.second('hand-over'),
  ],
  kit: [part('o-ring', 'OR-88X3-FKM', 'lot'), part('seal-cartridge', 'MS-45-CART', 'serial')],
  stations: [
    {
      name: 'Pump skid 1',
      mark: 'P1',
      tools: ['wrench-m10'],
      firstTag: 24,
      // On the frame before the pump, on two boards beside it, below the panel and at its right.
      sheets: [
        lying(0.3, 0.15, 0.36),
        standing(-0.16, 0.34, 0.28),
        standing(0.82, 0.36, 0.3),
        standing(1.48, 0.74, 0.68),
        standing(1.9, 1.0, 0.66),
      ],
    },
  ],
};
