/**
 * The pump skid as people see it: tank, suction line, pump and motor, discharge line, panel. Names of nodes are those of
 * protocol/equipment/pump-skid.
 *
 *   node --experimental-transform-types --conditions=source assets/equipment/pump-skid.ts        writes pump-skid.glb
 */
import { writeFile } from 'node:fs/promises';
import { equipmentById } from '#protocol/equipment/index';
import { ball, box, cylinder, hollow, pipe, placed, ring, turned, type Shape } from './shapes.ts';
import {
  button,
  flange,
  gauge,
  handWheel,
  lamp,
  lever,
  mushroom,
  padlock,
  Q,
  rotary,
  Station,
  valveBody,
  type Part,
} from './station.ts';

/** Height of the shaft; the tank stands left, the motor right. */
const SHAFT_Y = 0.55;
const PUMP_X = 0.1;
const TANK = { x: -2.05, radius: 0.89, height: 2.5, bottom: 0.62 };
const DISCHARGE_X = PUMP_X;
const LINE_Y = 1.32;

const alongX = (shape: Shape, x: number, y = SHAFT_Y, z = 0) => placed(shape, [x, y, z], [0, 0, -Q]);

export async function pumpSkidGlb(): Promise<Uint8Array> {
  const station = new Station(equipmentById('pump-skid')!);
  const { root } = station;
  base(root);
  tank(root);
  suction(root);
  pump(root);
  motor(root);
  discharge(root);
  panel(root);
  return station.glb();
}

function base(root: Part): void {
  const frame = root.part('base');
  for (const z of [-0.42, 0.42]) frame.add('frame', placed(box(2.5, 0.14, 0.08), [0.45, 0.07, z]));
  for (const x of [-0.76, 0.0, 0.8, 1.66]) frame.add('frame', placed(box(0.08, 0.12, 0.9), [x, 0.07, 0]));
  frame.add('grey', placed(box(2.42, 0.012, 0.8, 0.002), [0.45, 0.142, 0]));
  for (const x of [-0.6, 1.5])
    for (const z of [-0.42, 0.42]) frame.add('steel', placed(cylinder(0.018, 0.05, 6), [x, 0.13, z]));
  // Drip tray below the seal.
  frame.add(
    'steel',
    placed(box(0.34, 0.01, 0.4, 0.001), [0.3, 0.153, 0]),
    placed(box(0.34, 0.03, 0.008, 0.001), [0.3, 0.165, 0.2]),
  );
}

function tank(root: Part): void {
  const vessel = root.part('tank', [TANK.x, 0, 0]);
  const { radius: r, bottom, height } = TANK;
  const shell = turned(
    [
      [0, bottom - 0.18],
      [r * 0.5, bottom - 0.15],
      [r * 0.85, bottom - 0.08],
      [r, bottom],
      [r, bottom + height - 0.02],
      [r * 0.85, bottom + height + 0.1],
      [r * 0.5, bottom + height + 0.17],
      [0, bottom + height + 0.2],
    ],
    56,
  );
  vessel.add('panel', shell);
  for (const y of [bottom + 0.02, bottom + height / 2, bottom + height - 0.04])
    vessel.add('steel', placed(ring(r + 0.004, 0.014, 56), [0, y, 0]));
  for (let k = 0; k < 4; k++) {
    const angle = Q / 2 + k * Q;
    vessel.add('frame', placed(cylinder(0.05, bottom, 16), [r * 0.8 * Math.cos(angle), 0, r * 0.8 * Math.sin(angle)]));
    vessel.add(
      'frame',
      placed(box(0.18, 0.015, 0.18, 0.002), [r * 0.8 * Math.cos(angle), 0.008, r * 0.8 * Math.sin(angle)]),
    );
  }
  vessel.add(
    'steel',
    placed(cylinder(0.24, 0.05, 32), [0.25, bottom + height + 0.14, 0.1]),
    placed(cylinder(0.27, 0.025, 32), [0.25, bottom + height + 0.19, 0.1]),
  );
  // Make-up line from above.
  vessel.add(
    'blue',
    pipe(
      [
        [-0.35, bottom + height + 0.12, -0.2],
        [-0.35, bottom + height + 0.5, -0.2],
        [-1.2, bottom + height + 0.5, -0.2],
      ],
      0.035,
    ),
  );
  // Level glass with its scale; the water in it is drawn one metre high and scaled by clients.
  const glass = vessel.part('level-gauge', [r * 0.72, bottom, r * 0.72]);
  glass.add('glass', cylinder(0.02, height, 20, 0));
  glass.add(
    'steel',
    placed(box(0.05, 0.06, 0.05), [0, -0.02, 0]),
    placed(box(0.05, 0.06, 0.05), [0, height + 0.02, 0]),
  );
  for (let k = 0; k <= 10; k++)
    glass.add('black', placed(box(k % 2 === 0 ? 0.05 : 0.03, 0.004, 0.002, 0), [0.045, k * 0.25, 0.012]));
  glass.add('white', placed(box(0.07, height, 0.003, 0), [0.05, height / 2, 0.008]));
  glass
    .part('tank-water', [0, 0.002, 0])
    .moves('scale', [0, 1, 0], 1)
    .add('water', cylinder(0.014, 1, 16, 0));
}

function suction(root: Part): void {
  const line = root.part('suction-line');
  const from = TANK.x + 0.75;
  line.add('blue', alongX(cylinder(0.045, PUMP_X - 0.2 - from, 28, 0), from));
  line.add('steel', alongX(flange(0.1), from + 0.13), alongX(flange(0.1), from + 0.155));
  const wheelAt = valveBody(line, [-0.98, SHAFT_Y, 0], 0.05);
  handWheel(line.part('suction-valve', [-0.98, SHAFT_Y + wheelAt, 0]), 0.12);
  const strainer = root.part('strainer', [-0.52, SHAFT_Y, 0]);
  strainer.add(
    'castIron',
    placed(ball(0.075), [0, 0, 0]),
    alongX(flange(0.095), -0.13, 0),
    alongX(flange(0.095), 0.11, 0),
    alongX(cylinder(0.06, 0.24), -0.12, 0),
  );
  strainer.add(
    'castIron',
    placed(cylinder(0.062, 0.2), [0, 0, 0], [0, 0, Math.PI - 0.75]),
    placed(cylinder(0.085, 0.025), [-0.135, -0.147, 0], [0, 0, Math.PI - 0.75]),
  );
  gauge(line, 'suction-gauge', [-0.26, SHAFT_Y + 0.24, 0.02]);
  line.add('steel', placed(cylinder(0.008, 0.2, 12), [-0.26, SHAFT_Y + 0.02, 0]));
}

function pump(root: Part): void {
  const part = root.part('pump', [PUMP_X, SHAFT_Y, 0]);
  // Volute, suction nozzle, bearing bracket, all about the shaft.
  const volute = turned(
    [
      [0, -0.1],
      [0.075, -0.1],
      [0.085, -0.06],
      [0.17, -0.055],
      [0.2, -0.03],
      [0.208, 0],
      [0.2, 0.03],
      [0.17, 0.055],
      [0.09, 0.06],
      [0, 0.06],
    ],
    44,
  );
  part.add('blue', placed(volute, [0, 0, 0], [0, 0, -Q]));
  // Behind the seal: its bore with the groove of the O-ring, and the shaft as far as the coupling.
  const seat = root.part('seal-seat', [PUMP_X, SHAFT_Y, 0]);
  seat.add('blue', alongX(hollow(0.09, 0.05, 0.04, 44), 0.06, 0));
  part.add('steel', alongX(cylinder(0.02, 0.27, 24, 0), 0.05, 0));
  root.part('o-ring', [PUMP_X + 0.1, SHAFT_Y, 0]).add('black', placed(ring(0.058, 0.003, 40), [0, 0, 0], [0, 0, -Q]));
  const nozzle = turned(
    [
      [0.05, -0.02],
      [0.062, 0.02],
      [0.062, 0.12],
      [0, 0.12],
    ].map(([r, y]) => [r!, y!] as const),
  );
  part.add('blue', placed(nozzle, [-0.08, 0, 0], [0, 0, Q]), placed(flange(0.095), [-0.2, 0, 0], [0, 0, -Q]));
  part.add(
    'blue',
    placed(
      turned(
        [
          [0.075, 0.1],
          [0.05, 0.2],
          [0.043, 0.27],
        ],
        28,
      ),
      [0, 0, 0.0],
    ),
    placed(flange(0.085), [0, 0.262, 0]),
  );
  part.add(
    'blue',
    alongX(
      turned(
        [
          [0.03, 0.19],
          [0.07, 0.19],
          [0.07, 0.28],
          [0.06, 0.3],
          [0.02, 0.3],
        ],
        36,
      ),
      0,
      0,
    ),
  );
  for (const z of [-0.1, 0.1]) part.add('blue', placed(box(0.16, 0.34, 0.03), [0, -0.23, z]));
  part.add('blue', placed(box(0.09, 0.33, 0.12), [0.26, -0.23, 0]));
  part.add('steel', placed(box(0.08, 0.02, 0.08), [0.2, 0.105, 0]), placed(cylinder(0.012, 0.03, 12), [0.2, 0.11, 0]));
  const sight = part.part('sight-glass', [0.02, 0.24, 0.06]);
  sight
    .add('steel', hollow(0.02, 0.014, 0.01, 20))
    .add('glass', placed(cylinder(0.012, 0.06, 16), [0, 0.005, 0]))
    .add('steel', placed(hollow(0.02, 0.014, 0.01, 20), [0, 0.06, 0]));
  const seal = root.part('seal', [PUMP_X + 0.115, SHAFT_Y, 0]);
  seal.add('steel', alongX(cylinder(0.11, 0.028, 44), -0.013, 0), alongX(cylinder(0.052, 0.05, 32), 0.015, 0));
  // Those that one sees from the front are tightened one by one.
  for (let k = 0; k < 10; k++) {
    const at = [0.015, 0.096 * Math.cos((k * Math.PI) / 5), 0.096 * Math.sin((k * Math.PI) / 5)] as const;
    const screw = alongX(cylinder(0.009, 0.02, 6), 0, 0);
    if (k >= 1 && k <= 4) seal.part(`cover-screw-${k}`, [...at]).add('steel', screw);
    else seal.add('steel', placed(screw, [...at]));
  }
  root
    .part('leak', [PUMP_X + 0.13, SHAFT_Y - 0.06, 0])
    .moves('scale', [1, 0, 1], 0.04)
    .add(
      'water',
      placed(cylinder(0.004, 0.3, 10, 0), [0, -0.3, 0]),
      placed(
        turned(
          [
            [0.1, 0.001],
            [0.09, 0.003],
            [0, 0.004],
          ],
          24,
        ),
        [0, -0.385, 0],
      ),
    );
  // Vent on top of the casing, seal flush from the discharge nozzle.
  part.add('steel', placed(cylinder(0.008, 0.1, 12), [-0.05, 0.17, 0.02]));
  part.add('brass', placed(box(0.04, 0.03, 0.03), [-0.05, 0.28, 0.02]));
  lever(part.part('vent-valve', [-0.05, 0.28, 0.04]), 'up', 0.1, 'blue');
  const flush = root.part('flush-line');
  flush.add(
    'steel',
    pipe(
      [
        [PUMP_X + 0.05, SHAFT_Y + 0.2, 0.0],
        [PUMP_X + 0.05, SHAFT_Y + 0.2, 0.16],
        [PUMP_X + 0.13, SHAFT_Y + 0.2, 0.16],
        [PUMP_X + 0.13, SHAFT_Y + 0.02, 0.16],
        [PUMP_X + 0.13, SHAFT_Y + 0.02, 0.05],
      ],
      0.007,
      0.03,
      12,
    ),
  );
  flush.add('brass', placed(box(0.03, 0.045, 0.03), [PUMP_X + 0.13, SHAFT_Y + 0.12, 0.16]));
  lever(root.part('flush-valve', [PUMP_X + 0.13, SHAFT_Y + 0.12, 0.18], [0, 0, Q]), 'up', 0.1, 'blue');
}

function motor(root: Part): void {
  const x = PUMP_X + 0.62;
  const guard = root.part('coupling-guard', [PUMP_X + 0.42, SHAFT_Y, 0]);
  const arch: Shape[] = Array.from({ length: 9 }, (_, k) => {
    const angle = (Math.PI * k) / 8;
    return placed(box(0.25, 0.045, 0.004, 0.001), [0, 0.1 * Math.sin(angle), 0.1 * Math.cos(angle)], [-angle, 0, 0]);
  });
  guard.add(
    'yellow',
    ...arch,
    placed(box(0.25, 0.3, 0.004, 0.001), [0, -0.14, 0.1]),
    placed(box(0.25, 0.3, 0.004, 0.001), [0, -0.14, -0.1]),
  );
  root
    .part('shaft', [PUMP_X + 0.3, SHAFT_Y, 0])
    .moves('spin', [1, 0, 0], 1)
    .add(
      'steel',
      alongX(cylinder(0.02, 0.32, 20), 0, 0),
      alongX(cylinder(0.055, 0.05), 0.04, 0),
      alongX(cylinder(0.055, 0.05), 0.1, 0),
    )
    .add('dark', placed(box(0.03, 0.02, 0.115), [0.09, 0, 0]));
  const part = root.part('motor', [x, SHAFT_Y, 0]);
  part.add(
    'castIron',
    alongX(cylinder(0.135, 0.4, 44), -0.06, 0),
    alongX(cylinder(0.15, 0.03, 44), -0.07, 0),
    alongX(cylinder(0.15, 0.03, 44), 0.31, 0),
  );
  const fins = Array.from({ length: 30 }, (_, k) => {
    const angle = (2 * Math.PI * k) / 30;
    return placed(placed(box(0.33, 0.02, 0.006, 0.001), [0.13, 0.143, 0]), [0, 0, 0], [angle, 0, 0]);
  });
  part.add('castIron', ...fins);
  part.add(
    'dark',
    alongX(
      turned(
        [
          [0, 0],
          [0.148, 0],
          [0.148, 0.09],
          [0.12, 0.12],
          [0, 0.12],
        ],
        40,
      ),
      0.34,
      0,
    ),
  );
  part.add('grey', placed(box(0.16, 0.1, 0.14, 0.006), [0.12, 0.19, 0]));
  part.add(
    'rubber',
    pipe(
      [
        [0.12, 0.19, -0.07],
        [0.12, 0.19, -0.25],
        [0.12, -0.4, -0.3],
        [0.55, -0.4, -0.3],
      ],
      0.014,
      0.1,
      12,
    ),
  );
  for (const dx of [0.0, 0.24]) part.add('castIron', placed(box(0.08, 0.1, 0.34), [dx, -0.16, 0]));
  part.add('frame', placed(box(0.46, 0.19, 0.36), [0.12, -0.3, 0]));
}

function discharge(root: Part): void {
  const line = root.part('discharge-line');
  const x = DISCHARGE_X;
  const top = SHAFT_Y + 0.284;
  line.add(
    'blue',
    pipe(
      [
        [x, top, 0],
        [x, LINE_Y, 0],
        [x + 1.52, LINE_Y, 0],
        [x + 1.52, 2.3, 0],
      ],
      0.036,
      0.11,
    ),
  );
  line.add('steel', placed(flange(0.085), [x, top, 0]));
  const check = root.part('check-valve', [x, SHAFT_Y + 0.45, 0]);
  check.add(
    'castIron',
    cylinder(0.062, 0.14),
    placed(flange(0.085), [0, -0.02, 0]),
    placed(flange(0.085), [0, 0.138, 0]),
    placed(cylinder(0.04, 0.05), [0, 0.07, 0.05], [Q, 0, 0]),
  );
  const wheelAt = valveBody(line, [x + 0.68, LINE_Y, 0], 0.042);
  handWheel(line.part('discharge-valve', [x + 0.68, LINE_Y + wheelAt, 0]), 0.11);
  gauge(line, 'discharge-gauge', [x + 0.32, LINE_Y + 0.2, 0.02]);
  line.add('steel', placed(cylinder(0.008, 0.16, 12), [x + 0.32, LINE_Y + 0.02, 0]));
  const meter = line.part('flow-body', [x + 1.12, LINE_Y, 0]);
  meter.add(
    'grey',
    placed(cylinder(0.06, 0.2, 32), [-0.1, 0, 0], [0, 0, -Q]),
    placed(cylinder(0.03, 0.12), [0, 0.04, 0]),
    placed(box(0.13, 0.1, 0.09, 0.008), [0, 0.2, 0]),
  );
  meter.add('castIron', alongX(flange(0.085), -0.12, 0), alongX(flange(0.085), 0.1, 0));
  gauge(meter, 'flow-meter', [0, 0.2, 0.06], 0.045);
  // Relief valve on a stub of its own, blowing back into the tank line.
  const relief = root.part('relief-valve', [x + 0.15, LINE_Y + 0.03, 0]);
  relief.add(
    'red',
    cylinder(0.034, 0.12, 24),
    placed(cylinder(0.026, 0.14, 24), [0, 0.12, 0]),
    placed(cylinder(0.034, 0.03, 24), [0, 0.25, 0]),
    placed(cylinder(0.03, 0.06, 20), [0, 0.07, -0.03], [-Q, 0, 0]),
  );
  relief
    .part('relief-stem', [0, 0.28, 0])
    .moves('slide', [0, 1, 0], 0.0001)
    .add('steel', cylinder(0.007, 0.04, 12));
  // Minimum flow: from the discharge back over the tank's rim.
  const bypass = root.part('bypass-line');
  const inlet = TANK.bottom + TANK.height + 0.3;
  bypass.add(
    'blue',
    pipe(
      [
        [x, LINE_Y - 0.14, 0],
        [x, LINE_Y - 0.14, -0.28],
        [-0.86, LINE_Y - 0.14, -0.28],
        [-0.86, inlet, -0.28],
        [TANK.x + 0.35, inlet, -0.28],
        [TANK.x + 0.35, inlet - 0.25, -0.28],
      ],
      0.022,
      0.08,
      14,
    ),
  );
  bypass.add(
    'blue',
    pipe(
      [
        [x + 0.15, LINE_Y + 0.1, -0.08],
        [x + 0.15, LINE_Y + 0.1, -0.28],
        [x + 0.15, LINE_Y - 0.14, -0.28],
        [x - 0.02, LINE_Y - 0.14, -0.28],
      ],
      0.016,
      0.04,
      12,
    ),
  );
  const at = valveBody(bypass, [-0.4, LINE_Y - 0.14, -0.28], 0.028);
  handWheel(bypass.part('bypass-valve', [-0.4, LINE_Y - 0.14 + at, -0.28]), 0.08, 'green');
  for (const px of [0.5, 1.45])
    root
      .part(`support-${px === 0.5 ? 1 : 2}`)
      .add(
        'frame',
        placed(box(0.06, LINE_Y - 0.19, 0.06), [px, LINE_Y / 2 + 0.05, -0.0 - 0.3]),
        placed(box(0.05, 0.05, 0.36), [px, LINE_Y - 0.07, -0.15]),
      );
  root
    .part('support-3')
    .add(
      'frame',
      placed(box(0.05, LINE_Y - 0.32, 0.05), [-0.62, (LINE_Y - 0.02) / 2, -0.36]),
      placed(box(0.05, 0.05, 0.12), [-0.62, LINE_Y - 0.18, -0.32]),
    );
}

function panel(root: Part): void {
  const box0 = root.part('panel', [1.5, 1.2, 0.52]);
  box0.add('panel', placed(box(0.46, 0.56, 0.16, 0.008), [0, 0, 0]));
  box0.add(
    'frame',
    placed(box(0.06, 0.94, 0.06), [-0.17, -0.68, -0.03]),
    placed(box(0.06, 0.94, 0.06), [0.17, -0.68, -0.03]),
  );
  box0.add('dark', placed(box(0.4, 0.2, 0.004, 0.001), [0, 0.15, 0.081]));
  const z = 0.081;
  const screen = box0.part('display', [0.085, 0.15, 0.083]);
  screen.add('water', placed(box(0.2, 0.13, 0.002, 0), [0, 0, 0]));
  ['lamp-power', 'lamp-ready', 'lamp-running', 'lamp-tripped'].forEach((name, k) =>
    lamp(
      box0,
      name,
      [-0.165 + (k % 2) * 0.07, 0.185 - Math.floor(k / 2) * 0.07, z],
      (['white', 'yellow', 'green', 'red'] as const)[k]!,
    ),
  );
  button(box0, 'start-button', [-0.16, 0, z], 'green');
  button(box0, 'stop-button', [-0.1, 0, z], 'red');
  button(box0, 'reset-button', [-0.04, 0, z], 'blue');
  button(box0, 'acknowledge-button', [0.02, 0, z], 'white');
  mushroom(box0, 'emergency-stop', [0.145, -0.01, z]);
  rotary(box0, 'breaker', [-0.1, -0.16, z], 'off');
  // I above it, O beside it: on upright, off across.
  box0.add(
    'black',
    placed(box(0.005, 0.022, 0.002, 0), [-0.1, -0.09, z]),
    placed(hollow(0.011, 0.007, 0.001, 24), [-0.17, -0.16, z], [Q, 0, 0]),
  );
  box0.add('steel', placed(box(0.05, 0.012, 0.02, 0.002), [0.0, -0.13, z + 0.01]));
  padlock(box0, 'breaker-hasp', [0.0, -0.138, z + 0.014]);
  const triangle = turned(
    [
      [0.045, 0],
      [0.045, 0.001],
      [0, 0.001],
    ],
    3,
  );
  box0.add('yellow', placed(triangle, [0.15, -0.18, z], [Q, 0, Q]));
}

if (import.meta.main) {
  const glb = await pumpSkidGlb();
  await writeFile(new URL('./pump-skid.glb', import.meta.url), glb);
  console.log(`pump-skid.glb: ${Math.round(glb.byteLength / 1000)} kB`);
}
