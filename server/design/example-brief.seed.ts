import { Injectable } from '@nestjs/common';
import { childrenOf, type Brief, type DesignOpType, type DesignPayload, type Part } from '#protocol/design/index';
import { OpId, PartId, UserId, type RoomId } from '#protocol/ids';
import { IDENTITY_POSE, type Vec3 } from '#protocol/spatial/index';
import { authorOf, HALL, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Briefs } from './briefs.service.ts';
import { Invitations } from './invitations.service.ts';
import { Projects } from './projects.service.ts';
import { RoomPlaces, type SubmissionPlace } from './room-place.store.ts';

const DAY_MS = 24 * 3_600_000;
const FOOT_M = 0.014;
const PLATE_M = 0.012;

const BRIEF: Omit<Brief, 'deadlineAt'> = {
  title: 'A quieter foot for the gearbox',
  goal:
    'On a steel frame the gearbox passes its vibration on. Give it a foot that keeps it down and quiet: it must carry ' +
    '12 kg, be made of stock material, and leave the oil plugs within reach.',
  licence: 'CC-BY-4.0',
  criteria: [
    { id: 'damping', label: 'Damps vibration', weight: 3 },
    { id: 'making', label: 'Easy to make', weight: 2 },
    { id: 'looks', label: 'Looks right', weight: 1 },
  ],
};

/** People of the example: they have no account, so nobody can be them. */
const [ADA, LIN, MATEO] = ['Ada', 'Lin', 'Mateo'].map((name): Person => ({
  id: UserId.parse(`example-${name.toLowerCase()}`),
  name,
  walletAddress: null,
})) as [Person, Person, Person];

/** A brief with two submissions and ratings, so that a new hall shows what working with a crowd looks like. */
@Injectable()
export class ExampleBriefSeed {
  constructor(
    private readonly projects: Projects,
    private readonly places: RoomPlaces,
    private readonly briefs: Briefs,
    private readonly invitations: Invitations,
    private readonly host: RoomHost,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<string> {
    const demo = await this.projects.demo();
    if (!demo) return 'not made: there is no demo project';
    if ((await this.places.briefsOf(demo.id)).length > 0) return 'there';
    const brief = await this.briefs.open(demo.id, HALL, { ...BRIEF, deadlineAt: this.clock.nowMs() + 30 * DAY_MS });
    const feet = await this.rubberFeet(brief, LIN);
    const plate = await this.dampingPlate(brief, MATEO);
    await this.briefs.rate(brief, feet.submission, ADA, {
      scores: { damping: 4, making: 5, looks: 4 },
      note: 'Stock parts, and the plugs stay free.',
    });
    await this.briefs.rate(brief, feet.submission, MATEO, { scores: { damping: 4, making: 5, looks: 3 }, note: '' });
    await this.briefs.rate(brief, plate.submission, ADA, {
      scores: { damping: 3, making: 4, looks: 5 },
      note: 'Stiff. How does it isolate?',
    });
    await this.briefs.rate(brief, plate.submission, LIN, { scores: { damping: 2, making: 4, looks: 5 }, note: '' });
    return `“${BRIEF.title}” with two submissions (/briefs/${brief})`;
  }

  /** A link that makes whoever opens it an owner of the demo: only the operator of the hall can run this. */
  async ownerInvitation(): Promise<string | null> {
    const demo = await this.projects.demo();
    if (!demo) return null;
    return (await this.invitations.create(demo.id, HALL, 'owner')).path;
  }

  private async rubberFeet(brief: RoomId, lin: Person): Promise<SubmissionPlace> {
    const started = await this.briefs.start(brief, lin, 'Four rubber feet');
    await this.lift(started.room, lin, FOOT_M);
    const corners: Vec3[] = [-0.08, 0.08].flatMap((x) => [-0.07, 0.07].map((z): Vec3 => [x, FOOT_M / 2, z]));
    const feet = corners.map((position, index) =>
      this.part(
        `Rubber foot ${index + 1}`,
        position,
        { kind: 'cylinder', dimensions: { radiusM: 0.016, heightM: FOOT_M } },
        'rubber',
        '#1c1c1e',
      ),
    );
    await this.act(started.room, lin, 'parts.add', { parts: feet });
    await this.briefs.handIn(brief, started.submission, lin, { note: 'Shore 60 A, glued and screwed from below.' });
    return started;
  }

  private async dampingPlate(brief: RoomId, mateo: Person): Promise<SubmissionPlace> {
    const started = await this.briefs.start(brief, mateo, 'Drilled base plate');
    await this.lift(started.room, mateo, PLATE_M);
    const dimensions = {
      widthM: 0.26,
      depthM: 0.24,
      thicknessM: PLATE_M,
      holeRadiusM: 0.0055,
      holesAcross: 2,
      holesAlong: 2,
      holeMarginM: 0.02,
    };
    const plate = this.part('Base plate', [0, PLATE_M / 2, 0], { kind: 'plate', dimensions }, 'aluminium', '#b8bec6');
    await this.act(started.room, mateo, 'parts.add', { parts: [plate] });
    await this.briefs.handIn(brief, started.submission, mateo, { note: 'First idea: stiff plate, four M10.' });
    await this.act(started.room, mateo, 'part.setDimensions', { id: plate.id, dimensions: { holesAcross: 3 } });
    await this.briefs.handIn(brief, started.submission, mateo, {
      note: 'Six holes, so that a rubber sheet can be clamped under it.',
    });
    return started;
  }

  /** Raises what stands in the room, to make place below. */
  private async lift(room: RoomId, by: Person, byM: number): Promise<void> {
    const { document } = await this.host.state(room);
    const moves = childrenOf(document, null).map(({ id, poseInParent: { position, rotation } }) => ({
      id,
      poseInParent: { position: [position[0], position[1] + byM, position[2]] as Vec3, rotation },
    }));
    if (moves.length > 0) await this.act(room, by, 'part.move', { moves });
  }

  private part(
    name: string,
    position: Vec3,
    shape: Part['shape'],
    preset: Part['material']['preset'],
    color: string,
  ): Part {
    const poseInParent = { ...IDENTITY_POSE, position };
    return {
      id: PartId.parse(this.ids.next()),
      parent: null,
      name,
      order: 'a1',
      poseInParent,
      hidden: false,
      material: { preset, color },
      shape,
    };
  }

  private async act<T extends DesignOpType>(
    room: RoomId,
    by: Person,
    type: T,
    payload: DesignPayload<T>,
  ): Promise<void> {
    const [verdict] = await this.host.submit(room, authorOf(by), [{ id: OpId.parse(this.ids.next()), type, payload }]);
    if (!verdict!.ok) throw new Error(`The example does not fit the demo: ${verdict!.problem.message}`);
  }
}
