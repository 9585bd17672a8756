/**
 * The press with its lock-out points and what is wrong around it. Names of nodes are those of protocol/equipment/lockout.
 *
 *   node --experimental-transform-types --conditions=source assets/equipment/lockout-station.ts   writes lockout-station.glb
 */
import { writeFile } from 'node:fs/promises';
import { equipmentById } from '#protocol/equipment/index';
import { ball, box, cylinder, hollow, pipe, placed, ring, turned, type Shape } from './shapes.ts';
import { button, gauge, lamp, lever, mushroom, padlock, Q, rotary, Station, type Part } from './station.ts';

const PRESS = { half: 0.62, depth: 0.8, bedY: 0.75, crownY: 2.0, topY: 2.5 };
/** Height of the ram's lower face when it is down; the motion adds up to 0.3 m. */
const RAM_Y = 0.95;

export async function lockoutGlb(): Promise<Uint8Array> {
  const station = new Station(equipmentById('lockout-station')!);
  const { root } = station;
  press(root);
  guard(root);
  cabinet(root);
  oil(root);
  air(root);
  lockBox(root);
  surroundings(root);
  return station.glb();
}

function press(root: Part): void {
  const frame = root.part('press');
  const { half, depth, bedY, crownY, topY } = PRESS;
  for (const side of [-1, 1])
    frame.add('green', placed(box(0.24, topY - 0.1, depth, 0.012), [side * (half + 0.12), (topY - 0.1) / 2 + 0.05, 0]));
  frame.add('green', placed(box(2 * half + 0.48, topY - crownY, depth, 0.012), [0, (topY + crownY) / 2, 0]));
  frame.add('green', placed(box(2 * half, bedY - 0.1, depth, 0.012), [0, bedY / 2 - 0.02, 0]));
  frame.add('dark', placed(box(2 * half + 0.6, 0.05, depth + 0.16), [0, 0.025, 0]));
  frame.add('steel', placed(box(0.95, 0.08, 0.6, 0.006), [0, bedY - 0.03, 0]));
  for (const x of [-0.3, 0, 0.3]) frame.add('dark', placed(box(0.03, 0.006, 0.6, 0.001), [x, bedY + 0.011, 0]));
  // Lower tool.
  frame.add('grey', placed(box(0.5, 0.1, 0.36, 0.008), [0, bedY + 0.06, 0]));
  for (const x of [-0.2, 0.2]) frame.add('steel', placed(cylinder(0.022, 0.16, 20), [x, bedY + 0.1, 0.1]));
  for (const x of [-half + 0.05, half - 0.05])
    frame.add('steel', placed(box(0.06, crownY - bedY, 0.12, 0.004), [x, (crownY + bedY) / 2, -0.1]));
  const ram = root.part('ram', [0, RAM_Y, 0]).moves('slide', [0, 1, 0], 0.001);
  ram.add('yellow', placed(box(1.08, 0.3, 0.5, 0.01), [0, 0.27, 0]));
  ram.add('grey', placed(box(0.5, 0.12, 0.36, 0.008), [0, 0.06, 0]));
  for (const x of [-0.3, 0.3]) ram.add('steel', placed(cylinder(0.06, 0.75, 28), [x, 0.42, 0]));
  // Safety block: a latch that swings from the column to under the ram.
  const block = root.part('ram-block', [-half + 0.06, RAM_Y + 0.25, 0.28]);
  block.add('red', placed(box(0.06, 0.42, 0.06, 0.006), [0, 0.2, 0]));
  block.add('steel', placed(cylinder(0.03, 0.1, 24), [0, 0, -0.05], [Q, 0, 0]));
  const wheel = root.part('flywheel', [half + 0.3, PRESS.topY - 0.25, 0]).moves('spin', [1, 0, 0], 1);
  const rim = turned(
    [
      [0.27, -0.06],
      [0.36, -0.06],
      [0.36, 0.06],
      [0.27, 0.06],
      [0.27, -0.06],
    ],
    52,
  );
  wheel.add('castIron', placed(rim, [0, 0, 0], [0, 0, -Q]), placed(cylinder(0.07, 0.16), [-0.08, 0, 0], [0, 0, -Q]));
  for (let k = 0; k < 5; k++)
    wheel.add(
      'castIron',
      placed(placed(box(0.04, 0.26, 0.06, 0.004), [0, 0.17, 0]), [0, 0, 0], [(2 * Math.PI * k) / 5, 0, 0]),
    );
  wheel.add('white', placed(box(0.122, 0.05, 0.02, 0), [0, 0.34, 0]));
  frame.add('steel', placed(cylinder(0.04, 0.3, 24), [half + 0.15, PRESS.topY - 0.25, 0], [0, 0, -Q]));
  const z = depth / 2 + 0.03;
  const console0 = root.part('console', [half + 0.12, 1.25, depth / 2]);
  console0.add('panel', placed(box(0.2, 0.4, 0.06, 0.006), [0, 0, 0.03]));
  const front = z - depth / 2 + 0.031;
  lamp(console0, 'lamp-supply', [-0.05, 0.15, front], 'white');
  lamp(console0, 'lamp-running', [0.05, 0.15, front], 'green');
  button(console0, 'start-button', [-0.05, 0.06, front], 'green');
  button(console0, 'stop-button', [0.05, 0.06, front], 'red');
  button(console0, 'reset-button', [-0.05, -0.01, front], 'blue');
  mushroom(console0, 'emergency-stop', [0, -0.11, front]);
}

/** Hinged at its left edge, bars and a clear sheet. */
function guard(root: Part): void {
  const width = 2 * PRESS.half - 0.04;
  const height = PRESS.crownY - PRESS.bedY;
  const door = root.part('guard', [-PRESS.half + 0.02, PRESS.bedY, PRESS.depth / 2 + 0.02]);
  for (const y of [0.02, height - 0.02]) door.add('yellow', placed(box(width, 0.04, 0.03, 0.003), [width / 2, y, 0]));
  for (const x of [0.02, width / 2, width - 0.02])
    door.add('yellow', placed(box(0.04, height, 0.03, 0.003), [x, height / 2, 0]));
  door.add('glass', placed(box(width - 0.06, height - 0.06, 0.006, 0), [width / 2, height / 2, 0]));
  door.add(
    'steel',
    pipe(
      [
        [width - 0.12, height / 2 - 0.1, 0.015],
        [width - 0.12, height / 2 - 0.1, 0.06],
        [width - 0.12, height / 2 + 0.1, 0.06],
        [width - 0.12, height / 2 + 0.1, 0.015],
      ],
      0.01,
      0.02,
      12,
    ),
  );
}

function cabinet(root: Part): void {
  const part = root.part('cabinet', [1.75, 1.0, 0.1]);
  part.add('panel', placed(box(0.7, 1.5, 0.35, 0.008), [0, 0, 0]));
  part.add('frame', placed(box(0.7, 0.2, 0.33), [0, -0.86, 0]));
  part.add('dark', placed(box(0.004, 1.4, 0.004, 0), [0.3, 0, 0.177]));
  const z = 0.176;
  rotary(part, 'main-isolator', [-0.18, 0.45, z]);
  part.add('steel', placed(box(0.055, 0.012, 0.02, 0.002), [-0.06, 0.45, z + 0.01]));
  padlock(part, 'isolator-hasp', [-0.06, 0.442, z + 0.014]);
  part.add(
    'yellow',
    placed(
      turned(
        [
          [0.06, 0],
          [0.06, 0.001],
          [0, 0.001],
        ],
        3,
      ),
      [0.18, 0.46, z],
      [Q, 0, Q],
    ),
  );
  // Terminal window: three pairs and the direct-voltage pair.
  part.add('dark', placed(box(0.5, 0.24, 0.012, 0.002), [0, 0.08, z]));
  const pairs = [
    ['terminals-l1', -0.17, 'wood'],
    ['terminals-l2', -0.06, 'black'],
    ['terminals-l3', 0.05, 'grey'],
    ['drive-terminals', 0.17, 'orange'],
  ] as const;
  for (const [name, x, paint] of pairs) {
    const terminals = part.part(name, [x, 0.08, z + 0.01]);
    terminals.add(paint, placed(box(0.08, 0.14, 0.03, 0.004), [0, 0, 0]));
    for (const y of [-0.04, 0.04]) terminals.add('brass', placed(cylinder(0.012, 0.008, 16), [0, y, 0.015], [Q, 0, 0]));
    terminals.add(
      'rubber',
      pipe(
        [
          [0, -0.07, 0.005],
          [0, -0.11, 0.005],
        ],
        0.008,
        0.01,
        10,
      ),
    );
  }
  const prover = part.part('proving-unit', [0.22, -0.25, z + 0.03]);
  prover.add('yellow', placed(box(0.1, 0.17, 0.05, 0.008), [0, 0, 0]));
  for (const x of [-0.022, 0.022])
    prover.add('black', placed(hollow(0.012, 0.005, 0.008, 18), [x, 0.045, 0.026], [Q, 0, 0]));
  prover.add('green', placed(ball(0.006, 12), [0, 0.0, 0.026]));
  part.add(
    'black',
    placed(box(0.2, 0.1, 0.003, 0), [-0.15, -0.2, z]),
    placed(box(0.4, 0.2, 0.01, 0.002), [0, -0.55, z]),
  );
  part.add(
    'grey',
    pipe(
      [
        [-0.35, 0.6, 0],
        [-0.5, 0.6, 0],
        [-0.5, 1.15, 0],
        [-0.72, 1.15, 0],
      ],
      0.025,
      0.06,
    ),
  );
}

function oil(root: Part): void {
  const unit = root.part('oil-unit', [-1.55, 0, 0]);
  unit.add('grey', placed(box(0.7, 0.5, 0.55, 0.012), [0, 0.33, 0]));
  unit.add('frame', placed(box(0.74, 0.08, 0.58), [0, 0.04, 0]));
  unit.add(
    'castIron',
    placed(cylinder(0.1, 0.28, 36), [-0.18, 0.58, -0.08]),
    placed(cylinder(0.06, 0.04, 28), [-0.18, 0.86, -0.08]),
  );
  const bottle = turned(
    [
      [0, 0],
      [0.03, 0.0],
      [0.035, 0.05],
      [0.08, 0.1],
      [0.095, 0.16],
      [0.095, 0.56],
      [0.08, 0.62],
      [0.03, 0.66],
      [0, 0.66],
    ],
    36,
  );
  unit.add('dark', placed(bottle, [0.18, 0.62, -0.1]));
  unit.add('steel', placed(ring(0.099, 0.008), [0.18, 0.95, -0.1]), placed(box(0.1, 0.08, 0.1), [0.18, 0.6, -0.1]));
  unit.add(
    'steel',
    pipe(
      [
        [0.18, 0.6, -0.05],
        [0.18, 0.6, 0.2],
        [0.36, 0.6, 0.2],
        [0.36, 1.55, 0.2],
        [0.75, 1.55, 0.2],
        [0.75, 2.2, 0.2],
        [0.95, 2.2, 0.2],
      ],
      0.016,
      0.05,
      14,
    ),
  );
  unit.add('steel', placed(box(0.06, 0.07, 0.06), [0.36, 0.85, 0.2]));
  lever(unit.part('oil-valve', [0.36, 0.85, 0.235]), 'up', 0.16, 'red');
  unit.add('steel', placed(box(0.05, 0.012, 0.02, 0.002), [0.36, 0.77, 0.24]));
  padlock(unit, 'oil-hasp', [0.36, 0.762, 0.245]);
  unit.add(
    'steel',
    pipe(
      [
        [0.18, 0.6, 0.1],
        [0.02, 0.6, 0.1],
        [0.02, 0.5, 0.1],
      ],
      0.01,
      0.03,
      12,
    ),
    placed(box(0.045, 0.05, 0.045), [0.1, 0.6, 0.1]),
  );
  lever(unit.part('accumulator-bleed', [0.1, 0.6, 0.13]), 'up', 0.11, 'blue');
  gauge(unit, 'oil-gauge', [0.18, 0.76, 0.12], 0.055);
  unit.add('steel', placed(cylinder(0.007, 0.12, 10), [0.18, 0.61, 0.1]));
}

function air(root: Part): void {
  const unit = root.part('air-unit', [-PRESS.half - 0.12, 1.25, PRESS.depth / 2 + 0.06]);
  unit.add('steel', placed(box(0.1, 0.14, 0.06), [0, 0.05, -0.04]));
  unit.add(
    'blue',
    pipe(
      [
        [0, 0.9, 0],
        [0, 0.2, 0],
        [0, 0.06, 0],
      ],
      0.014,
      0.04,
      14,
    ),
    pipe(
      [
        [0, -0.06, 0],
        [0, -0.28, 0],
        [0.1, -0.28, 0],
        [0.1, -0.28, -0.1],
      ],
      0.014,
      0.04,
      14,
    ),
  );
  unit.add('grey', placed(box(0.07, 0.09, 0.07, 0.006), [0, 0.0, 0]));
  unit
    .add('glass', placed(cylinder(0.032, 0.1, 24), [0, -0.17, 0]))
    .add('grey', placed(cylinder(0.036, 0.03, 24), [0, -0.08, 0]));
  unit.add('steel', placed(box(0.05, 0.06, 0.05), [0, 0.3, 0]));
  lever(unit.part('air-valve', [0, 0.3, 0.03]), 'up', 0.13, 'red');
  unit.add('steel', placed(box(0.05, 0.012, 0.02, 0.002), [0, 0.235, 0.03]));
  padlock(unit, 'air-hasp', [0, 0.227, 0.036]);
  gauge(unit, 'air-gauge', [0.0, 0.0, 0.06], 0.045);
  unit.add('brass', placed(box(0.035, 0.035, 0.035), [0.0, -0.28, 0.0]));
  lever(unit.part('air-bleed', [0, -0.28, 0.02]), 'up', 0.08, 'blue');
}

function lockBox(root: Part): void {
  const part = root.part('lock-box', [1.3, 0, 0.7]);
  part.add('frame', placed(box(0.05, 0.85, 0.05), [0, 0.42, 0]), placed(box(0.36, 0.03, 0.3), [0, 0.015, 0]));
  part.add('red', placed(box(0.3, 0.012, 0.2, 0.002), [0, 0.86, 0]));
  for (const [x, z, w, d] of [
    [-0.145, 0, 0.01, 0.2],
    [0.145, 0, 0.01, 0.2],
    [0, -0.095, 0.3, 0.01],
    [0, 0.095, 0.3, 0.01],
  ] as const)
    part.add('red', placed(box(w, 0.13, d, 0.001), [x, 0.925, z]));
  // Upright while open; closed it lies over the box.
  const lid = part.part('box-lid', [-0.15, 0.992, 0]);
  lid.add('red', placed(box(0.012, 0.3, 0.2, 0.002), [0, 0.15, 0]));
  lid.add('white', placed(box(0.002, 0.12, 0.14, 0), [-0.007, 0.15, 0]));
  part.add('steel', placed(box(0.05, 0.012, 0.02, 0.002), [0.06, 0.965, 0.108]));
  padlock(part, 'box-hasp', [0.06, 0.957, 0.112]);
}

function surroundings(root: Part): void {
  const puddle = root.part('oil-puddle', [-1.25, 0, 0.75]);
  for (const [x, z, r] of [
    [0, 0, 0.24],
    [0.2, 0.08, 0.15],
    [-0.17, 0.1, 0.13],
    [0.05, -0.16, 0.12],
  ] as const)
    puddle.add(
      'oil',
      placed(
        turned(
          [
            [r, 0.001],
            [r * 0.9, 0.004],
            [0, 0.005],
          ],
          30,
        ),
        [x, 0, z],
      ),
    );
  const cable = root.part('frayed-cable', [0.9, 0, 0.95]);
  cable.add(
    'rubber',
    pipe(
      [
        [0.6, 0.9, -0.7],
        [0.6, 0.02, -0.7],
        [0.6, 0.014, -0.1],
        [0.1, 0.014, 0.1],
      ],
      0.013,
      0.12,
      14,
    ),
    pipe(
      [
        [0.0, 0.014, 0.13],
        [-0.4, 0.014, 0.2],
        [-0.9, 0.014, 0.05],
      ],
      0.013,
      0.12,
      14,
    ),
  );
  for (const [y, z] of [
    [0.012, 0],
    [0.02, 0.006],
    [0.013, 0.012],
  ] as const)
    cable.add(
      'copper',
      pipe(
        [
          [0.12, y, 0.095 + z],
          [-0.02, y + 0.012, 0.13 + z],
        ],
        0.0035,
        0.01,
        8,
      ),
    );
  const exit = root.part('exit', [3.0, 0, -0.9]);
  exit.add('panel', placed(box(0.95, 2.05, 0.05, 0.004), [0, 1.03, 0]));
  exit.add(
    'frame',
    placed(box(0.07, 2.15, 0.1), [-0.51, 1.07, 0]),
    placed(box(0.07, 2.15, 0.1), [0.51, 1.07, 0]),
    placed(box(1.09, 0.07, 0.1), [0, 2.14, 0]),
  );
  exit.add('green', placed(box(0.5, 0.2, 0.03, 0.003), [0, 2.32, 0.02])).add(
    'white',
    placed(box(0.3, 0.03, 0.004, 0), [0.02, 2.32, 0.037]),
    placed(
      turned(
        [
          [0.05, 0],
          [0.05, 0.003],
          [0, 0.003],
        ],
        3,
      ),
      [-0.16, 2.32, 0.035],
      [Q, 0, Math.PI],
    ),
  );
  exit.add('steel', placed(box(0.7, 0.04, 0.05), [0, 1.02, 0.05]));
  const pallet = root.part('blocked-exit', [3.0, 0, -0.35]);
  for (const x of [-0.5, 0, 0.5]) pallet.add('wood', placed(box(0.1, 0.1, 0.8), [x, 0.06, 0]));
  for (let k = 0; k < 6; k++) pallet.add('wood', placed(box(1.2, 0.022, 0.1, 0.002), [0, 0.122, -0.35 + k * 0.14]));
  pallet.add(
    'wood',
    placed(box(0.5, 0.45, 0.6), [-0.28, 0.36, 0]),
    placed(box(0.5, 0.35, 0.6), [0.28, 0.31, 0]),
    placed(box(0.5, 0.3, 0.5), [-0.2, 0.74, 0]),
  );
  chain(root.part('missing-cover', [-2.7, 0, -0.3]));
  root
    .part('leaning-bar', [PRESS.half + 0.33, 0, 0.42])
    .add('steel', placed(cylinder(0.025, 1.7, 20), [0.14, 0.01, 0.12], [-0.22, 0, 0.14]));
  const hot = root.part('hot-pipe', [-2.0, 0, -0.55]);
  hot.add(
    'hot',
    pipe(
      [
        [-1.1, 0, 0],
        [-1.1, 1.45, 0],
        [0.7, 1.45, 0],
        [0.7, 2.6, 0],
      ],
      0.045,
      0.14,
    ),
  );
  hot.add(
    'steel',
    placed(box(0.04, 1.4, 0.04), [0.1, 0.7, 0]),
    placed(hollow(0.06, 0.046, 0.03, 28), [0.085, 1.45, 0], [0, 0, -Q]),
  );
  const bottle = root.part('extinguisher', [2.25, 0, -0.15]);
  bottle.add(
    'red',
    placed(
      turned(
        [
          [0, 0.04],
          [0.075, 0.04],
          [0.08, 0.06],
          [0.08, 0.42],
          [0.06, 0.48],
          [0.025, 0.51],
          [0, 0.51],
        ],
        32,
      ),
      [0, 0.02, 0],
    ),
  );
  bottle.add(
    'black',
    placed(cylinder(0.02, 0.05, 16), [0, 0.52, 0]),
    placed(box(0.03, 0.02, 0.12), [0, 0.59, 0.03]),
    pipe(
      [
        [0, 0.55, 0.02],
        [0.09, 0.55, 0.06],
        [0.1, 0.2, 0.06],
      ],
      0.009,
      0.03,
      10,
    ),
  );
  const tools = root.part('tool-cabinet', [-2.75, 0, 0.75]);
  tools.add('blue', placed(box(0.6, 0.85, 0.45, 0.01), [0, 0.5, 0]));
  for (let k = 0; k < 5; k++)
    tools
      .add('dark', placed(box(0.54, 0.01, 0.004, 0), [0, 0.2 + k * 0.15, 0.226]))
      .add('steel', placed(box(0.2, 0.016, 0.02, 0.002), [0, 0.27 + k * 0.15, 0.234]));
  for (const x of [-0.24, 0.24])
    for (const z of [-0.17, 0.17])
      tools.add('rubber', placed(cylinder(0.04, 0.03, 20), [x - 0.015, 0.04, z], [0, 0, -Q]));
  const lines = root.part('floor-marking');
  for (const z of [-0.95, 1.35]) lines.add('yellow', placed(box(4.2, 0.002, 0.08, 0), [-0.2, 0.001, z]));
  for (const x of [-2.3, 1.9]) lines.add('yellow', placed(box(0.08, 0.002, 2.3, 0), [x, 0.001, 0.2]));
}

function chain(part: Part): void {
  const sprocket = (x: number, y: number, r: number): Shape[] => [
    placed(cylinder(r, 0.02, 36), [x, y, 0], [Q, 0, 0]),
    ...Array.from({ length: 18 }, (_, k) =>
      placed(box(0.02, 0.02, 0.016, 0.003), [
        x + r * Math.cos((k * Math.PI) / 9),
        y + r * Math.sin((k * Math.PI) / 9),
        0.01,
      ]),
    ),
    placed(cylinder(0.03, 0.12, 20), [x, y, -0.08], [Q, 0, 0]),
  ];
  part.add('frame', placed(box(0.7, 0.5, 0.3), [0, 0.3, -0.24]), placed(box(0.8, 0.05, 0.4), [0, 0.03, -0.24]));
  part.add('steel', ...sprocket(-0.2, 0.4, 0.1), ...sprocket(0.22, 0.62, 0.06));
  part.add('castIron', placed(cylinder(0.1, 0.3, 32), [0.22, 0.62, -0.4], [Q, 0, 0]));
  part.add(
    'dark',
    pipe(
      [
        [-0.25, 0.5, 0.01],
        [0.19, 0.685, 0.01],
      ],
      0.01,
      0.01,
      8,
    ),
    pipe(
      [
        [-0.15, 0.31, 0.01],
        [0.25, 0.565, 0.01],
      ],
      0.01,
      0.01,
      8,
    ),
  );
  // Holes where the cover was screwed on.
  for (const [x, y] of [
    [-0.33, 0.5],
    [-0.33, 0.15],
    [0.33, 0.15],
  ] as const)
    part.add('brass', placed(hollow(0.014, 0.008, 0.02, 16), [x, y, -0.09], [Q, 0, 0]));
}

if (import.meta.main) {
  const glb = await lockoutGlb();
  await writeFile(new URL('./lockout-station.glb', import.meta.url), glb);
  console.log(`lockout-station.glb: ${Math.round(glb.byteLength / 1000)} kB`);
}
