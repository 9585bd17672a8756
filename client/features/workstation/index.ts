/** The rendered work station: read README.md. */
import { z } from 'zod';
import type { GuidanceSession } from '#net/index';
import { JobList, JobView, PlanList, SimulatedUsed, StationList, type SimulatedUse } from '#protocol/api/guidance';
import { partsOf, type Part } from '#protocol/design/index';
import type { Document } from '#protocol/document/index';
import { equipmentFor, type EquipmentModel } from '#protocol/equipment/index';
import { WorkhallError } from '#protocol/errors';
import { jobOf, jobState, markersAt, type JobRow } from '#protocol/guidance/index';
import { ProjectId } from '#protocol/ids';
import { decodeSnapshot } from '#protocol/journal/index';
import { procedureIn, textIn, type Procedure } from '#protocol/procedures/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { CameraSource } from '../../camera/index.ts';
import { currentLanguage } from '../../ui/index.ts';
import { finalPoseOf, hiddenThings, standingThings } from '../guidance-room/model/standing.ts';
import { api } from '../session/index.ts';
import { modelUrlOf } from '../training-room/scene/machine-files.ts';
import { MachinePicture } from '../training-room/model/machine-feed.ts';
import { MachineModel } from '../training-room/scene/machine-model.ts';
import { PartsProduct, type Tray } from './gearbox-product.ts';
import { nameStrip } from './card-name.ts';
import { codeOfItem, labelOf, wrongPart } from './kit-codes.ts';
import { shownAfter } from './machine-picture.ts';
import { dataMatrixOf, qrOf } from './printed.ts';
import { beforeCard, RenderedStation, type StationOptions } from './rendered-station.ts';
import { showPanel } from './station-panel.ts';

const CARD_M = 0.05;
const ORDER_CARD_M = 0.09;
/** As wide as the code with the white round it, and not yet at the next card. */
const NAME_M = 0.086;
const CARD_TILT_RAD = 0.9;
const READ_FROM_M = 0.3;

const BENCH: StationOptions = {
  views: {
    product: [
      [0, 0.55, 1.12],
      [0, 0.19, 0],
    ],
    left: [
      [-0.75, 0.5, 0.6],
      [0, 0.1, 0],
    ],
    right: [
      [0.75, 0.5, 0.6],
      [0, 0.1, 0],
    ],
    behind: [
      [0.3, 0.45, -0.62],
      [0, 0.1, 0],
    ],
    cards: [
      [0, 0.5, 0.78],
      [0, 0.02, 0.32],
    ],
  },
  reach: { min: [-1.6, 0.05, -1.0], max: [1.6, 1.5, 1.8] },
};
const SKID: StationOptions = {
  views: {
    product: [
      [0.32, 0.95, 1.25],
      [0.3, 0.45, 0],
    ],
    left: [
      [-0.5, 0.9, 1.1],
      [0.2, 0.5, 0],
    ],
    right: [
      [1.1, 0.9, 1.0],
      [0.3, 0.5, 0],
    ],
    cards: [
      [0.6, 0.55, 0.85],
      [0.6, 0.17, 0.38],
    ],
    panel: [
      [1.46, 1.12, 1.76],
      [1.48, 1.02, 0.6],
    ],
  },
  reach: { min: [-3, 0.1, -2], max: [3, 2.2, 3] },
};
const DESK: StationOptions = {
  views: {
    order: [
      [0, 0.34, 0.52],
      [0, 0.03, 0.2],
    ],
  },
  reach: { min: [-0.6, 0.1, 0.2], max: [0.6, 0.9, 1.2] },
};
/** Left and right of the sheets. */
const TRAYS: readonly Tray[] = [
  { min: [0.43, -0.38], max: [1.06, 0.42] },
  { min: [-1.06, -0.38], max: [-0.43, 0.42] },
];

/** A station for a job's room, in the job's own work state; without a room a desk with the card of a new order. */
export async function openRenderedCamera(
  room: string | null,
  session: GuidanceSession | null = null,
): Promise<CameraSource> {
  const station = room === null ? await orderDesk() : await jobStation(room, session);
  const stops = [station.listen(), showPanel(station)];
  station.stopped.on(() => stops.forEach((stop) => stop()));
  if (new URLSearchParams(location.search).has('test'))
    Object.assign(((window as { __workhall?: object }).__workhall ??= {}), { station });
  return station;
}

/** The next order that nobody has made: its card lies on the desk. */
async function orderDesk(): Promise<RenderedStation> {
  const search = new URLSearchParams(location.search);
  const project = ProjectId.parse(search.get('project') ?? '');
  const of = <T extends z.ZodType>(schema: T, what: string) => api.ask(schema, 'GET', `/projects/${project}/${what}`);
  const [{ plans }, { stations }, { jobs }] = await Promise.all([
    of(PlanList, 'job-plans'),
    of(StationList, 'stations'),
    of(JobList, 'jobs'),
  ]);
  const simulated = stations.filter(({ isSimulated }) => isSimulated);
  const wanted = simulated.find(({ id }) => id === search.get('station'));
  const chosen = wanted ?? simulated.find(({ job }) => job === null) ?? simulated[0];
  const plan = plans.find((one) => chosen && markersAt(one.plan, chosen.name))?.plan;
  if (!plan)
    throw new WorkhallError('camera', 'no_sample_station', 'This project has no station that is drawn.', {
      next: 'Open the demo project, or use the camera of this device.',
    });
  const station = new RenderedStation(DESK);
  station.scene.bench();
  const number = String(1001 + jobs.length);
  const code = `WO;DEMO-${number};${plan.productType};${plan.productType.split('-')[0]}-${number}`;
  station.scene.card('order', qrOf(code), ORDER_CARD_M, [0, 0, 0.2]);
  return station;
}

async function jobStation(room: string, session: GuidanceSession | null): Promise<RenderedStation> {
  const [{ project }, first] = await Promise.all([
    api.ask(JobView, 'GET', `/jobs/${room}`),
    session ? session.document.get() : api.snapshot(room).then((bytes) => decodeSnapshot(bytes).document),
  ]);
  const job = jobOf(first);
  const procedure = job && procedureIn(first, job.procedure);
  if (!job || !procedure) throw new Error('The job has no procedure yet.');
  const machine = equipmentFor(procedure);
  const url = machine && modelUrlOf(machine);
  const station = new RenderedStation(url ? SKID : BENCH);
  try {
    if (machine && url) {
      station.scene.floor();
      await bringMachine(station, procedure, machine, url, first, session);
    } else {
      station.scene.bench();
      await bringParts(station, procedure, first, project, session);
    }
    const map = markersAt(job.plan, job.station);
    if (map) station.scene.sheets(map);
    await bringKit(station, job, procedure, url ? [0.55, 0.155, 0.38] : [-0.24, 0, 0.32]);
    bringTools(station, job, procedure, room);
    return station;
  } catch (thrown) {
    station.stop();
    throw thrown;
  }
}

/** The machine, with its controls as the job has set them, its gauges as they follow, and without what the job has taken off. */
async function bringMachine(
  station: RenderedStation,
  procedure: Procedure,
  equipment: EquipmentModel,
  url: string,
  first: Document,
  session: GuidanceSession | null,
): Promise<void> {
  const machine = await MachineModel.load(station.stage, equipment, url);
  let known = '';
  const follow = (document: Document) => {
    const job = jobOf(document);
    const state = job && jobState(document, job);
    const off = [...hiddenThings(procedure, state ?? null)];
    machine.leaveOut(new Set(off.flatMap((thing) => machine.nodeOf('thing', thing) ?? [])));
    const controls = state?.world.controls ?? {};
    const wanted = JSON.stringify(controls);
    if (wanted === known) return;
    known = wanted;
    machine.show(new MachinePicture(equipment, shownAfter(equipment, controls)));
  };
  follow(first);
  const stop = session?.document.subscribe(() => follow(session.document.get()));
  station.stopped.on(() => {
    stop?.();
    machine.dispose();
  });
  Object.assign(station, { machine });
}

/** Parts of the design; those that the job says are on the product stand there. */
async function bringParts(
  station: RenderedStation,
  procedure: Procedure,
  first: Document,
  project: string,
  session: GuidanceSession | null,
): Promise<void> {
  const product = new PartsProduct(
    station.stage,
    location.origin,
    procedure,
    await designOf(procedure, project),
    TRAYS,
  );
  let standing: ReadonlyMap<string, Pose> = new Map();
  const follow = (document: Document) => {
    const job = jobOf(document);
    standing = standingThings(procedure, job ? jobState(document, job) : null);
    product.follow(standing);
  };
  follow(first);
  const stop = session?.document.subscribe(() => follow(session.document.get()));
  station.stopped.on(() => {
    stop?.();
    product.dispose();
  });
  station.onClick = (ray) => {
    const thing = product.pick(ray);
    const { inHand } = product;
    if (inHand === null) return void (thing && product.take(thing));
    const isOnto = thing !== null && (thing === inHand || product.isOnProduct(thing));
    product.put(isOnto || product.isOnProduct(inHand) ? finalPoseOf(procedure, standing, inHand) : null);
  };
  Object.assign(station, {
    product,
    take: (thing: string) => product.take(thing),
    put: () => product.put(product.inHand === null ? null : finalPoseOf(procedure, standing, product.inHand)),
  });
}

async function designOf({ design }: Procedure, project: string): Promise<ReadonlyMap<string, Part>> {
  const bytes =
    design !== null
      ? await api.revision(design).then(({ room, journal }) => api.snapshotAt(room, journal.length))
      : await api.snapshot((await api.project(project)).room);
  return new Map(partsOf(decodeSnapshot(bytes).document));
}

/** A card beside the place of work for each part of the kit that is read; a wrong one when somebody orders that. */
async function bringKit(
  station: RenderedStation,
  { plan, serial }: JobRow,
  { workplace }: Procedure,
  [x, y, z]: Vec3,
): Promise<void> {
  const gap = CARD_M * 1.9;
  const items = plan.kit.filter(({ traced }) => traced !== 'none');
  station.hasKit = items.length > 0;
  const nameOf = (thing: string) =>
    textIn(workplace.things.find(({ id }) => id === thing)?.name ?? {}, currentLanguage(), 'en') || thing;
  const names = await Promise.all(items.map(({ thing }) => nameStrip(nameOf(thing), NAME_M)));
  const show = async () => {
    for (const [at, item] of items.entries()) {
      const right = codeOfItem(item, serial);
      const code = station.wrongPart.get() ? wrongPart(right) : right;
      const place: Vec3 = [x + at * gap, y, z];
      station.scene.card(`card:${item.thing}`, await dataMatrixOf(labelOf(code)), CARD_M, place, names[at]);
      station.addView(`card:${item.thing}`, ...beforeCard(place, CARD_TILT_RAD, READ_FROM_M));
    }
  };
  await show();
  station.wrongPart.subscribe(() => void show());
}

function bringTools(station: RenderedStation, { plan }: JobRow, { workplace }: Procedure, room: string): void {
  const language = currentLanguage();
  const reporting = workplace.tools.filter(({ id }) => plan.tools.some(({ tool }) => tool === id));
  station.tools = reporting.map(({ id, name }) => ({ id, name: name[language] ?? name['en'] ?? id }));
  station.trigger = (tool: string, how: SimulatedUse['how']) =>
    api.ask(SimulatedUsed, 'POST', `/jobs/${room}/simulated-tool`, { body: { tool, how } });
}
