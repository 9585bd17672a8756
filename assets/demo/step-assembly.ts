/**
 * Writes an assembly as STEP AP242 with names, colours and real instances: a product is written once, however often it is placed.
 * replicad's own export writes a flat list of shapes, so the OCAF document is built here.
 */
import { getOC } from 'replicad';
import type { AnyShape } from 'replicad';

export type Vec = readonly [number, number, number];

/** Turn about the axes (degrees; first z, then y, then x), then shift (millimetres). */
export interface Placement {
  readonly at?: Vec;
  readonly turnDeg?: Vec;
}
export interface Part {
  readonly name: string;
  readonly shape: AnyShape;
  readonly color: string;
}
export interface Assembly {
  readonly name: string;
  readonly items: readonly Item[];
}
export interface Item extends Placement {
  readonly of: Part | Assembly;
}

/** A fixed date: a generated file must not differ from one run to the next. */
const WRITTEN = '2026-11-21T00:00:00';

export function writeStepAssembly(root: Assembly, author = 'Workhall'): Uint8Array {
  const oc = getOC();
  const text = (value: string) => new oc.TCollection_ExtendedString(value, true);
  const document = new oc.TDocStd_Document(text('XmlOcaf'));
  oc.XCAFDoc_ShapeTool.SetAutoNaming(false);
  const shapes = oc.XCAFDoc_DocumentTool.ShapeTool(document.Main());
  const colours = oc.XCAFDoc_DocumentTool.ColorTool(document.Main());
  const labels = new Map<Part | Assembly, ReturnType<typeof shapes.NewShape>>();

  const labelOf = (thing: Part | Assembly) => {
    const known = labels.get(thing);
    if (known) return known;
    const label = shapes.NewShape();
    labels.set(thing, label);
    oc.TDataStd_Name.Set(label, text(thing.name));
    if ('shape' in thing) {
      shapes.SetShape(label, thing.shape.wrapped);
      colours.SetColor(label, colour(thing.color), oc.XCAFDoc_ColorType.XCAFDoc_ColorSurf);
      return label;
    }
    for (const item of thing.items) {
      const component = shapes.AddComponent(label, labelOf(item.of), location(item));
      oc.TDataStd_Name.Set(component, text(item.of.name));
    }
    return label;
  };
  const colour = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255)) as [
      number,
      number,
      number,
    ];
    return new oc.Quantity_ColorRGBA(r, g, b, 1);
  };
  const location = ({ at = [0, 0, 0], turnDeg = [0, 0, 0] }: Placement) => {
    const move = new oc.gp_Trsf();
    move.SetTranslation(new oc.gp_Vec(...at));
    const axes: readonly (readonly [number, Vec])[] = [
      [turnDeg[0], [1, 0, 0]],
      [turnDeg[1], [0, 1, 0]],
      [turnDeg[2], [0, 0, 1]],
    ];
    for (const [degrees, direction] of axes) {
      if (degrees === 0) continue;
      const turn = new oc.gp_Trsf();
      turn.SetRotation(new oc.gp_Ax1(new oc.gp_Pnt(0, 0, 0), new oc.gp_Dir(...direction)), (degrees * Math.PI) / 180);
      move.Multiply(turn);
    }
    return new oc.TopLoc_Location(move);
  };

  labelOf(root);
  shapes.UpdateAssemblies();
  const writer = new oc.STEPCAFControl_Writer(new oc.XSControl_WorkSession(), false);
  writer.SetColorMode(true);
  writer.SetNameMode(true);
  oc.Interface_Static.SetIVal('write.surfacecurve.mode', 0);
  oc.Interface_Static.SetIVal('write.step.assembly', 2);
  oc.Interface_Static.SetIVal('write.step.schema', 5);
  if (!writer.Perform(document, 'assembly.step', new oc.Message_ProgressRange()))
    throw new Error('the STEP writer refused the assembly');
  const files = oc as unknown as { FS: { readFile(path: string): Uint8Array; unlink(path: string): void } };
  const written = new TextDecoder().decode(files.FS.readFile('/assembly.step'));
  files.FS.unlink('/assembly.step');
  const header = /FILE_NAME\([\s\S]*?\);/;
  return new TextEncoder().encode(
    written.replace(
      header,
      `FILE_NAME('${root.name}','${WRITTEN}',('${author}'),('${author}'),'replicad / Open CASCADE','Workhall','');`,
    ),
  );
}

/** Quantity_Color holds linear light; people write sRGB. */
function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
