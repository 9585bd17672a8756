import { Controller, Delete, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import { RoomId, UserId } from '#protocol/ids';
import { encodeBlock } from '#protocol/journal/index';
import { may } from '#protocol/permissions/index';
import { RoomAccess } from '../design/index.ts';
import { CurrentPerson, People, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Recordings } from './recordings.service.ts';

const DAG_CBOR = 'application/vnd.ipld.dag-cbor';
/** Chunks in one answer: ten minutes. */
const MAX_CHUNKS = 60;
const OfRoom = z.object({ room: RoomId });
const OfPerson = z.object({ room: RoomId, person: UserId });
const Stretch = z.object({ from: z.coerce.number().int().min(0), to: z.coerce.number().int().min(0) });
const RecordingList = z.object({
  recordings: z.array(
    z.object({ person: UserId, name: z.string(), fromMs: z.number(), toMs: z.number(), bytes: z.number() }),
  ),
});

/** Motion recordings: one's own, and for instructors those of everybody who agreed. */
@Controller('api/trainings/:room/recordings')
export class RecordingsController {
  constructor(
    private readonly recordings: Recordings,
    private readonly people: People,
    private readonly access: RoomAccess,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Whose motion is kept, from when to when: everybody’s for instructors, else mine',
    access: 'session',
    params: OfRoom,
    response: RecordingList,
  })
  async list(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    const { role } = await this.access.require(room, person, 'room.enter');
    const all = await this.recordings.list(room);
    const shown = may(role, 'recording.watch') ? all : all.filter((one) => one.person === person.id);
    const names = await this.people.namesOf(shown.map((one) => one.person));
    return {
      recordings: shown.map((one) => ({
        ...one,
        person: UserId.parse(one.person),
        name: names.get(one.person) ?? one.person,
      })),
    };
  }

  @Get(':person')
  @Endpoint({
    summary: 'Motion over a stretch of time (ms since 1970) as dag-cbor { chunks }, at most 60 of them',
    access: 'session',
    params: OfPerson,
    query: Stretch,
    produces: DAG_CBOR,
  })
  async read(
    @Param() { room, person: whose }: z.infer<typeof OfPerson>,
    @Query() { from, to }: z.output<typeof Stretch>,
    @CurrentPerson() person: Person,
  ): Promise<StreamableFile> {
    await this.access.require(room, person, 'recording.watch', whose === person.id);
    const chunks = await this.recordings.read(room, whose, from, to, MAX_CHUNKS);
    const { bytes } = encodeBlock({ chunks });
    return new StreamableFile(bytes, { type: DAG_CBOR, length: bytes.length });
  }

  @Delete(':person')
  @Endpoint({
    summary: 'Erase my motion in this room; the journal and the score stay as verifiable as before',
    access: 'session',
    params: OfPerson,
    response: z.object({ chunks: z.number().int() }),
  })
  async erase(@Param() { room, person: whose }: z.infer<typeof OfPerson>, @CurrentPerson() person: Person) {
    const action = whose === person.id ? 'room.enter' : 'project.edit';
    await this.access.require(room, person, action);
    return { chunks: await this.recordings.erase(room, whose) };
  }
}
