import { Controller, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { RoomInfo, Ticket } from '#protocol/api/projects';
import { briefOf, submissionOf } from '#protocol/design/index';
import { RoomId } from '#protocol/ids';
import { encodeBlock, encodeSnapshot } from '#protocol/journal/index';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Projects } from './projects.service.ts';
import { RoomAccess } from './room-access.ts';
import { RoomPlaces, type RoomPlace } from './room-place.store.ts';
import { Tickets } from './tickets.service.ts';

const DAG_CBOR = 'application/vnd.ipld.dag-cbor';
/** Entries in one answer stop growing here, bytes; the reader goes on from where they end. */
const ENTRIES_BYTES = 8 * 1024 * 1024;

const OfRoom = z.object({ id: RoomId });
const AtLength = z.object({ length: z.coerce.number().int().min(1).optional() });
const Range = z.object({
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});

@Controller('api/rooms')
export class RoomsController {
  constructor(
    private readonly access: RoomAccess,
    private readonly places: RoomPlaces,
    private readonly projects: Projects,
    private readonly tickets: Tickets,
    private readonly host: RoomHost,
  ) {}

  @Get(':id')
  @Endpoint({ summary: 'What room this is, and my role in it', access: 'session', params: OfRoom, response: RoomInfo })
  async info(@Param() { id }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person): Promise<RoomInfo> {
    const place = await this.places.get(id);
    const [role, isClosed, { genesis, length }, title] = await Promise.all([
      this.access.roleAt(place, person.id),
      this.access.isClosed(place),
      this.host.state(id),
      this.titleOf(place),
    ]);
    return {
      id,
      kind: genesis.kind,
      purpose: place.purpose,
      // Who may not enter learns that there is a room, not what is made in it.
      title: role === null ? '' : title,
      project: place.project,
      brief: place.purpose === 'submission' ? place.brief : null,
      submission: place.purpose === 'submission' ? place.submission : null,
      role,
      isClosed,
      length: role === null ? 0 : length,
    };
  }

  @Post(':id/ticket')
  @HttpCode(200)
  @Endpoint({
    summary: 'A ticket for entering the room: serves once, for 60 s',
    access: 'session',
    params: OfRoom,
    response: Ticket,
  })
  async ticket(
    @Param() { id }: z.infer<typeof OfRoom>,
    @CurrentPerson() person: Person,
  ): Promise<z.infer<typeof Ticket>> {
    const { role } = await this.access.require(id, person, 'room.enter');
    return { ticket: await this.tickets.issue(id, person.id), room: id, role };
  }

  @Get(':id/snapshot')
  @Endpoint({
    summary: 'The room’s state, now or after `length` entries, as one dag-cbor block (protocol/journal/snapshot.ts)',
    access: 'session',
    params: OfRoom,
    query: AtLength,
    produces: DAG_CBOR,
  })
  async snapshot(
    @Param() { id }: z.infer<typeof OfRoom>,
    @Query() { length }: z.infer<typeof AtLength>,
    @CurrentPerson() person: Person,
  ): Promise<StreamableFile> {
    await this.access.require(id, person, length === undefined ? 'room.enter' : 'history.read');
    const bytes =
      length === undefined ? (await this.host.snapshot(id)).bytes : encodeSnapshot(await this.host.state(id, length));
    return new StreamableFile(bytes, { type: DAG_CBOR, length: bytes.length });
  }

  @Get(':id/entries')
  @Endpoint({
    summary: 'Journal entries as dag-cbor { from, blocks }, each block as it is stored; may be fewer than `limit`',
    access: 'session',
    params: OfRoom,
    query: Range,
    produces: DAG_CBOR,
  })
  async entries(
    @Param() { id }: z.infer<typeof OfRoom>,
    @Query() { from, limit }: z.infer<typeof Range>,
    @CurrentPerson() person: Person,
  ): Promise<StreamableFile> {
    await this.access.require(id, person, 'history.read');
    const blocks: Uint8Array[] = [];
    let size = 0;
    for (const { bytes } of await this.host.entries(id, from, limit)) {
      size += bytes.length;
      if (blocks.length > 0 && size > ENTRIES_BYTES) break;
      blocks.push(bytes);
    }
    const { bytes } = encodeBlock({ from, blocks });
    return new StreamableFile(bytes, { type: DAG_CBOR, length: bytes.length });
  }

  private async titleOf(place: RoomPlace): Promise<string> {
    if (place.purpose === 'project') return (await this.projects.get(place.project)).title;
    if (place.purpose === 'training' || place.purpose === 'guidance')
      return (await this.host.state(place.room)).genesis.title;
    const { document, genesis } = await this.host.state(place.purpose === 'brief' ? place.room : place.brief);
    const title =
      place.purpose === 'brief' ? briefOf(document)?.title : submissionOf(document, place.submission)?.title;
    return title ?? genesis.title;
  }
}
