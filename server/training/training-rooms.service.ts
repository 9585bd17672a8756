import { Injectable } from '@nestjs/common';
import type { TrainingRoomView } from '#protocol/api/training';
import { OpId, type ProjectId, type RoomId, type UserId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import { partsOf } from '#protocol/procedures/index';
import { closedIn, procedureIn, proceduresIn, runsOf } from '#protocol/training/index';
import { RoomPlaces } from '../design/index.ts';
import { authorOf, HALL, type Person } from '../identity/index.ts';
import { Ids } from '../platform/clock/index.ts';
import { Releases, type Released } from '../procedures/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { problems } from './problems.ts';

/** Training rooms of projects, and the released procedures that are run in them. */
@Injectable()
export class TrainingRooms {
  constructor(
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
    private readonly releases: Releases,
    private readonly ids: Ids,
  ) {}

  async open(project: ProjectId, title: string, releases: readonly string[], by: Person): Promise<RoomId> {
    const found = await Promise.all(releases.map((cid) => this.releaseOf(project, cid)));
    const room = await this.host.create({ kind: 'training', purpose: 'training', title, author: authorOf(by) });
    for (const release of found) await this.put(room, release);
    await this.places.add({ room, project, purpose: 'training', person: by.id });
    return room;
  }

  /** Another procedure into the same room; one that is there already stays. */
  async load(room: RoomId, cid: string): Promise<void> {
    const { project } = await this.places.get(room);
    await this.put(room, await this.releaseOf(project, cid));
  }

  async list(project: string): Promise<TrainingRoomView[]> {
    const rooms = await this.places.trainingsOf(project);
    return Promise.all(rooms.map((place) => this.view(place.room)));
  }

  async view(room: RoomId): Promise<TrainingRoomView> {
    const { project, purpose, person } = await this.places.get(room);
    if (purpose !== 'training') throw problems.notATrainingRoom(room);
    const { document, genesis } = await this.host.state(room);
    const [first] = await this.host.entries(room, 0, 1);
    const loaded = proceduresIn(document);
    const [places, present] = await Promise.all([this.releases.placesOf(loaded), this.host.participants(room)]);
    const closed = closedIn(document);
    return {
      room,
      project,
      title: genesis.title,
      openedAt: first!.entry.at,
      openedBy: person,
      procedures: loaded.flatMap((procedure) => {
        const place = places.get(procedure);
        return place ? [{ ...place, procedure, title: procedureIn(document, procedure)!.title }] : [];
      }),
      present: [...new Set(present.map(({ name }) => name))],
      underWay: runsOf(document).filter(({ outcome }) => outcome === null).length,
      closed: closed && { by: closed.by.name, at: closed.atMs },
    };
  }

  /** Whose results somebody may read who may not read all: rooms that they opened, runs that they started in others. */
  async answeredFor(rooms: readonly RoomId[], person: UserId): Promise<{ rooms: RoomId[]; runs: string[] }> {
    const found = { rooms: [] as RoomId[], runs: [] as string[] };
    for (const room of rooms) {
      if ((await this.places.get(room)).person === person) found.rooms.push(room);
      else
        for (const { id, startedBy } of runsOf((await this.host.state(room)).document))
          if (startedBy === person) found.runs.push(id);
    }
    return found;
  }

  /** Of a project. */
  async roomsOf(project: string): Promise<RoomId[]> {
    return (await this.places.trainingsOf(project)).map(({ room }) => room);
  }

  private async releaseOf(project: string, cid: string): Promise<Released> {
    const release = await this.releases.get(cid);
    if (release.project !== project) throw problems.otherProject(cid);
    return release;
  }

  private async put(room: RoomId, { manifest, bytes }: Released): Promise<void> {
    const procedure = `${manifest.procedure}`;
    if (proceduresIn((await this.host.state(room)).document).includes(procedure)) return;
    const ops = partsOf(procedure, bytes).map((payload): Op => ({
      id: OpId.parse(this.ids.next()),
      type: 'training.load',
      payload,
    }));
    for (const verdict of await this.host.submit(room, authorOf(HALL), ops))
      if (!verdict.ok && verdict.problem.key !== 'loaded_already') throw problems.refused(verdict.problem);
  }
}
