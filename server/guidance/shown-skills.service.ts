import { Injectable } from '@nestjs/common';
import { OpId, type RoomId, type UserId } from '#protocol/ids';
import { Credentials } from '../credentials/index.ts';
import { authorOf, HALL } from '../identity/index.ts';
import { Ids } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';

/** What people can do by their certificates (Open Badges 3.0 of this hall), put into a job's journal. */
@Injectable()
export class ShownSkills {
  constructor(
    private readonly credentials: Credentials,
    private readonly host: RoomHost,
    private readonly ids: Ids,
  ) {}

  async show(room: RoomId, people: readonly UserId[]): Promise<void> {
    const ops = await Promise.all(
      people.map(async (person) => {
        const { certificates } = await this.credentials.ofPerson(person);
        const skills = certificates
          .filter(({ revoked }) => revoked === null)
          .flatMap((one) =>
            one.skills.map(({ code, level }) => ({ code, level, validUntilMs: one.validUntil, certificate: one.id })),
          );
        return { id: OpId.parse(this.ids.next()), type: 'skill.show', payload: { person, skills } };
      }),
    );
    await this.host.submit(room, authorOf(HALL), ops);
  }
}
