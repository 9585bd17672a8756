/** A rack of drilled plates: many parts from few designs, as real products are. Written by the CAD kernel, so it is real STEP. */
import { drawRoundedRectangle, makeCylinder, setOC } from 'replicad';
import type { Shape3D } from 'replicad';
import startOpenCascade from 'replicad-opencascadejs';
import { writeStepAssembly } from '../../assets/demo/step-assembly.ts';
import type { Assembly, Item, Part } from '../../assets/demo/step-assembly.ts';

export async function largeAssembly({ parts = 2000, designs = 40, perShelf = 50 } = {}): Promise<Uint8Array> {
  setOC(await startOpenCascade());
  const kinds = Array.from({ length: designs }, (_, index) => plate(index));
  const shelves = Array.from({ length: Math.ceil(parts / perShelf) }, (_, shelf): Assembly => ({
    name: `Shelf ${shelf + 1}`,
    items: Array.from({ length: Math.min(perShelf, parts - shelf * perShelf) }, (_unused, place): Item => ({
      of: kinds[(shelf + place) % designs]!,
      at: [(place % 10) * 70, Math.floor(place / 10) * 70, 0],
      turnDeg: [0, 0, (place * 15) % 360],
    })),
  }));
  return writeStepAssembly({ name: 'Rack', items: shelves.map((of, index) => ({ of, at: [0, 0, index * 40] })) });
}

function plate(index: number): Part {
  const width = 30 + (index % 7) * 3;
  let shape = drawRoundedRectangle(width, 40, 4)
    .sketchOnPlane('XY')
    .extrude(6 + (index % 5)) as Shape3D;
  for (let hole = 0; hole <= index % 4; hole++)
    shape = shape.cut(
      makeCylinder(2 + index * 0.05, 30, [hole * 7 - 9, (hole % 2) * 12 - 6, -5], [0, 0, 1]),
    ) as Shape3D;
  const hue = [0x9a, 0xa2, 0xaa].map((value, channel) => ((value + index * (channel + 1) * 13) % 200) + 40);
  return {
    name: `Plate ${index + 1}`,
    shape,
    color: `#${hue.map((value) => value.toString(16).padStart(2, '0')).join('')}`,
  };
}
