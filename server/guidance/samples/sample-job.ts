import {
  CAREFUL_PLACE,
  layoutSheet,
  type MarkerMap,
  type PlacedMarker,
  type PlaceSigma,
} from '#protocol/alignment/index';
import { SIMULATED_DEVICE, type StationTool } from '#protocol/api/guidance';
import type { Gate, JobPlan, KitItem } from '#protocol/guidance/index';
import { composePose, type Pose } from '#protocol/spatial/index';

/** A job that a new hall comes with: how a product is made, and the stations, drawn, at which anybody may try it. */
export interface SampleJob {
  /** Of the sample procedure that it runs. */
  readonly procedure: string;
  readonly productType: string;
  readonly title: string;
  readonly gates: readonly Gate[];
  readonly kit: readonly KitItem[];
  readonly stations: readonly SampleStation[];
}

export interface SampleStation {
  readonly name: string;
  /** Tools of the procedure that report at this station. */
  readonly tools: readonly string[];
  /** Ends the names of its devices, so that no two stations share one. */
  readonly mark: string;
  /** Number of the first tag; each sheet has four. */
  readonly firstTag: number;
  /** Where the middle of each sheet (A4, upright) lies on the product; z points out of the paper. */
  readonly sheets: readonly Pose[];
}

const TAGS_PER_SHEET = 4;

export const deviceOf = (tool: string, { mark }: SampleStation): string =>
  `${SIMULATED_DEVICE}${mark}-${tool.toUpperCase()}`;

export const toolsOf = (station: SampleStation): StationTool[] =>
  station.tools.map((tool) => ({
    device: deviceOf(tool, station),
    line: { kind: 'mqtt' },
    serial: null,
    calibratedUntil: null,
  }));

/** Glued on with a ruler: each marker is off with its sheet, and a little beside it. */
const PLACE: PlaceSigma = CAREFUL_PLACE;

/** The map of a station, from the same layout as the PDF that would be printed for it. */
export function markersOf({ name, firstTag, sheets }: SampleStation): MarkerMap {
  const markers = sheets.flatMap((sheetInProduct, at): PlacedMarker[] => {
    const first = firstTag + at * TAGS_PER_SHEET;
    const { map } = layoutSheet({ station: name, paper: 'a4', tags: '4', language: 'en', first });
    return map.markers.map((one) => ({
      ...one,
      poseInProduct: composePose(sheetInProduct, one.poseInProduct),
      sigma: PLACE,
    }));
  });
  return { version: 1, station: name, markers };
}

export const planOf = (
  { productType, title, gates, kit, stations }: SampleJob,
  release: JobPlan['release'],
): JobPlan => ({
  ...{ productType, title, release, values: [], plannedMs: {}, onNewRelease: 'whenSafe', design: null },
  gates: [...gates],
  kit: [...kit],
  tools: stations.flatMap((station) =>
    station.tools.map((tool) => ({ tool: tool as JobPlan['tools'][number]['tool'], device: deviceOf(tool, station) })),
  ),
  markers: stations.map(markersOf),
});

const QUARTER = Math.SQRT1_2;
/** On a level surface, read by who stands at the product's front (its +z). */
export const lying = (x: number, y: number, z: number): Pose => ({
  position: [x, y, z],
  rotation: [-QUARTER, 0, 0, QUARTER],
});
/** On a wall that looks to the front. */
export const standing = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], rotation: [0, 0, 0, 1] });

/** Short forms. */
export const words = (en: string, zh: string) => ({ en, zh });
export const gate = {
  scan: (step: string, thing: string) => ({ id: `code-${thing}`, step, kind: 'scan', thing }) as unknown as Gate,
  photo: (step: string, en: string, zh: string, compareWith: string | null) =>
    ({ id: `photo-${step}`, step, kind: 'photo', text: words(en, zh), compareWith }) as unknown as Gate,
  clip: (step: string, en: string, zh: string) =>
    ({
      ...{ id: `clip-${step}`, step, kind: 'photo', text: words(en, zh) },
      ...{ compareWith: null, evidence: 'clip' },
    }) as unknown as Gate,
  aligned: (step: string, withinM: number) => ({ id: `aligned-${step}`, step, kind: 'alignment', withinM }) as Gate,
  second: (step: string) => ({ id: `second-${step}`, step, kind: 'secondPerson', role: null }) as Gate,
};
export const part = (thing: string, number: string, traced: KitItem['traced']) =>
  ({ thing, part: number, traced, allowed: null }) as unknown as KitItem;
