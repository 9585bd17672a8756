import { gate, lying, part, standing, type SampleJob, type SampleStation } from './sample-job.ts';

const TOOLS = ['wrench-m8', 'wrench-m6', 'wrench-plug'];
/** Left and right of the gearbox on the bench, and on the board behind it: one is seen from everywhere. */
const SHEETS = [lying(-0.28, 0, 0.02), lying(0.28, 0, 0.02), standing(0, 0.37, -0.3)];

const bench = (number: number): SampleStation => ({
  name: `Gearbox bench ${number}`,
  mark: `G${number}`,
  tools: TOOLS,
  firstTag: (number - 1) * 12,
  sheets: SHEETS,
});

/** Thirty steps, seven of them with torque; bearings and seals are read before they go in. */
export const GEARBOX_JOB: SampleJob = {
  procedure: 'gearbox-assembly',
  productType: 'GEARBOX-P5',
  title: 'Planetary gearbox 5 : 1',
  gates: [
    gate.aligned('foot', 0.01),
    gate.scan('seal-20', 'seal-20'),
    gate.scan('bearing-6204', 'bearing-6204'),
    gate.scan('ring', 'ring'),
    gate.photo(
      'plate-torque',
      'The carrier with its three screws, from the input side',
      '行星架及三颗螺钉，输入侧视图',
      'carrier-done',
    ),
    gate.scan('bearings', 'bearing-6208-1'),
    gate.scan('bearings', 'bearing-6208-2'),
    gate.scan('seal-40', 'seal-40'),
    gate.photo('release', 'The finished gearbox from the output side', '装配完成的减速器，输出侧视图', 'gearbox-done'),
  ],
  kit: [
    part('seal-20', 'TC-20X40X7', 'lot'),
    part('bearing-6204', '6204-2RS', 'serial'),
    part('ring', 'P5-RING-72', 'serial'),
    part('bearing-6208-1', '6208-2RS', 'serial'),
    part('bearing-6208-2', '6208-2RS', 'serial'),
    part('seal-40', 'TC-40X62X8', 'lot'),
  ],
  stations: [bench(1), bench(2)],
};
